// Built from proposals/dashboard/src by "npm run build". Do not edit.

// proposals/dashboard/src/plan-editor.ts
import {
  ProjectSocket
} from "../realtime/client.mjs";

// proposals/dashboard/src/api.ts
var NO_NETWORK = "Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.";
var UNEXPECTED = "Le serveur a répondu de façon inattendue. Réessayez.";
var ApiError = class extends Error {
  name = "ApiError";
  status;
  code;
  /** What the answer tells beside: the fields that are wrong, or what is there now. */
  details;
  constructor(status, code, message, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
  /** Whether nobody is signed in any more. */
  get isSignedOut() {
    return this.status === 401 || this.code === "not_authenticated";
  }
};
async function get(path) {
  const response = await request(path, { headers: { Accept: "application/json" } });
  return parse(await response.text());
}
function post(path, body = {}, headers = {}) {
  return send("POST", path, body, headers);
}
async function send(method, path, body, headers = {}) {
  const response = await request(path, withBody(method, body, headers));
  return parse(await response.text());
}
function withBody(method, body, headers = {}) {
  return {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), ...headers },
    body: JSON.stringify(body)
  };
}
async function getFragment(path) {
  const response = await request(path, { headers: { Accept: "text/html" } });
  if (response.redirected) throw new ApiError(401, "not_authenticated", "Votre session est terminée.");
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
function toApiError(status, text) {
  if (status === 0) return new ApiError(0, "network", NO_NETWORK);
  const { code, message, details } = parse(text)?.error ?? {};
  return new ApiError(status, code ?? "unexpected", message ?? UNEXPECTED, details ?? {});
}
function csrfToken() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
async function request(path, init) {
  const response = await fetch(path, { credentials: "same-origin", ...init }).catch(() => null);
  if (response === null) throw toApiError(0, "");
  if (!response.ok) throw toApiError(response.status, await response.text());
  return response;
}
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// proposals/dashboard/src/clock.ts
var TICK_MS = 1e3;
function everySecond(callback) {
  callback();
  setInterval(callback, TICK_MS);
}

// proposals/dashboard/src/dom.ts
function need(selector, root = document) {
  const found = root.querySelector(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
}
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
function announce(sentence) {
  const announcer = document.querySelector("[data-announcer]");
  if (announcer !== null) announcer.textContent = sentence;
}

// proposals/dashboard/src/format.ts
var NBSP = " ";
var MINUTE = 60;
var HOUR = 60 * MINUTE;
var DAY = 24 * HOUR;
function formatDuration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole}${NBSP}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}${NBSP}min${NBSP}${twoDigits(whole % MINUTE)}${NBSP}s`;
  return `${Math.floor(whole / HOUR)}${NBSP}h${NBSP}${twoDigits(Math.floor(whole % HOUR / MINUTE))}${NBSP}min`;
}
function formatClock(instant) {
  return instant.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
function formatNumber(value) {
  return value.toLocaleString("fr-FR");
}
function twoDigits(value) {
  return String(value).padStart(2, "0");
}

// proposals/dashboard/src/connection-pill.ts
var LOGIN_REASONS = /* @__PURE__ */ new Set([
  "signed_out",
  "token_missing",
  "token_invalid",
  "token_expired",
  "user_inactive",
  "access_revoked"
]);
var ConnectionPill = class {
  #root = need("[data-connection]");
  #label = need("[data-connection-label]", this.#root);
  #asOf = need("[data-connection-as-of]", this.#root);
  #login = need("[data-connection-login]", this.#root);
  #announced = "";
  /** Show the connection as it is at this moment; called at each change and every second. */
  show(connection) {
    const isOffline = connection.state === "waiting" && connection.reason === "offline";
    this.#root.dataset["state"] = isOffline ? "offline" : connection.state;
    this.#login.hidden = !isSignedOut(connection);
    setText(this.#label, describe(connection));
    const { dataAsOf } = connection;
    setText(this.#asOf, dataAsOf === null ? "" : `données du ${formatClock(dataAsOf)}`);
    this.#announce(isOffline ? "offline" : connection.state, connection);
  }
  /** Say a change once, not each second of a wait. */
  #announce(state, connection) {
    const isNews = state !== this.#announced && (state !== "connecting" || this.#announced === "");
    if (isNews && this.#announced !== "" && state !== "connecting") announce(`Connexion : ${describe(connection)}`);
    if (state !== "connecting") this.#announced = state;
  }
};
function isSignedOut({ state, reason }) {
  return state === "closed" && LOGIN_REASONS.has(reason ?? "");
}
function describe({ state, reason, retryAt, transport }) {
  switch (state) {
    case "connecting":
      return "Connexion…";
    case "live":
      return transport === "websocket" ? "En direct" : "En direct (HTTP)";
    case "waiting":
      return reason === "offline" || retryAt === null ? "Hors ligne" : `Reconnexion dans ${secondsUntil(retryAt)} s`;
    case "closed":
      return describeEnd(reason ?? "");
  }
}
function describeEnd(reason) {
  if (reason === "access_revoked") return "Accès terminé";
  if (LOGIN_REASONS.has(reason)) return "Session terminée";
  if (reason === "forbidden") return "Projet inaccessible";
  if (reason === "too_many_connections") return "Trop d’onglets ouverts : fermez-en, puis rechargez la page";
  return "Suivi interrompu : rechargez la page";
}
function secondsUntil(instant) {
  return Math.max(0, Math.ceil((instant.getTime() - Date.now()) / 1e3));
}

// proposals/dashboard/src/plan-model.ts
var MIN_WORDS = 50;
var MAX_WORDS = 2e4;
var NEW_WORDS = 400;
function add(plan, key) {
  const blank = { title: "", guidance: "", criterion: null, requirement_ids: [], words_budget: NEW_WORDS };
  return [...plan, { ...blank, id: null, key, status: "planned", version: 0, locked: false }];
}
function remove(plan, key) {
  return plan.filter((section) => section.key !== key);
}
function change(plan, key, fields) {
  return plan.map((section) => section.key === key ? { ...section, ...fields } : section);
}
function move(plan, key, steps) {
  const from = plan.findIndex((section) => section.key === key);
  const to = from + steps;
  const [moved, other] = [plan[from], plan[to]];
  if (moved === void 0 || other === void 0) return plan;
  return plan.map((section, index) => index === from ? other : index === to ? moved : section);
}
function assign(plan, key, requirementId, isAssigned) {
  const section = plan.find((candidate) => candidate.key === key);
  const others = (section?.requirement_ids ?? []).filter((id) => id !== requirementId);
  return change(plan, key, { requirement_ids: isAssigned ? [...others, requirementId] : others });
}
function measure(plan, limits) {
  const words = plan.reduce((total, { words_budget }) => total + words_budget, 0);
  const pages = Math.ceil(words / limits.words_per_page) + limits.pages_before_the_text;
  return { words, pages, share: limits.page_limit === null ? null : pages / limits.page_limit };
}
function findLoose(plan, requirements) {
  const assigned = new Set(plan.flatMap(({ requirement_ids }) => requirement_ids));
  return requirements.filter(({ id, is_outside }) => !is_outside && !assigned.has(id));
}
function findFault(plan) {
  const faulty = plan.findIndex(({ title, words_budget }) => title.trim() === "" || !isLength(words_budget));
  const section = plan[faulty];
  if (section === void 0) return "";
  const place = `La section ${faulty + 1}`;
  return section.title.trim() === "" ? `${place} n’a pas de titre.` : `${place} doit avoir de ${MIN_WORDS} à 20 000 mots.`;
}
function toOrder(plan, before, version) {
  const staying = new Set(plan.map(({ id }) => id));
  const gone = before.filter((section) => section.version > 0 && !staying.has(section.id));
  const sections = plan.map(({ id, title, words_budget, guidance, requirement_ids }) => {
    const row = { title: title.trim(), words_budget, guidance, requirement_ids };
    return id === null ? row : { id, ...row };
  });
  return { plan_version: version, sections, removed: gone.map(({ id }) => id) };
}
function isSame(one, other) {
  return JSON.stringify(one.map(comparable)) === JSON.stringify(other.map(comparable));
}
function comparable({ id, key, title, words_budget, guidance, requirement_ids }) {
  return [id ?? key, title, words_budget, guidance, [...requirement_ids].sort()];
}
function isLength(words) {
  return Number.isInteger(words) && words >= MIN_WORDS && words <= MAX_WORDS;
}

// proposals/dashboard/src/plan-row.ts
function makeRows(section, place, context) {
  const rows = [makeMainRow(section, place, context), makeDetailRow(section, place, context)];
  for (const row of rows) row.dataset["key"] = section.key;
  return rows;
}
function makeMainRow(section, place, context) {
  const row = make("tr", "plan__row");
  row.append(
    cell("plan__number", String(place.number)),
    cell("plan__title", ...titleParts(section, context)),
    cell("plan__words", wordsInput(section, context)),
    cell("plan__requirements", unfoldButton(section, place)),
    cell("plan__moves", ...moveButtons(section, place, context))
  );
  return row;
}
function titleParts(section, context) {
  const area = makeArea(section.title, `title-${section.key}`, context);
  area.className = "plan__name";
  area.rows = 1;
  area.maxLength = 300;
  area.required = true;
  area.ariaLabel = "Titre de la section";
  area.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  area.addEventListener("input", () => {
    if (area.value.includes("\n")) area.value = area.value.replaceAll("\n", " ");
    context.change(section.key, { title: area.value });
  });
  return [area, about(section, context)];
}
function about({ id, status, locked, criterion }, context) {
  const line = make("p", "plan__about");
  if (criterion !== null) line.append(make("span", "", `Critère : ${criterion.name}`));
  if (id === null) line.append(make("span", "", "Nouvelle"));
  else
    line.append(
      make("span", "", context.statusLabels[status] ?? status),
      link(`${context.sectionsUrl}${id}/`, "Ouvrir")
    );
  if (locked) line.append(make("span", "chip", "Verrouillée"));
  return line;
}
function wordsInput(section, context) {
  const input = makeInput("number", String(section.words_budget), `words-${section.key}`, context);
  input.min = String(MIN_WORDS);
  input.max = String(MAX_WORDS);
  input.step = "10";
  input.ariaLabel = "Longueur visée, en mots";
  input.addEventListener("input", () => context.change(section.key, { words_budget: Math.round(input.valueAsNumber) }));
  return input;
}
function unfoldButton(section, place) {
  const total = section.requirement_ids.length;
  const button = makeButton("unfold", section, total === 0 ? "Aucune" : String(total));
  button.classList.add("plan__unfold");
  button.ariaExpanded = String(place.isUnfolded);
  button.ariaLabel = `${total} exigence${total > 1 ? "s" : ""}, consigne : déplier`;
  return button;
}
function moveButtons(section, place, context) {
  const up = makeButton("up", section, "↑", "Monter");
  const down = makeButton("down", section, "↓", "Descendre");
  const gone = makeButton(
    "remove",
    section,
    "×",
    section.locked ? "Verrouillée : ne peut pas être supprimée" : "Supprimer"
  );
  up.disabled = context.isDisabled || place.number === 1;
  down.disabled = context.isDisabled || place.isLast;
  gone.disabled = context.isDisabled || section.locked;
  return [up, down, gone];
}
function makeDetailRow(section, place, context) {
  const row = make("tr", "plan__details");
  row.hidden = !place.isUnfolded;
  const inside = cell(
    "",
    ...place.isUnfolded ? [guidanceField(section, context), requirementList(section, context)] : []
  );
  inside.colSpan = 5;
  row.append(inside);
  return row;
}
function guidanceField(section, context) {
  const label = make("label", "plan__guidance", "Ce que l’acheteur veut lire ici");
  const area = makeArea(section.guidance, `guidance-${section.key}`, context);
  area.maxLength = 5e3;
  area.rows = 3;
  area.addEventListener("input", () => context.change(section.key, { guidance: area.value }));
  label.append(area);
  return label;
}
function requirementList(section, context) {
  const field = make("fieldset", "plan__choice");
  field.append(make("legend", "", "Exigences que cette section doit couvrir"));
  if (context.requirements.length === 0) field.append(make("p", "muted", "Le règlement n’a pas encore d’exigences."));
  const rank = ({ id, is_outside }) => section.requirement_ids.includes(id) ? 0 : is_outside ? 2 : 1;
  const sorted = [...context.requirements].sort((one, other) => rank(one) - rank(other));
  for (const requirement of sorted) field.append(requirementBox(section, requirement, context));
  return field;
}
function requirementBox(section, requirement, context) {
  const label = make("label", "plan__requirement");
  const box = makeInput("checkbox", "", `requirement-${section.key}-${requirement.id}`, context);
  box.checked = section.requirement_ids.includes(requirement.id);
  box.addEventListener("change", () => context.assign(section.key, requirement.id, box.checked));
  label.append(box, make("strong", "", requirement.code), make("span", "", requirement.text));
  return label;
}
function cell(className, ...content) {
  const element = make("td", className);
  element.append(...content);
  return element;
}
function makeInput(type, value, id, { isDisabled }) {
  const input = document.createElement("input");
  input.type = type;
  input.id = id;
  input.value = value;
  input.disabled = isDisabled;
  return input;
}
function makeArea(value, id, { isDisabled }) {
  const area = document.createElement("textarea");
  area.id = id;
  area.value = value;
  area.disabled = isDisabled;
  return area;
}
function makeButton(act, section, text, label = "") {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.id = `${act}-${section.key}`;
  button.dataset["act"] = act;
  button.textContent = text;
  if (label !== "") {
    button.ariaLabel = `${label} : ${section.title}`;
    button.title = label;
  }
  return button;
}
function link(url, text) {
  const element = document.createElement("a");
  element.href = url;
  element.textContent = text;
  return element;
}

// proposals/dashboard/src/ticket.ts
async function getTicket() {
  try {
    const { ticket } = await post("/api/realtime/tickets/");
    return ticket;
  } catch (error) {
    if (error instanceof ApiError && error.isSignedOut) return null;
    throw error;
  }
}

// proposals/dashboard/src/words.ts
var GAP = /\[\s*à\s+compl[ée]ter\s*:?\s*(?:[^[\]]|\[[^[\]]*\])*\]/giu;
var WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;
function countWords(text) {
  return text.replaceAll(GAP, " ").match(WORD)?.length ?? 0;
}
function sayWords(count) {
  return `${formatNumber(count)} mot${count > 1 ? "s" : ""}`;
}

// proposals/dashboard/src/plan-editor.ts
var DISCARD = "Vos modifications du plan ne sont pas enregistrées. Les abandonner ?";
var REPLACE = "Les sections qui ne sont pas encore rédigées seront remplacées par le plan proposé. Continuer ?";
var REMOVE_WRITTEN = "Cette section est déjà rédigée : son texte et toutes ses versions seront supprimés avec elle.";
function readPlanConfig() {
  return JSON.parse(need("#plan-config").textContent ?? "");
}
var PlanPage = class {
  #root = need("[data-plan-page]");
  #rows = need("[data-plan-rows]");
  #config;
  #url;
  #socket;
  #pill = new ConnectionPill();
  #unfolded = /* @__PURE__ */ new Set();
  #limits;
  #version;
  /** The plan as it is stored, and as the person has it. */
  #stored;
  #plan;
  #added = 0;
  #isBusy = false;
  #isAsking = false;
  /** What the sections' events said last; null before the first. */
  #outline = null;
  /** A change was told while a request was under way. */
  #hasNews = false;
  constructor(config) {
    this.#config = config;
    this.#url = `/api/projects/${config.project_id}/`;
    this.#limits = config;
    this.#version = config.plan_version;
    this.#stored = this.#plan = withKeys(config.sections);
    this.#listen();
    this.#render();
    this.#socket = new ProjectSocket({ url: `/ws/projects/${config.project_id}`, getToken: getTicket });
    this.#socket.on("state", (state) => this.#follow(state));
    this.#socket.on("connection", (connection) => {
      this.#pill.show(connection);
      this.#root.dataset["live"] = String(connection.state === "live");
    });
    everySecond(() => this.#pill.show(this.#socket.connection));
  }
  #listen() {
    const on = (name, act) => need(`[data-${name}]`, this.#root).addEventListener("click", () => void this.#attempt(act));
    on("plan-add", () => this.#add());
    on("plan-save", () => this.#save());
    on("plan-start", () => this.#start());
    on("plan-reload", () => this.#reload());
    on("propose", () => this.#propose());
    this.#rows.addEventListener("click", ({ target }) => this.#clicked(target));
    this.#rows.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => this.#isDirty() && event.preventDefault());
  }
  #clicked(target) {
    const button = target instanceof Element ? target.closest("[data-act]") : null;
    const key = button?.closest("[data-key]")?.dataset["key"];
    if (button === null || key === void 0) return;
    switch (button.dataset["act"]) {
      case "up":
        return this.#move(key, -1);
      case "down":
        return this.#move(key, 1);
      case "remove":
        return this.#remove(key);
      case "unfold":
        if (!this.#unfolded.delete(key)) this.#unfolded.add(key);
        return this.#render();
    }
  }
  #pressed(event) {
    const key = event.target instanceof Element ? event.target.closest("[data-key]")?.dataset["key"] : "";
    if (key === void 0 || key === "" || !event.altKey || this.#isBusy) return;
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#move(key, event.key === "ArrowUp" ? -1 : 1);
  }
  #move(key, steps) {
    this.#setPlan(move(this.#plan, key, steps));
    const place = this.#plan.findIndex((section) => section.key === key) + 1;
    announce(`Section ${place} sur ${this.#plan.length}.`);
  }
  #add() {
    this.#added += 1;
    const key = `new-${this.#added}`;
    this.#setPlan(add(this.#plan, key));
    need(`#title-${key}`).focus();
  }
  #remove(key) {
    const section = this.#plan.find((candidate) => candidate.key === key);
    if (section !== void 0 && section.version > 0 && !confirm(REMOVE_WRITTEN)) return;
    const place = this.#plan.findIndex((candidate) => candidate.key === key);
    this.#setPlan(remove(this.#plan, key));
    const next = this.#plan[Math.min(place, this.#plan.length - 1)];
    const focused = next === void 0 ? "[data-plan-add]" : `#title-${CSS.escape(next.key)}`;
    need(focused, this.#root).focus();
    announce("Section retirée du plan ; rien n’est encore enregistré.");
  }
  #setPlan(plan) {
    this.#plan = plan;
    this.#render();
  }
  /** A field was typed into: everything but the field itself is shown anew. */
  #typed(plan) {
    this.#plan = plan;
    this.#renderSummary();
  }
  #isDirty() {
    return !isSame(this.#plan, this.#stored);
  }
  #render() {
    const focused = document.activeElement?.id ?? "";
    const last = this.#plan.length;
    const rows = this.#plan.flatMap((section, index) => {
      const place = { number: index + 1, isLast: index + 1 === last, isUnfolded: this.#unfolded.has(section.key) };
      return makeRows(section, place, this.#rowContext());
    });
    this.#rows.replaceChildren(...rows);
    need("[data-plan-empty]", this.#root).hidden = last > 0;
    this.#renderSummary();
    this.#refocus(focused);
  }
  #rowContext() {
    return {
      requirements: this.#config.requirements,
      statusLabels: this.#config.status_labels,
      sectionsUrl: `${this.#config.project_url}sections/`,
      isDisabled: this.#isBusy,
      change: (key, fields) => this.#typed(change(this.#plan, key, fields)),
      assign: (key, id, isAssigned) => this.#setPlan(assign(this.#plan, key, id, isAssigned))
    };
  }
  /** The rows are new: the keyboard goes where it was, or to the button's neighbour when that is off now. */
  #refocus(id) {
    const twin = id === "" ? null : document.getElementById(id);
    if (!(twin instanceof HTMLElement) || twin === document.activeElement) return;
    const isOff = twin instanceof HTMLButtonElement && twin.disabled;
    (isOff ? twin.parentElement?.querySelector("button:not(:disabled)") : twin)?.focus();
  }
  #renderSummary() {
    const isDirty = this.#isDirty();
    const fault = findFault(this.#plan);
    this.#renderLength();
    this.#renderLoose();
    need("[data-plan-add]").disabled = this.#isBusy;
    need("[data-plan-save]").disabled = !isDirty || fault !== "" || this.#isBusy || this.#isAsking;
    const canStart = this.#plan.length > 0 && fault === "" && !this.#isBusy && !this.#isAsking;
    need("[data-plan-start]").disabled = !canStart;
    need("[data-plan-busy]").hidden = !this.#isBusy;
    need("[data-plan-changed-loss]").hidden = !isDirty;
    setText(need("[data-plan-state]"), isDirty ? fault || "Modifications non enregistrées" : "");
  }
  #renderLength() {
    const { words, pages, share } = measure(this.#plan, this.#limits);
    const limit = this.#limits.page_limit;
    setText(need("[data-plan-length]"), `${sayWords(words)}, environ ${pages} pages`);
    need("[data-plan-bar]").toggleAttribute("hidden", share === null);
    const fill = need("[data-plan-fill]");
    fill.setAttribute("width", `${Math.min(100, Math.round((share ?? 0) * 100))}%`);
    fill.classList.toggle("measure__fill--poor", (share ?? 0) > 1);
    setText(need("[data-plan-length-hint]"), describeLimit(limit, share));
  }
  #renderLoose() {
    const loose = findLoose(this.#plan, this.#config.requirements);
    need("[data-plan-loose]").hidden = loose.length === 0;
    const many = loose.length > 1;
    setText(need("[data-plan-loose-count]"), `${formatNumber(loose.length)} exigence${many ? "s" : ""} sans section`);
    const items = loose.map(({ code, text }) => make("li", "", `${code} · ${text}`));
    need("[data-plan-loose-list]").replaceChildren(...items);
  }
  async #attempt(act) {
    if (this.#isAsking) return;
    this.#setAsking(true);
    setText(need("[data-plan-problem]"), "");
    try {
      await act();
    } catch (error) {
      if (error instanceof ApiError && error.code === "plan_changed") need("[data-plan-changed]").hidden = false;
      setText(need("[data-plan-problem]"), error instanceof Error ? error.message : String(error));
    } finally {
      this.#setAsking(false);
    }
  }
  #setAsking(isAsking) {
    this.#isAsking = isAsking;
    this.#renderSummary();
    if (!isAsking && this.#hasNews) void this.#lookAgain();
  }
  async #save() {
    const order = toOrder(this.#plan, this.#stored, this.#version);
    this.#take(await send("PUT", `${this.#url}plan/`, order));
    announce("Plan enregistré.");
  }
  async #propose() {
    if (this.#isDirty() && !confirm(DISCARD)) return;
    if (this.#stored.length > 0 && !confirm(REPLACE)) return;
    this.#take(await post(`${this.#url}plan/propose/`, {}));
    announce(`Plan proposé : ${this.#plan.length} sections.`);
  }
  async #start() {
    if (this.#isDirty()) await this.#save();
    await post(`${this.#url}operations/`, { kind: "generation" }, { "Idempotency-Key": crypto.randomUUID() });
    location.assign(`${this.#config.project_url}#memoire`);
  }
  async #reload() {
    this.#take(await get(`${this.#url}sections/`));
  }
  /** Show a stored plan in the place of the one that was edited. */
  #take(answer) {
    this.#version = answer.plan_version;
    this.#limits = { ...this.#limits, page_limit: answer.page_limit };
    this.#stored = this.#plan = withKeys(answer.sections);
    need("[data-plan-changed]").hidden = true;
    this.#render();
  }
  #follow({ operations, sections }) {
    const isBusy = operations.some(isGenerating);
    const outline = JSON.stringify(sections.map(outlineOf));
    const isNews = this.#outline === null || outline !== this.#outline;
    this.#outline = outline;
    if (isBusy !== this.#isBusy) {
      this.#isBusy = isBusy;
      this.#render();
    }
    this.#hasNews ||= isNews;
    if (this.#hasNews && !this.#isAsking) void this.#lookAgain();
  }
  /** Somebody changed a section, maybe this page: look whether the plan is still the one that is shown. */
  async #lookAgain() {
    this.#hasNews = false;
    const answer = await get(`${this.#url}sections/`).catch(() => null);
    this.#hasNews ||= this.#isAsking;
    if (answer === null || this.#isAsking) return;
    if (!this.#isDirty()) this.#take(answer);
    else if (answer.plan_version !== this.#version) need("[data-plan-changed]").hidden = false;
  }
};
function withKeys(sections) {
  return sections.map((section) => ({ ...section, key: section.id ?? "" }));
}
function isGenerating({ kind, finished_at }) {
  return kind === "generation" && finished_at === null;
}
function outlineOf({ section_id, order, title, status, version, locked, words_budget }) {
  return [section_id, order, title, status, version, locked, words_budget];
}
function describeLimit(limit, share) {
  if (limit === null || share === null) return "Le règlement n’impose pas de nombre de pages.";
  const room = share > 1 ? "au-delà de ce que le règlement permet" : "couverture et sommaire compris";
  return `Le règlement permet ${limit} pages : ${Math.round(share * 100)} %, ${room}.`;
}

// proposals/dashboard/src/section-config.ts
function readSectionConfig() {
  return JSON.parse(need("#section-config").textContent ?? "");
}

// proposals/dashboard/src/section-page.ts
import { ProjectSocket as ProjectSocket2 } from "../realtime/client.mjs";

// proposals/dashboard/src/difference.ts
var LONG_EQUAL = 600;
var SHOWN_END = 200;
var TAGS = { equal: "span", insert: "ins", delete: "del" };
function showDifference(root, pieces) {
  const shown = shorten(pieces).map(({ change: change2, text }) => {
    const element = document.createElement(TAGS[change2]);
    element.textContent = text;
    return element;
  });
  root.replaceChildren(...shown);
  if (pieces.every(({ change: change2 }) => change2 === "equal")) root.textContent = "Les deux textes sont les mêmes.";
}
function shorten(pieces) {
  return pieces.map((piece, index) => {
    if (piece.change !== "equal" || piece.text.length <= LONG_EQUAL) return piece;
    const start = index === 0 ? "" : piece.text.slice(0, SHOWN_END).replace(/\S*$/, "");
    const end = index === pieces.length - 1 ? "" : piece.text.slice(-SHOWN_END).replace(/^\S*/, "");
    return { change: piece.change, text: `${start}
[…]
${end}` };
  });
}

// proposals/dashboard/src/draft-store.ts
var PREFIX = "tenderwire.section.";
var DraftStore = class {
  #key;
  #storage;
  /** @param storage null where the browser keeps nothing: then nothing is kept. */
  constructor(sectionId, storage) {
    this.#key = `${PREFIX}${sectionId}`;
    this.#storage = storage;
  }
  read() {
    try {
      const draft = JSON.parse(this.#storage?.getItem(this.#key) ?? "null");
      return typeof draft?.text === "string" && typeof draft.version === "number" ? draft : null;
    } catch {
      return null;
    }
  }
  write(draft) {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(draft));
    } catch {
    }
  }
  drop() {
    this.#storage?.removeItem(this.#key);
  }
};
function findStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

// proposals/dashboard/src/fragments.ts
async function refreshFragments(url, isWanted = () => true) {
  const fresh = await getFragment(url);
  if (!isWanted()) return [];
  const parts = [...fresh.querySelectorAll("[data-fragment]")];
  return parts.filter((part) => part.parentElement?.closest("[data-fragment]") === null).flatMap((part) => swap(part));
}
function swap(part) {
  const old = document.querySelector(`[data-fragment="${part.dataset["fragment"] ?? ""}"]`);
  if (old === null) return [];
  const adopted = document.importNode(part, true);
  keepUnfolded(old, adopted);
  keepTyped(old, adopted);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(adopted);
  if (focused !== null) focusQuietly(twinOf(focused, adopted) ?? adopted);
  return [adopted];
}
function keepUnfolded(old, adopted) {
  for (const details of old.querySelectorAll("details[id]")) {
    const twin = twinOf(details, adopted);
    if (twin !== null) twin.open = details.open;
  }
}
function keepTyped(old, adopted) {
  for (const control of old.querySelectorAll("input[id], select[id]")) {
    const twin = twinOf(control, adopted);
    if (twin !== null) twin.value = control.value;
  }
}
function twinOf(element, root) {
  return element.id === "" ? null : root.querySelector(`#${CSS.escape(element.id)}`);
}
function focusQuietly(element) {
  if (!(element instanceof HTMLElement)) return;
  if (element.matches("[data-fragment]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

// proposals/dashboard/src/live-panel.ts
var RETRY_MS = 3e3;
var LivePanel = class {
  #options;
  /** What the part should reflect, and what it reflects; null when nobody can say. */
  #wanted;
  #shown;
  #isFetching = false;
  constructor(options) {
    this.#options = options;
    this.#wanted = this.#shown = options.key;
  }
  /** Make the part reflect what `key` names; an empty key names nothing that could be fetched. */
  follow(key) {
    this.#wanted = key;
    if (key === "") this.#shown = "";
    else void this.#catchUp();
  }
  /** Fetch it although nothing is known to have changed. */
  refresh() {
    this.#shown = null;
    void this.#catchUp();
  }
  /** One request at a time; what changed meanwhile is fetched by one more. */
  async #catchUp() {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (this.#shown !== this.#wanted) await this.#fetch();
    } catch (error) {
      if (isTemporary(error)) setTimeout(() => void this.#catchUp(), RETRY_MS);
    } finally {
      this.#isFetching = false;
    }
  }
  async #fetch() {
    const key = this.#wanted;
    const { url, onFresh, fetchParts = refreshFragments } = this.#options;
    const parts = await fetchParts(url);
    this.#shown = key;
    onFresh(parts);
  }
};
function isTemporary(error) {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

// proposals/dashboard/src/live-text.ts
var NEAR_END_PIXELS = 48;
var LiveText = class {
  #root;
  #text;
  constructor(root) {
    this.#root = root;
    this.#text = need("[data-live-text]", root);
  }
  show({ status, text }) {
    this.#root.hidden = status !== "writing";
    const isAtEnd = this.#text.scrollHeight - this.#text.scrollTop - this.#text.clientHeight < NEAR_END_PIXELS;
    setText(this.#text, text ?? "");
    setText(need("[data-live-words]", this.#root), sayWords(countWords(text ?? "")));
    if (isAtEnd) this.#text.scrollTop = this.#text.scrollHeight;
  }
  hide() {
    this.#root.hidden = true;
  }
};

// proposals/dashboard/src/section-editor.ts
var DRAFT_PAUSE_MS = 400;
var SectionEditor = class {
  #root = need("[data-editor]");
  #options;
  #url;
  #area = need("[data-editor-text]");
  /** What the text in the editor was made from; null while the editor is closed. */
  #base = null;
  #conflict = null;
  #isSaving = false;
  #draftTimer;
  constructor(options) {
    this.#options = options;
    this.#url = `/api/sections/${options.sectionId}/`;
    this.#area.addEventListener("input", () => this.#typed());
    this.#on("save", () => this.#save());
    this.#on("close", () => this.close());
    this.#on("draft-use", () => this.#useDraft());
    this.#on("draft-drop", () => this.#dropDraft());
    this.#on("compare", () => this.#compareWithNewest());
    this.#listen("[data-conflict-merge]", () => this.#merge());
    this.#listen("[data-conflict-theirs]", () => this.#takeTheirs());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => this.#isDirty() && event.preventDefault());
    addEventListener("pagehide", () => this.#keepDraft());
  }
  get isOpen() {
    return this.#base !== null;
  }
  /** @throws ApiError when the section could not be read. */
  async open() {
    this.#start(await this.#read());
    this.#root.hidden = false;
    this.#options.onOpen(true);
    this.#offerDraft();
    this.#area.focus();
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollTop = 0;
  }
  /** Close it; a text that was not saved is kept in this browser. */
  close() {
    this.#keepDraft();
    this.#base = null;
    this.#root.hidden = true;
    this.#showConflict(null);
    this.#options.onOpen(false);
  }
  /** The section has a version that came from somebody else, or from this editor's own saving. */
  follow(version) {
    if (this.#base === null || this.#isSaving || version <= this.#base.version) return;
    if (this.#isDirty()) this.#part("changed").hidden = this.#conflict !== null;
    else void this.#attempt(async () => this.#start(await this.#read()));
  }
  #part(name) {
    return need(`[data-editor-${name}]`, this.#root);
  }
  #on(name, act) {
    this.#listen(`[data-editor-${name}]`, act);
  }
  #listen(selector, act) {
    need(selector, this.#root).addEventListener("click", () => void this.#attempt(act));
  }
  /** Whatever goes wrong is said, and the text stays. */
  async #attempt(act) {
    this.#say("problem", "");
    try {
      await act();
    } catch (error) {
      this.#say("problem", error instanceof Error ? error.message : String(error));
    }
  }
  async #read() {
    const { text, version } = await get(this.#url);
    return { text, version };
  }
  /** Begin anew from a stored text. */
  #start(saved) {
    this.#base = saved;
    this.#area.value = saved.text;
    this.#part("changed").hidden = true;
    this.#part("draft").hidden = true;
    this.#showConflict(null);
    this.#say("problem", "");
    this.#render();
  }
  #isDirty() {
    return this.#base !== null && this.#area.value !== normalise(this.#base.text);
  }
  #typed() {
    this.#render();
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => this.#keepDraft(), DRAFT_PAUSE_MS);
  }
  #render() {
    const words = countWords(this.#area.value);
    setText(this.#part("words"), formatNumber(words));
    this.#part("words").classList.toggle("over", words > this.#options.wordsBudget);
    this.#say("state", this.#describe());
    this.#part("save").disabled = this.#isSaving || !this.#isDirty() || this.#conflict !== null;
  }
  #describe() {
    if (this.#isSaving) return "Enregistrement…";
    if (this.#isDirty()) return "Modifications non enregistrées";
    return (this.#base?.version ?? 0) > 0 ? `Version ${this.#base?.version ?? 0}, à jour` : "";
  }
  #say(name, sentence) {
    setText(this.#part(name), sentence);
  }
  #pressed(event) {
    if (!this.isOpen || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void this.#attempt(() => this.#save());
  }
  async #save() {
    const base = this.#base;
    if (base === null || this.#isSaving || !this.#isDirty() || this.#conflict !== null) return;
    const text = this.#area.value;
    this.#keepDraft();
    this.#setSaving(true);
    try {
      const { version } = await send("PATCH", this.#url, { text, version: base.version });
      this.#base = { text, version };
      this.#part("changed").hidden = true;
      this.#keepDraft();
      this.#options.onSaved();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "section_changed") throw error;
      await this.#showConflict(readTheirs(error), error.details["author"]?.[0] ?? "");
    } finally {
      this.#setSaving(false);
    }
  }
  #setSaving(isSaving) {
    this.#isSaving = isSaving;
    this.#render();
  }
  async #compareWithNewest() {
    await this.#showConflict(await this.#read(), "");
    this.#render();
  }
  /** Show both texts; null for none. */
  async #showConflict(theirs, author = "") {
    this.#conflict = theirs;
    const view = need("[data-conflict]", this.#root);
    view.hidden = theirs === null;
    if (theirs === null) return;
    this.#part("changed").hidden = true;
    setText(need("[data-conflict-author]", view), author === "" ? "quelqu’un d’autre" : author);
    setText(need("[data-conflict-version]", view), String(theirs.version));
    const answer = await post(`${this.#url}diff/`, { text: this.#area.value });
    showDifference(need("[data-conflict-text]", view), answer.pieces);
    view.scrollIntoView({ block: "nearest" });
  }
  /** Go on with one's own text; what is saved next replaces the version that was just seen. */
  #merge() {
    this.#base = this.#conflict;
    void this.#showConflict(null);
    this.#keepDraft();
    this.#render();
    this.#area.focus();
  }
  /** Go on with the stored text; one's own is offered as a draft. */
  #takeTheirs() {
    const theirs = this.#conflict;
    if (theirs === null) return;
    this.#keepDraft();
    this.#start(theirs);
    this.#offerDraft();
    this.#area.focus();
  }
  #keepDraft() {
    clearTimeout(this.#draftTimer);
    const { drafts } = this.#options;
    if (this.#base === null || !this.#part("draft").hidden) return;
    if (this.#isDirty()) drafts.write({ text: this.#area.value, version: this.#base.version, savedAt: Date.now() });
    else drafts.drop();
  }
  #offerDraft() {
    const draft = this.#options.drafts.read();
    const isNews = draft !== null && normalise(draft.text) !== this.#area.value;
    this.#part("draft").hidden = !isNews;
    if (draft !== null) this.#say("draft-age", `il y a ${formatDuration((Date.now() - draft.savedAt) / 1e3)}`);
  }
  /** It was made from another version if one was saved since: saving it then shows both. */
  #useDraft() {
    const draft = this.#options.drafts.read();
    if (draft === null || this.#base === null) return;
    this.#area.value = draft.text;
    this.#base = { ...this.#base, version: draft.version };
    this.#part("draft").hidden = true;
    this.#render();
    this.#area.focus();
  }
  #dropDraft() {
    this.#options.drafts.drop();
    this.#part("draft").hidden = true;
    this.#area.focus();
  }
};
function readTheirs({ details }) {
  return { text: details["text"]?.[0] ?? "", version: Number(details["version"]?.[0] ?? 0) };
}
function normalise(text) {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

// proposals/dashboard/src/source-card.ts
var LINGER_MS = 250;
var GAP_PIXELS = 6;
var UNPROVEN = "Aucune source trouvée pour cette affirmation.";
var SourceCard = class {
  #root;
  #card;
  #shown = "";
  #timer;
  constructor(root, card) {
    this.#root = root;
    this.#card = card;
    root.addEventListener("pointerover", (event) => this.#over(event.target));
    root.addEventListener("focusin", (event) => this.#over(event.target));
    root.addEventListener("focusout", () => this.#leave());
    document.addEventListener("pointerdown", ({ target }) => !card.contains(target) && this.#hide());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#hide());
  }
  #over(target) {
    if (!(target instanceof Element)) return;
    if (this.#card.contains(target)) {
      clearTimeout(this.#timer);
      return;
    }
    const statement = target.closest("[data-statement]");
    const reference = target.closest("[data-source]");
    if (statement === null && reference === null) this.#leave();
    else if (!this.#root.classList.contains("hides-sources")) this.#show(statement, reference);
  }
  #show(statement, reference) {
    clearTimeout(this.#timer);
    const anchor = reference ?? statement;
    const number = statement?.dataset["statement"] ?? "";
    const keys = reference === null ? this.#keysBehind(number) : [reference.dataset["source"] ?? ""];
    const name = `${number} ${keys.join(" ")}`;
    if (anchor === null || name === this.#shown) return;
    this.#hide();
    this.#shown = name;
    this.#mark(number, true);
    this.#card.replaceChildren(...this.#describe(keys));
    this.#place(anchor);
  }
  /** The sources of a statement stand in the references behind its last piece. */
  #keysBehind(number) {
    const last = [...this.#pieces(number)].at(-1);
    const references = last?.nextElementSibling ?? last?.parentElement?.nextElementSibling;
    if (references?.matches(".refs") !== true) return [];
    return [...references.querySelectorAll("[data-source]")].map((link2) => link2.dataset["source"] ?? "");
  }
  #pieces(number) {
    return this.#root.querySelectorAll(`[data-statement="${number}"]`);
  }
  #describe(keys) {
    const entries = keys.flatMap((key) => {
      const entry = this.#root.querySelector(`[data-source-entry="${CSS.escape(key)}"]`);
      return entry === null ? [] : [this.#copy(entry)];
    });
    return entries.length > 0 ? entries : [make("p", "source-card__none", UNPROVEN)];
  }
  #copy(entry) {
    const copy = make("div", "source");
    for (const part of entry.querySelectorAll(".source__line, .source__facts, .source__text")) {
      copy.append(part.cloneNode(true));
    }
    return copy;
  }
  #place(anchor) {
    const at = anchor.getClientRects()[0];
    if (at === void 0) return;
    this.#card.hidden = false;
    const { width, height } = this.#card.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    const fitsBelow = at.bottom + GAP_PIXELS + height < innerHeight;
    const top = fitsBelow ? at.bottom + GAP_PIXELS : Math.max(8, at.top - GAP_PIXELS - height);
    this.#card.style.setProperty("left", `${left}px`);
    this.#card.style.setProperty("top", `${top}px`);
  }
  #leave() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), LINGER_MS);
  }
  #hide() {
    clearTimeout(this.#timer);
    this.#shown = "";
    this.#card.hidden = true;
    for (const piece of this.#root.querySelectorAll(".said--active")) piece.classList.remove("said--active");
  }
  #mark(number, isActive) {
    for (const piece of this.#pieces(number)) piece.classList.toggle("said--active", isActive);
  }
};

// proposals/dashboard/src/section-page.ts
var GONE = "Cette section a été retirée du plan.";
var REWRITE = "Rédiger à nouveau cette section ? Le texte actuel restera dans les versions.";
var REWRITE_EDITED = "Cette section a été modifiée par une personne. La rédiger à nouveau ? Le texte actuel restera dans les versions.";
var SectionPage = class {
  #root = need("[data-section-page]");
  #config;
  #url;
  #socket;
  #pill = new ConnectionPill();
  #live = new LiveText(need("[data-writing]"));
  #editor;
  #panel;
  #section;
  #generationId = null;
  #showsSources = true;
  #isAsking = false;
  constructor(config) {
    this.#config = config;
    this.#url = `/api/sections/${config.section_id}/`;
    this.#section = config.section;
    this.#panel = new LivePanel({
      url: config.panel_url,
      key: keyOf(config.section),
      onFresh: () => this.#refreshed()
    });
    this.#editor = new SectionEditor({
      sectionId: config.section_id,
      wordsBudget: config.section.words_budget,
      drafts: new DraftStore(config.section_id, findStorage()),
      onOpen: (isOpen) => this.#showEditor(isOpen),
      onSaved: () => announce("Texte enregistré.")
    });
    new SourceCard(this.#root, need("[data-source-card]"));
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    this.#root.addEventListener("change", (event) => this.#changed(event));
    this.#live.show(config.section);
    this.#socket = this.#connect();
    everySecond(() => this.#pill.show(this.#socket.connection));
  }
  #connect() {
    const socket = new ProjectSocket2({ url: `/ws/projects/${this.#config.project_id}`, getToken: getTicket });
    socket.on("state", (state) => this.#follow(state));
    socket.on("connection", (connection) => {
      this.#pill.show(connection);
      this.#root.dataset["live"] = String(connection.state === "live");
    });
    return socket;
  }
  #follow({ sections, operations }) {
    const generation = operations.find(({ kind, finished_at }) => kind === "generation" && finished_at === null);
    this.#generationId = generation?.status === "cancelling" ? null : generation?.operation_id ?? null;
    need("[data-cancel]").hidden = this.#generationId === null;
    const section = sections.find(({ section_id }) => section_id === this.#config.section_id);
    if (section === void 0) this.#vanish();
    else this.#show(section);
  }
  #show(section) {
    const before = this.#section;
    this.#section = section;
    this.#live.show(section);
    this.#panel.follow(keyOf(section));
    this.#editor.follow(section.version);
    if (before.status === "writing" && section.status === "written") announce("La section est rédigée.");
  }
  #vanish() {
    this.#live.hide();
    this.#complain(GONE);
    for (const button of this.#root.querySelectorAll("[data-actions] button"))
      button.disabled = true;
  }
  #refreshed() {
    this.#showEditor(this.#editor.isOpen);
    const toggle = this.#root.querySelector("[data-show-sources]");
    if (toggle !== null) toggle.checked = this.#showsSources;
  }
  #showEditor(isOpen) {
    const edit = this.#root.querySelector("[data-edit]");
    edit?.setAttribute("aria-expanded", String(isOpen));
    this.#root.classList.toggle("is-editing", isOpen);
    if (!isOpen && document.activeElement === document.body) edit?.focus();
  }
  #changed({ target }) {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-show-sources]")) return;
    this.#showsSources = target.checked;
    this.#root.classList.toggle("hides-sources", !target.checked);
  }
  #clicked({ target }) {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button !== null && !button.disabled) void this.#attempt(() => this.#act(button));
  }
  async #act({ dataset }) {
    if ("edit" in dataset) await this.#editor.open();
    if ("write" in dataset) await this.#write(dataset["edited"] === "true");
    if ("cancel" in dataset) await post(`/api/operations/${this.#generationId ?? ""}/cancel/`);
    const { lock, versionCompare, versionRestore } = dataset;
    if (lock !== void 0) await post(`${this.#url}${lock}/`);
    if (versionCompare !== void 0) await this.#compare(versionCompare);
    if (versionRestore !== void 0) await this.#restore(versionRestore);
  }
  /** One thing at a time; what goes wrong is said. */
  async #attempt(act) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#complain("");
    try {
      await act();
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isAsking = false;
    }
  }
  #complain(sentence) {
    const problem = need("[data-problem]");
    problem.hidden = sentence === "";
    setText(problem, sentence);
  }
  /** Asked twice with the same key, it is done once. */
  async #write(isEdited) {
    if (this.#section.version > 0 && !confirm(isEdited ? REWRITE_EDITED : REWRITE)) return;
    const order = { kind: "generation", section_ids: [this.#config.section_id] };
    const key = { "Idempotency-Key": crypto.randomUUID() };
    await post(`/api/projects/${this.#config.project_id}/operations/`, order, key);
  }
  async #compare(number) {
    const current = this.#section.version;
    const answer = await get(`${this.#url}diff/?from=${number}&to=${current}`);
    setText(need("[data-difference-title]"), `De la version ${number} à la version ${current}`);
    showDifference(need("[data-difference-text]"), answer.pieces);
    need("[data-difference]").showModal();
  }
  async #restore(number) {
    if (!confirm(`Rétablir la version ${number} ? Le texte actuel restera dans les versions.`)) return;
    await post(`${this.#url}versions/${number}/restore/`, { version: this.#section.version });
  }
};
function keyOf({ text, ...shown }) {
  return JSON.stringify(shown);
}

// proposals/dashboard/src/sections.ts
if (document.querySelector("[data-section-page]") !== null) new SectionPage(readSectionConfig());
if (document.querySelector("[data-plan-page]") !== null) new PlanPage(readPlanConfig());

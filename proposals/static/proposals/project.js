// Built from proposals/dashboard/src by "npm run build". Do not edit.

// proposals/dashboard/src/dom.ts
function need(selector, root = document) {
  const found = root.querySelector(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
}
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
function showText(row, element, text) {
  row.hidden = text === "";
  setText(element, text);
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

// proposals/dashboard/src/config.ts
function readConfig() {
  return JSON.parse(need("#project-config").textContent ?? "");
}

// proposals/dashboard/src/project-page.ts
import { ProjectSocket } from "../realtime/client.mjs";

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

// proposals/dashboard/src/checklist.ts
var PREFIX = "tenderwire.checklist.";
function initChecklist(root) {
  const section = root.querySelector("[data-checklist]");
  const boxes = [...section?.querySelectorAll("[data-checklist-item]") ?? []];
  if (section === null || boxes.length === 0) return;
  const key = PREFIX + (section.dataset["checklist"] ?? "");
  const ticked = load(key);
  for (const box of boxes) box.checked = ticked.has(nameOf(box));
  const count2 = () => showCount(section, boxes);
  section.addEventListener("change", () => {
    save(key, boxes.filter((box) => box.checked).map(nameOf));
    count2();
  });
  count2();
}
function nameOf(box) {
  return box.dataset["checklistItem"] ?? "";
}
function showCount(section, boxes) {
  const ready = boxes.filter((box) => box.checked).length;
  setText(need("[data-checklist-count]", section), `${ready} prête${ready > 1 ? "s" : ""} sur ${boxes.length}`);
}
function load(key) {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "[]");
    return new Set(Array.isArray(stored) ? stored.map(String) : []);
  } catch {
    return /* @__PURE__ */ new Set();
  }
}
function save(key, names) {
  try {
    localStorage.setItem(key, JSON.stringify(names));
  } catch {
  }
}

// proposals/dashboard/src/clock.ts
var TICK_MS = 1e3;
var ServerClock = class {
  #offsetMs;
  /** @param serverNow the server's time when it made the page, ISO 8601: clocks of laptops are often wrong. */
  constructor(serverNow) {
    this.#offsetMs = Date.parse(serverNow) - Date.now();
  }
  /** The server's time, in milliseconds since 1970. */
  now() {
    return Date.now() + this.#offsetMs;
  }
};
function everySecond(callback) {
  callback();
  setInterval(callback, TICK_MS);
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
function formatEstimate(seconds) {
  if (seconds < 1) return "moins d’une seconde";
  if (seconds < 20) return `environ ${formatDuration(seconds)}`;
  if (seconds < MINUTE - 2.5) return `environ ${formatDuration(Math.round(seconds / 5) * 5)}`;
  if (seconds < HOUR) return `environ ${Math.round(seconds / MINUTE)}${NBSP}min`;
  return `environ ${Math.round(seconds / HOUR)}${NBSP}h`;
}
function formatClock(instant) {
  return instant.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
function formatNumber(value) {
  return value.toLocaleString("fr-FR");
}
function formatPercent(share) {
  return `${Math.round(share * 100)}${NBSP}%`;
}
function countdownParts(leftMs) {
  const left = Math.max(0, Math.floor(leftMs / 1e3));
  const days = Math.floor(left / DAY);
  return [
    { value: String(days), unit: days > 1 ? "jours" : "jour" },
    { value: twoDigits(Math.floor(left % DAY / HOUR)), unit: "h" },
    { value: twoDigits(Math.floor(left % HOUR / MINUTE)), unit: "min" },
    { value: twoDigits(left % MINUTE), unit: "s" }
  ];
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

// proposals/dashboard/src/countdown.ts
function tickCountdowns(clock) {
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(element.dataset["countdown"] ?? "") - clock.now();
    if (left > 0) showParts(element, left);
    else element.textContent = "Le délai est écoulé.";
  }
}
function showParts(element, leftMs) {
  const parts = countdownParts(leftMs).map(({ value, unit }) => {
    const part = make("span", "countdown__part");
    part.append(make("strong", "", value), make("span", "", unit));
    return part;
  });
  element.replaceChildren(...parts);
}

// proposals/dashboard/src/ids.ts
function makeUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] ?? 0) & 15 | 64;
  bytes[8] = (bytes[8] ?? 0) & 63 | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// proposals/dashboard/src/hand-in.ts
function initHandIn(projectId) {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-hand-in]") : null;
    if (button instanceof HTMLButtonElement && !button.disabled) void produce(projectId, button);
  });
}
async function produce(projectId, button) {
  const problem = need("[data-hand-in-problem]");
  button.disabled = true;
  setText(problem, "");
  try {
    const order2 = { kind: "document_generation", internal_annexes: false };
    await post(`/api/projects/${projectId}/operations/`, order2, { "Idempotency-Key": makeUuid() });
    announce("Production de la version à remettre lancée.");
  } catch (error) {
    setText(problem, error instanceof ApiError ? error.message : String(error));
  } finally {
    button.disabled = false;
  }
}

// proposals/dashboard/src/row-filter.ts
var RowFilter = class {
  #root;
  #words = /* @__PURE__ */ new WeakMap();
  /** @param root stays in the page; what is inside may be exchanged. */
  constructor(root) {
    this.#root = root;
    root.addEventListener("input", (event) => {
      if (event.target instanceof Element && event.target.matches("[data-filter]")) this.apply();
    });
  }
  /** Choose a value as a person would. */
  choose(name, value) {
    const control = this.#controls().find((candidate) => candidate.dataset["filter"] === name);
    if (control !== void 0) control.value = value;
    this.apply();
  }
  apply() {
    const rows = [...this.#root.querySelectorAll("[data-filter-row]")];
    if (rows.length === 0) return;
    const wanted = this.#read();
    for (const row of rows) row.hidden = !fits(this.#wordsOf(row), row.dataset, wanted);
    const shown = rows.filter((row) => !row.hidden).length;
    setText(need("[data-filter-count]", this.#root), `${shown} sur ${rows.length}`);
    need("[data-filter-none]", this.#root).hidden = shown > 0;
  }
  #controls() {
    return [...this.#root.querySelectorAll("[data-filter]")];
  }
  #read() {
    const values = this.#controls().map(({ dataset, value }) => [dataset["filter"] ?? "", value]);
    const search = values.find(([name]) => name === "search")?.[1] ?? "";
    return { words: toWords(search), choices: Object.fromEntries(values.filter(([name]) => name !== "search")) };
  }
  #wordsOf(row) {
    const known = this.#words.get(row) ?? toPlain(row.textContent ?? "");
    this.#words.set(row, known);
    return known;
  }
};
function fits(text, data, wanted) {
  const hasChoices = Object.entries(wanted.choices).every(([name, value]) => value === "" || data[name] === value);
  return hasChoices && wanted.words.every((word) => text.includes(word));
}
function toWords(search) {
  return toPlain(search).split(/\s+/).filter(Boolean);
}
function toPlain(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

// proposals/dashboard/src/ledger.ts
var ACTIONS = { approved: "approve", rejected: "reject" };
var VERDICTS = { approved: "validée", rejected: "écartée" };
function initLedger(root) {
  const section = root.querySelector("[data-ledger]");
  if (section !== null && section.querySelector("[data-requirement]") !== null) new Ledger(section);
}
var Ledger = class {
  #section;
  #rows;
  constructor(section) {
    this.#section = section;
    this.#rows = [...section.querySelectorAll("[data-requirement]")];
    section.addEventListener("click", (event) => this.#clicked(event));
    new RowFilter(section).apply();
    this.#countReviewed();
  }
  #countReviewed() {
    const reviewed = this.#rows.filter((row) => row.dataset["status"] !== "proposed").length;
    const text = `${reviewed} revue${reviewed > 1 ? "s" : ""} sur ${this.#rows.length}`;
    setText(need("[data-ledger-reviewed]", this.#section), text);
  }
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-review]") : null;
    const row = button?.closest("[data-requirement]") ?? null;
    if (button !== null && row !== null) void this.#review(row, button.dataset["review"]);
  }
  async #review(row, verdict) {
    if (row.dataset["status"] === verdict || row.ariaBusy === "true") return;
    row.ariaBusy = "true";
    showProblem(row, "");
    try {
      await post(`/api/requirements/${row.dataset["requirement"] ?? ""}/${ACTIONS[verdict]}/`);
      this.#mark(row, verdict);
    } catch (error) {
      showProblem(row, error instanceof ApiError ? error.message : String(error));
    } finally {
      row.ariaBusy = "false";
    }
  }
  /** The row stays in sight, even where the filter would hide it: it was just worked on. */
  #mark(row, verdict) {
    row.dataset["status"] = verdict;
    for (const button of row.querySelectorAll("[data-review]")) {
      button.ariaPressed = String(button.dataset["review"] === verdict);
    }
    this.#countReviewed();
    announce(`${need(".requirement__code", row).textContent ?? ""} ${VERDICTS[verdict]}.`);
  }
};
function showProblem(row, sentence) {
  const problem = need("[data-requirement-problem]", row);
  problem.hidden = sentence === "";
  setText(problem, sentence);
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

// proposals/dashboard/src/words.ts
var GAP = /\[\s*à\s+compl[ée]ter\s*:?\s*(?:[^[\]]|\[[^[\]]*\])*\]/giu;
var WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;
function countWords(text) {
  return text.replaceAll(GAP, " ").match(WORD)?.length ?? 0;
}
function sayWords(count2) {
  return `${formatNumber(count2)} mot${count2 > 1 ? "s" : ""}`;
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

// proposals/dashboard/src/live-sections.ts
var LiveSections = class {
  #root = need("#memoire");
  #labels;
  #sections = [];
  constructor(labels) {
    this.#labels = labels;
  }
  show(sections) {
    const before = this.#sections;
    this.#sections = sections;
    this.render();
    for (const section of findFinished(before, sections)) announce(`Section rédigée : ${section.title}.`);
  }
  /** Show it again: the rows are fresh from the server. */
  render() {
    for (const section of this.#sections) {
      const row = this.#root.querySelector(`[data-section="${section.section_id}"]`);
      if (row !== null) this.#renderRow(row, section);
    }
  }
  #renderRow(row, section) {
    const { status } = section;
    row.dataset["status"] = status;
    const label = need("[data-section-status]", row);
    label.className = `status status--section-${status}`;
    setText(label, this.#labels[status] ?? status);
    new LiveText(need("[data-section-live]", row)).show(section);
  }
};
function findFinished(before, now) {
  return now.filter(({ section_id, status }) => {
    const earlier = before.find((section) => section.section_id === section_id);
    return status === "written" && earlier?.status === "writing";
  });
}

// proposals/dashboard/src/passage-picker.ts
var PAUSE_MS = 250;
var PassagePicker = class {
  #dialog = need("[data-picker]");
  #search = need("[data-picker-search]", this.#dialog);
  #matrixUrl;
  #onAttached;
  #requirementId = "";
  #openerId = "";
  #pause;
  /** Tells the answer to the newest search from a late one. */
  #asked = 0;
  /** @param onAttached called once the passage is attached, before the dialog closes. */
  constructor(matrixUrl, onAttached) {
    this.#matrixUrl = matrixUrl;
    this.#onAttached = onAttached;
    need("[data-picker-close]", this.#dialog).addEventListener("click", () => this.#dialog.close());
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => void this.#find(), PAUSE_MS);
    });
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
  }
  open({ openerId, requirementId, code, text }) {
    this.#openerId = openerId;
    this.#requirementId = requirementId;
    setText(need("[data-picker-code]", this.#dialog), code);
    setText(need("[data-picker-requirement]", this.#dialog), text);
    this.#search.value = "";
    this.#dialog.showModal();
    this.#search.focus();
    void this.#find();
  }
  #clicked({ target }) {
    const button = target instanceof Element ? target.closest("[data-picker-choose]") : null;
    if (button !== null) void this.#attach(button.dataset["pickerChoose"] ?? "");
  }
  async #find() {
    const asked = this.#asked += 1;
    const query = new URLSearchParams({ q: this.#search.value.trim() });
    await this.#try(async () => {
      await refreshFragments(
        `${this.#matrixUrl}${this.#requirementId}/passages/?${query}`,
        () => asked === this.#asked
      );
    });
  }
  async #attach(itemId) {
    await this.#try(async () => {
      await post(`/api/requirements/${this.#requirementId}/matches/`, { item_id: itemId });
      await this.#onAttached(this.#requirementId);
      this.#dialog.close();
      document.getElementById(this.#openerId)?.focus({ preventScroll: true });
      announce("Passage joint.");
    });
  }
  async #try(act) {
    const problem = need("[data-picker-problem]", this.#dialog);
    setText(problem, "");
    try {
      await act();
    } catch (error) {
      setText(problem, error instanceof ApiError ? error.message : String(error));
    }
  }
};

// proposals/dashboard/src/matches.ts
var SAID = {
  accept: "Passage retenu.",
  reject: "Passage écarté.",
  reset: "Décision annulée."
};
var Matches = class {
  #root = need("#correspondances");
  #matrixUrl;
  #filter = new RowFilter(this.#root);
  #picker;
  constructor(matrixUrl) {
    this.#matrixUrl = matrixUrl;
    this.#picker = new PassagePicker(matrixUrl, (requirementId) => this.#refreshRequirement(requirementId));
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    this.#root.addEventListener("toggle", (event) => this.#toggled(event), { capture: true });
    this.#filter.apply();
  }
  /** Take in fresh rows. */
  refreshed() {
    this.#filter.apply();
  }
  #clicked({ target }) {
    if (!(target instanceof Element)) return;
    const share = target.closest("[data-coverage-filter]");
    if (share !== null) this.#filter.choose("strength", share.dataset["coverageFilter"] ?? "");
    const attach = target.closest("[data-attach]");
    if (attach !== null) this.#openPicker(attach);
    const button = target.closest("[data-verdict]");
    const match = button?.closest("[data-match]") ?? null;
    if (button !== null && match !== null) void this.#decide(match, button);
  }
  #openPicker(button) {
    const row = button.closest("[data-requirement-id]");
    if (row === null) return;
    this.#picker.open({
      openerId: button.id,
      requirementId: row.dataset["requirementId"] ?? "",
      code: need(".match-row__code", row).textContent ?? "",
      text: need(".match-row__text", row).textContent ?? ""
    });
  }
  #toggled({ target }) {
    if (!(target instanceof HTMLDetailsElement) || !target.open) return;
    if (target.matches("[data-others-missing]")) void this.#loadOthers(target);
  }
  async #loadOthers(details) {
    try {
      await this.#refreshRow(details);
    } catch (error) {
      setText(need("[data-others-state]", details), error instanceof ApiError ? error.message : String(error));
    }
  }
  async #decide(match, button) {
    if (match.ariaBusy === "true") return;
    const verdict = button.ariaPressed === "true" ? "reset" : button.dataset["verdict"] ?? "";
    match.ariaBusy = "true";
    showProblem2(match, "");
    try {
      await post(`/api/matches/${match.dataset["match"] ?? ""}/${verdict}/`);
      await this.#refreshRow(match);
      announce(SAID[verdict] ?? "");
    } catch (error) {
      showProblem2(match, error instanceof ApiError ? error.message : String(error));
    } finally {
      match.ariaBusy = "false";
    }
  }
  /** The row stays in sight, even where the filter would hide it: it was just worked on. */
  async #refreshRow(part) {
    const row = part.closest("[data-requirement-id]");
    if (row !== null) await this.#refreshRequirement(row.dataset["requirementId"] ?? "");
  }
  async #refreshRequirement(requirementId) {
    await refreshFragments(`${this.#matrixUrl}${requirementId}/`);
  }
};
function showProblem2(match, sentence) {
  const problem = need(".match__problem", match);
  problem.hidden = sentence === "";
  setText(problem, sentence);
}

// proposals/dashboard/src/operation-words.ts
var UNFINISHED = ["pending", "running", "cancelling"];
var WAITING_STEP = "En file d’attente…";
var LAST = "Complete";
var TOTALS = {
  rc_analysis: [
    ["criteria_total", "critère", "critères"],
    ["documents_total", "pièce à remettre", "pièces à remettre"],
    ["requirements_total", "exigence", "exigences"],
    ["warnings_total", "point d’attention", "points d’attention"]
  ],
  matching: [
    ["strong_total", "exigence couverte", "exigences couvertes"],
    ["partial_total", "partielle", "partielles"],
    ["gaps_total", "manque", "manques"],
    ["expired_total", "passage périmé", "passages périmés"]
  ],
  generation: [
    ["sections_written", "section rédigée", "sections rédigées"],
    ["words_total", "mot", "mots"],
    ["gaps_total", "point à compléter", "points à compléter"],
    ["violations_total", "mention sans source", "mentions sans source"]
  ],
  document_generation: [["gaps_total", "point à compléter", "points à compléter"]]
};
function isUnfinished(operation) {
  return operation !== void 0 && UNFINISHED.includes(operation.status);
}
function sayStep(operation) {
  if (operation.status === "pending") return WAITING_STEP;
  const { step } = operation;
  if (step === null || operation.status === "failed") return "";
  if (operation.kind === "matching") return sayMatching(step);
  if (operation.kind === "generation") return sayGeneration(step);
  return textOf(step, "message");
}
function sayResult(operation) {
  const { kind, result } = operation;
  if (operation.status !== "succeeded" || result === null) return "";
  const totals = (TOTALS[kind] ?? []).flatMap(([field, one, many]) => count(numberOf(result, field), one, many));
  return [...saySpecial(kind, result), ...totals, ...sayQuality(result)].join(" · ");
}
function elapsedSeconds(operation, nowMs) {
  if (operation.started_at === null) return null;
  const end = operation.finished_at === null ? nowMs : Date.parse(operation.finished_at);
  return Math.max(0, (end - Date.parse(operation.started_at)) / 1e3);
}
function sayElapsed(operation, nowMs) {
  const seconds = operation === void 0 ? null : elapsedSeconds(operation, nowMs);
  return seconds === null ? "" : formatDuration(seconds);
}
function sayEngine(operation, labels = {}) {
  if (operation?.status !== "succeeded" || operation.result === null) return "";
  const engine = textOf(operation.result, "engine");
  return labels[engine] ?? engine;
}
function findOutdated(kinds, operations) {
  const outdated = /* @__PURE__ */ new Set();
  let newest = "";
  for (const kind of kinds) {
    const operation = operations.find((candidate) => candidate.kind === kind);
    if (operation?.status !== "succeeded" || operation.finished_at === null) continue;
    if ((operation.started_at ?? operation.created_at) < newest) outdated.add(kind);
    if (operation.finished_at > newest) newest = operation.finished_at;
  }
  return outdated;
}
function sayMatching(step) {
  const current = textOf(step, "current_requirement");
  const done = `${numberOf(step, "requirements_completed") ?? 0} sur ${numberOf(step, "requirements_total") ?? 0}`;
  return current === "" || current === LAST ? `${done} exigences` : `${current} – ${done}`;
}
function sayGeneration(step) {
  const current = textOf(step, "current_section");
  const done = `${numberOf(step, "sections_completed") ?? 0} sections sur ${numberOf(step, "sections_total") ?? 0}`;
  const quality = numberOf(step, "quality_score");
  const parts = [current === LAST ? "" : current, done, quality === null ? "" : `qualité ${formatPercent(quality)}`];
  return parts.filter((part) => part !== "").join(" – ");
}
function saySpecial(kind, result) {
  if (kind !== "document_generation") return [];
  const version = numberOf(result, "version");
  const { documents, not_produced: missing } = result;
  return [
    ...Array.isArray(documents) ? count(documents.length, "document", "documents") : [],
    ...Array.isArray(missing) ? count(missing.length, "document manquant", "documents manquants") : [],
    ...version === null ? [] : [`version ${version}`],
    ...sayPages(result)
  ];
}
function sayPages(result) {
  const limit = numberOf(result, "page_limit");
  if (limit === null) return count(numberOf(result, "pages"), "page", "pages");
  const counted = numberOf(result, "pages_counted");
  const goal = result["over_limit"] === true ? `pour ${limit} permises` : `sur ${limit} permises`;
  return count(counted, "page", "pages").map((said) => `${said} ${goal}`);
}
function sayQuality(result) {
  const quality = numberOf(result, "quality_score");
  return quality === null ? [] : [`qualité ${formatPercent(quality)}`];
}
function count(total, one, many) {
  return total === null || total === 0 ? [] : [`${formatNumber(total)} ${total > 1 ? many : one}`];
}
function textOf(source, field) {
  const value = source[field];
  return typeof value === "string" ? value : "";
}
function numberOf(source, field) {
  const value = source[field];
  return typeof value === "number" ? value : null;
}

// proposals/dashboard/src/operation-card.ts
var ALONE = { isNext: false, isOutdated: false };
var OperationCard = class {
  kind;
  #root;
  #context;
  #operation;
  #place = ALONE;
  #isAsking = false;
  constructor(root, context) {
    this.#root = root;
    this.#context = context;
    this.kind = root.dataset["operation"] ?? "";
    this.#listen("start", () => context.actions.start(this.kind));
    this.#listen("retry", (id) => context.actions.retry(id));
    this.#listen("cancel", (id) => context.actions.cancel(id));
  }
  /** Show the newest operation of this card's kind. */
  show(operation, place = ALONE) {
    const before = this.#operation;
    this.#operation = operation;
    this.#place = place;
    this.render();
    if (operation !== void 0 && before !== void 0 && before.status !== operation.status)
      this.#announce(operation);
  }
  /** Let the times go on. */
  tick() {
    this.#renderTimes();
  }
  /** Show it again: what it lacks, which the server says, has changed. */
  render() {
    const operation = this.#operation;
    this.#root.dataset["status"] = operation?.status ?? "none";
    this.#renderStatus(operation);
    this.#part("intro").hidden = operation !== void 0;
    this.#part("run").hidden = operation === void 0 || operation.status === "succeeded";
    this.#renderProgress(operation);
    this.#renderTimes();
    this.#renderError(operation);
    showText(this.#part("result"), this.#part("result"), operation === void 0 ? "" : sayResult(operation));
    this.#part("outdated").hidden = !this.#place.isOutdated;
    this.#renderButtons(operation);
  }
  #part(name) {
    return need(`[data-operation-${name}]`, this.#root);
  }
  #listen(name, act) {
    this.#part(name).addEventListener("click", () => void this.#ask(() => act(this.#operation?.operation_id ?? "")));
  }
  async #ask(act) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.render();
    this.#hint("");
    try {
      await act();
    } catch (error) {
      this.#hint(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isAsking = false;
      this.render();
    }
  }
  #hint(sentence) {
    setText(this.#part("hint"), sentence);
    if (sentence !== "") announce(sentence);
  }
  #announce(operation) {
    const label = this.#context.statusLabels[operation.status] ?? operation.status;
    announce(`${need("h3", this.#root).textContent?.trim() ?? ""} : ${label}. ${operation.error?.error ?? ""}`);
  }
  #renderStatus(operation) {
    const status = operation?.status ?? "none";
    const isNext = this.#place.isNext && !isUnfinished(operation);
    const label = this.#part("status");
    label.className = `status status--${isNext ? "next" : status}`;
    const said = operation === void 0 ? "Pas encore lancée" : this.#context.statusLabels[status] ?? status;
    setText(label, isNext ? "À suivre" : said);
  }
  #renderProgress(operation) {
    const progress = operation?.progress ?? 0;
    this.#part("bar").setAttribute("aria-valuenow", String(progress));
    need(".progress__fill", this.#root).setAttribute("width", `${progress}%`);
    setText(this.#part("percent"), `${progress} %`);
    const step = operation === void 0 ? "" : sayStep(operation);
    setText(this.#part("step"), step);
    this.#part("bar").setAttribute("aria-valuetext", step === "" ? `${progress} %` : `${progress} %, ${step}`);
    this.#detail("requester", operation?.requested_by ?? "");
    const attempt = operation?.attempt ?? 0;
    this.#detail("attempt", attempt > 1 ? String(attempt) : "");
    this.#detail("engine", sayEngine(operation, this.#context.engineLabels));
  }
  #renderTimes() {
    const operation = this.#operation;
    const eta = operation?.status === "running" ? operation.eta_seconds : null;
    this.#detail("eta", eta === null || eta === void 0 ? "" : formatEstimate(eta));
    this.#detail("elapsed", sayElapsed(operation, this.#context.clock.now()));
    setText(this.#part("elapsed-label"), isUnfinished(operation) ? "Écoulé" : "Durée");
  }
  #detail(name, text) {
    showText(this.#part(`${name}-row`), this.#part(name), text);
  }
  #renderError(operation) {
    const hasEnded = operation?.status === "failed" || operation?.status === "cancelled";
    const error = hasEnded ? operation.error?.error ?? "" : "";
    showText(this.#part("error"), this.#part("error-text"), error);
    this.#part("error").classList.toggle("notice--danger", operation?.status === "failed");
  }
  #renderButtons(operation) {
    const status = operation?.status;
    const needed = this.#part("need");
    const canRetry = status === "cancelled" || status === "failed" && operation?.error?.retryable !== false;
    const start = this.#button("start", operation === void 0 ? "Lancer" : "Relancer");
    start.hidden = isUnfinished(operation) || canRetry || this.#place.isNext;
    start.disabled = needed.textContent !== "" || this.#isAsking;
    needed.hidden = start.hidden || needed.textContent === "";
    const retry = this.#part("retry");
    retry.hidden = !canRetry;
    retry.disabled = this.#isAsking;
    const cancel = this.#button("cancel", status === "cancelling" ? "Annulation…" : "Annuler");
    cancel.hidden = !isUnfinished(operation);
    cancel.disabled = status === "cancelling" || this.#isAsking;
    this.#keepFocus();
  }
  #button(name, label) {
    const button = this.#part(name);
    setText(need("[data-label]", button), label);
    return button;
  }
  /** A button that vanishes under the keyboard hands the focus to the one that takes its place. */
  #keepFocus() {
    const buttons = [...this.#root.querySelectorAll(".operation__actions button")];
    const lost = buttons.find((button) => button === document.activeElement && button.hidden);
    if (lost !== void 0) buttons.find((button) => !button.hidden && !button.disabled)?.focus();
  }
};

// proposals/dashboard/src/pipeline.ts
var BUSY = "Une opération est en cours : attendez sa fin ou annulez-la pour tout lancer.";
var Pipeline = class {
  #root = need("[data-pipeline]");
  #start = need("[data-run-start]", this.#root);
  #options;
  #cards;
  #operations = [];
  #isAsking = false;
  constructor(options) {
    this.#options = options;
    const roots = [...this.#root.querySelectorAll("[data-operation]")];
    this.#cards = roots.map((root) => new OperationCard(root, options));
    this.#start.addEventListener("click", () => void this.#ask());
  }
  /** Show the newest operation of each kind. */
  show(operations) {
    this.#operations = operations;
    this.render();
  }
  /** Show it again: the server's facts have changed. */
  render() {
    const facts = this.#readFacts();
    const outdated = findOutdated(this.#kinds(), this.#operations);
    for (const card of this.#cards) {
      const isNext = this.#isRunning() && facts.then.includes(card.kind);
      card.show(this.#find(card.kind), { isNext, isOutdated: outdated.has(card.kind) });
    }
    this.#renderRun(facts);
  }
  /** Let the times go on. */
  tick() {
    for (const card of this.#cards) card.tick();
  }
  #kinds() {
    return this.#options.kinds.map(({ kind }) => kind);
  }
  #find(kind) {
    return this.#operations.find((operation) => operation.kind === kind);
  }
  #isRunning() {
    return this.#operations.some(isUnfinished);
  }
  #readFacts() {
    const element = need("[data-run-facts]", this.#root);
    const then = (element.dataset["then"] ?? "").split(" ").filter(Boolean);
    return { then, need: element.textContent ?? "" };
  }
  #renderRun(facts) {
    const done = this.#operations.filter(({ status }) => status === "succeeded").length;
    const isComplete = done === this.#cards.length;
    setText(need("[data-run-count]", this.#root), `${done} sur ${this.#cards.length}`);
    setText(need("[data-label]", this.#start), isComplete ? "Tout relancer" : "Tout lancer");
    this.#start.classList.toggle("button--primary", !isComplete);
    this.#start.disabled = facts.need !== "" || this.#isRunning() || this.#isAsking;
    setText(need("[data-run-next]", this.#root), sayNext(facts, this.#isRunning(), this.#options.kinds));
  }
  async #ask() {
    const problem = need("[data-run-problem]", this.#root);
    setText(problem, "");
    this.#isAsking = true;
    this.render();
    try {
      await this.#options.runEverything();
    } catch (error) {
      setText(problem, error instanceof Error ? error.message : String(error));
      announce(problem.textContent ?? "");
    } finally {
      this.#isAsking = false;
      this.render();
    }
  }
};
function sayNext({ then, need: lacking }, isRunning, kinds) {
  const labels = then.map((kind) => lowerFirst(kinds.find((known) => known.kind === kind)?.label ?? kind));
  const row = labels.join(", puis ");
  if (isRunning) return row === "" ? BUSY : `Ensuite : ${row}. Chaque étape part dès que la précédente a réussi.`;
  if (row !== "") return `La suite (${row}) repartira après un nouvel essai réussi.`;
  return lacking;
}
function lowerFirst(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

// proposals/dashboard/src/state-keys.ts
function keyOfResult(operations, kind) {
  const operation = operations.find((candidate) => candidate.kind === kind);
  return operation?.status === "succeeded" ? nameOf2(operation) : "";
}
function keyOfEnds(operations, kinds) {
  const ended = operations.filter((operation) => kinds.includes(operation.kind) && !isUnfinished(operation));
  return join(ended.map((operation) => `${nameOf2(operation)}:${operation.status}`));
}
function keyOfStarts(operations) {
  return join(operations.map(({ operation_id }) => operation_id));
}
function keyOfRow(operations) {
  return join(operations.map(({ operation_id, status }) => `${operation_id}:${status}`));
}
function keyOfSections(sections) {
  return sections.map(
    ({ section_id, order: order2, title, words_budget, version, locked, edited, sha256, quality_score }) => JSON.stringify([section_id, order2, title, words_budget, version, locked, edited, sha256, quality_score])
  ).join(" ");
}
function join(names) {
  return [...names].sort().join(" ");
}
function nameOf2(operation) {
  return `${operation.operation_id}:${operation.attempt ?? 0}`;
}

// proposals/dashboard/src/tabs.ts
var Tabs = class {
  #tabs;
  #list;
  #onChoose;
  /** @param onChoose called with the panel that a person chose by its tab. */
  constructor(root, onChoose) {
    this.#onChoose = onChoose;
    const list = need("[data-tablist]", root);
    this.#list = list;
    this.#tabs = [...list.querySelectorAll("[data-tab]")];
    list.setAttribute("role", "tablist");
    for (const tab of this.#tabs) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panelIdOf(tab));
      this.#panelOf(tab).setAttribute("role", "tabpanel");
    }
    list.addEventListener("click", (event) => this.#clicked(event));
    list.addEventListener("keydown", (event) => this.#pressed(event));
    window.addEventListener("hashchange", () => this.#followAddress());
    this.#select(this.#tabs[0]);
    this.#followAddress();
  }
  #panelOf(tab) {
    return need(`#${panelIdOf(tab)}`);
  }
  #clicked(event) {
    const tab = event.target instanceof Element ? event.target.closest("[data-tab]") : null;
    if (tab === null) return;
    event.preventDefault();
    this.#choose(tab);
  }
  #pressed(event) {
    const current = this.#tabs.findIndex((tab2) => tab2 === document.activeElement);
    const next = nextTab(event.key, current, this.#tabs.length);
    const tab = next === null ? void 0 : this.#tabs[next];
    if (tab === void 0) return;
    event.preventDefault();
    tab.focus();
    this.#choose(tab);
  }
  /** Show a panel because a person asked for it; the page does not jump. */
  #choose(tab) {
    history.replaceState(history.state, "", tab.hash);
    this.#select(tab);
    this.#onChoose(panelIdOf(tab));
  }
  #followAddress() {
    const target = location.hash === "" ? null : document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const panel = target?.closest("[data-tabpanel]") ?? null;
    const tab = this.#tabs.find((candidate) => panel !== null && panelIdOf(candidate) === panel.id);
    if (target === null || tab === void 0) return;
    this.#select(tab);
    for (let details = target.closest("details"); details !== null; details = parentDetails(details))
      details.open = true;
    target.scrollIntoView();
  }
  #select(chosen) {
    for (const tab of this.#tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      this.#panelOf(tab).hidden = !isChosen;
    }
    if (chosen === void 0) return;
    this.#list.scrollLeft = chosen.offsetLeft - (this.#list.clientWidth - chosen.offsetWidth) / 2;
  }
};
function nextTab(key, current, total) {
  switch (key) {
    case "ArrowRight":
      return (current + 1) % total;
    case "ArrowLeft":
      return (current - 1 + total) % total;
    case "Home":
      return 0;
    case "End":
      return total - 1;
    case " ":
      return current;
    default:
      return null;
  }
}
function panelIdOf(tab) {
  return tab.hash.slice(1);
}
function parentDetails(details) {
  return details.parentElement?.closest("details") ?? null;
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

// proposals/dashboard/src/uploads.ts
var OVER = "dropzone--over";
var PROGRESS_TEMPLATE = "[data-upload-template]";
var Uploads = class {
  #zone = need("[data-dropzone]");
  #input = need("[data-upload-input]");
  #kind = need("[data-upload-kind]");
  #list = need("[data-uploads]");
  #options;
  /** One file after the other: the newest RC is the last one that somebody chose. */
  #queue = Promise.resolve();
  constructor(options) {
    this.#options = options;
    this.#input.addEventListener("change", () => {
      this.#take(this.#input.files);
      this.#input.value = "";
    });
    this.#zone.addEventListener("submit", (event) => event.preventDefault());
    this.#listenForDrops();
  }
  /** Propose the kind that the project still lacks. */
  propose(kind) {
    if (document.activeElement !== this.#kind) this.#kind.value = kind;
  }
  #listenForDrops() {
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
    let depth = 0;
    this.#zone.addEventListener("dragenter", () => this.#mark((depth += 1) > 0));
    this.#zone.addEventListener("dragleave", () => this.#mark((depth -= 1) > 0));
    this.#zone.addEventListener("drop", (event) => {
      depth = 0;
      this.#mark(false);
      this.#take(event.dataTransfer?.files ?? null);
    });
  }
  #mark(isOver) {
    this.#zone.classList.toggle(OVER, isOver);
  }
  #take(files) {
    for (const file of files ?? []) {
      const row = new UploadRow(file.name);
      this.#list.append(row.element);
      const kind = this.#kind.value;
      this.#queue = this.#queue.then(() => this.#upload(file, kind, row));
    }
  }
  async #upload(file, kind, row) {
    try {
      if (file.size > this.#options.maxBytes) throw new Error(tooBig(this.#options.maxBytes));
      await send2(this.#zone.action, file, kind, row);
      row.remove();
      announce(`${file.name} : document déposé.`);
      this.#options.onStored();
    } catch (error) {
      row.fail(error instanceof Error ? error.message : String(error));
    }
  }
};
var UploadRow = class {
  element;
  #name;
  #state;
  #bar;
  constructor(name) {
    this.#name = name;
    const template = need(PROGRESS_TEMPLATE);
    this.element = need("li", template.content).cloneNode(true);
    setText(need(".upload__name", this.element), name);
    this.#state = need(".upload__state", this.element);
    this.#bar = need("[role=progressbar]", this.element);
    this.#bar.setAttribute("aria-label", `Envoi de ${name}`);
    setText(this.#state, "en attente");
  }
  progress(percent) {
    this.#bar.setAttribute("aria-valuenow", String(percent));
    need(".progress__fill", this.#bar).setAttribute("width", `${percent}%`);
    setText(this.#state, percent < 100 ? `${percent} %` : "vérification…");
  }
  fail(sentence) {
    this.element.classList.add("upload--failed");
    this.#bar.hidden = true;
    setText(this.#state, "refusé");
    const dismiss = make("button", "button button--small upload__dismiss", "Fermer");
    dismiss.type = "button";
    dismiss.setAttribute("aria-label", `Fermer l’erreur sur ${this.#name}`);
    dismiss.addEventListener("click", () => {
      this.remove();
      need("[data-upload-input]").focus();
    });
    this.element.append(make("p", "upload__error", sentence), dismiss);
    announce(`${this.#name} : ${sentence}`);
  }
  remove() {
    this.element.remove();
  }
};
function send2(url, file, kind, row) {
  const body = new FormData();
  body.append("kind", kind);
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request2 = new XMLHttpRequest();
    request2.upload.addEventListener("progress", ({ loaded, total }) => {
      row.progress(total > 0 ? Math.floor(100 * loaded / total) : 0);
    });
    request2.addEventListener("loadend", () => {
      if (request2.status >= 200 && request2.status < 300) resolve();
      else reject(toApiError(request2.status, request2.responseText));
    });
    request2.open("POST", url);
    request2.setRequestHeader("X-CSRFToken", csrfToken());
    request2.send(body);
  });
}
function tooBig(maxBytes) {
  return `Ce fichier dépasse la taille permise (${Math.floor(maxBytes / 1024 / 1024)} Mo).`;
}

// proposals/dashboard/src/project-page.ts
var MATRIX_PANEL = "correspondances";
var ProjectPage = class {
  #root = need("[data-project-page]");
  #config;
  #clock;
  #socket;
  #pill = new ConnectionPill();
  #pipeline;
  #uploads;
  #sections;
  #panels;
  constructor(config) {
    this.#config = config;
    this.#clock = new ServerClock(config.server_now);
    this.#pipeline = this.#makePipeline();
    this.#sections = new LiveSections(config.section_labels);
    const matches = new Matches(config.matrix_url);
    const documents = this.#follow(config.documents_url, byStarts, () => this.#proposeKind());
    const facts = this.#follow(config.pipeline_url, byRow, () => this.#pipeline.render());
    const matrix = this.#follow(config.matrix_url, byMatches, () => matches.refreshed());
    this.#panels = [
      documents,
      facts,
      matrix,
      this.#follow(config.analysis_url, byAnalysis, (parts) => this.#takeInAnalysis(parts)),
      this.#follow(config.outline_url, byOutline, () => this.#sections.render()),
      this.#follow(config.outputs_url, byOutputs, () => void 0)
    ];
    this.#uploads = new Uploads({
      maxBytes: config.max_upload_bytes,
      onStored: () => {
        for (const { panel } of [documents, facts]) panel.refresh();
      }
    });
    initHandIn(config.project_id);
    this.#pipeline.show(config.operations);
    this.#sections.show(config.sections);
    this.#takeInAnalysis([document.body]);
    this.#proposeKind();
    new Tabs(need("[data-tabs]"), (panelId) => panelId === MATRIX_PANEL && matrix.panel.refresh());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") matrix.panel.refresh();
    });
    this.#socket = this.#connect();
    everySecond(() => this.#tick());
  }
  #follow(url, keyOf, onFresh) {
    return { panel: new LivePanel({ url, key: keyOf(this.#config), onFresh }), keyOf };
  }
  #connect() {
    const socket = new ProjectSocket({ url: `/ws/projects/${this.#config.project_id}`, getToken: getTicket });
    socket.on("state", (state) => this.#show(state));
    socket.on("connection", (connection) => {
      this.#pill.show(connection);
      this.#root.dataset["live"] = String(connection.state === "live");
    });
    return socket;
  }
  #makePipeline() {
    const api = `/api/projects/${this.#config.project_id}`;
    return new Pipeline({
      clock: this.#clock,
      kinds: this.#config.kinds,
      statusLabels: this.#config.status_labels,
      engineLabels: this.#config.engine_labels,
      runEverything: () => order(`${api}/run/`),
      actions: {
        start: (kind) => order(`${api}/operations/`, { kind }),
        cancel: (operationId) => this.#steer("cancel", operationId),
        retry: (operationId) => this.#steer("retry", operationId)
      }
    });
  }
  /** By the socket while it lives; else by REST, so that a proxy without WebSockets takes no button away. */
  async #steer(action, operationId) {
    if (this.#socket.connection.state === "live") await this.#socket[action](operationId);
    else await post(`/api/operations/${operationId}/${action}/`);
  }
  #show(state) {
    this.#pipeline.show(state.operations);
    this.#sections.show(state.sections);
    this.#showTitle(state.operations);
    for (const { panel, keyOf } of this.#panels) panel.follow(keyOf(state));
  }
  #showTitle(operations) {
    const running = operations.find(({ status }) => status === "running");
    const prefix = running === void 0 ? "" : `(${running.progress} %) `;
    document.title = `${prefix}${this.#config.title} – Tenderwire`;
  }
  #proposeKind() {
    const hasRc = need('[data-fragment="documents"]').dataset["hasRc"] === "true";
    this.#uploads.propose(hasRc ? "other" : "rc");
  }
  #takeInAnalysis(parts) {
    for (const part of parts) {
      initLedger(part);
      initChecklist(part);
    }
    tickCountdowns(this.#clock);
  }
  #tick() {
    this.#pipeline.tick();
    this.#pill.show(this.#socket.connection);
    tickCountdowns(this.#clock);
  }
};
var byStarts = ({ operations }) => keyOfStarts(operations);
var byRow = ({ operations }) => keyOfRow(operations);
var byAnalysis = ({ operations }) => keyOfResult(operations, "rc_analysis");
var byMatches = ({ operations }) => keyOfEnds(operations, ["rc_analysis", "matching"]);
var byOutline = ({ operations, sections }) => `${keyOfEnds(operations, ["rc_analysis"])} ${keyOfSections(sections)}`.trim();
var byOutputs = ({ operations }) => keyOfEnds(operations, ["generation", "document_generation"]);
async function order(path, body = {}) {
  await post(path, body, { "Idempotency-Key": makeUuid() });
}

// proposals/dashboard/src/project-list.ts
var INTERVAL_MS = 1e4;
var LIST = "[data-live-list]";
function followProjectList() {
  setInterval(() => {
    if (document.visibilityState === "visible") void refresh();
  }, INTERVAL_MS);
}
async function refresh() {
  try {
    const fresh = (await getFragment(location.href)).querySelector(LIST);
    const shown = document.querySelector(LIST);
    if (fresh === null || shown === null || shown.contains(document.activeElement)) return;
    if (fresh.textContent !== shown.textContent) shown.replaceWith(document.importNode(fresh, true));
  } catch {
  }
}

// proposals/dashboard/src/project.ts
if (document.querySelector("[data-project-page]") !== null) new ProjectPage(readConfig());
if (document.querySelector("[data-live-list]") !== null) followProjectList();

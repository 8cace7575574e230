// Built from proposals/dashboard/src by "npm run build". Do not edit.

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

// proposals/dashboard/src/ids.ts
function makeUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] ?? 0) & 15 | 64;
  bytes[8] = (bytes[8] ?? 0) & 63 | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// proposals/dashboard/src/library-import-request.ts
var POLL_MS = 500;
var LOST_AFTER = 20;
var LOST = "La connexion a été coupée pendant l’envoi. Réessayez.";
async function sendImport(url, id, form2, listener) {
  const upload = new Upload(url, form2, listener);
  void follow(`${url}${id}/`, upload, listener);
  try {
    return await upload.answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === "network" && upload.isSent) return await outcome(`${url}${id}/`);
    throw error;
  }
}
var Upload = class {
  answer;
  isSent = false;
  isAnswered = false;
  constructor(url, form2, listener) {
    const request2 = new XMLHttpRequest();
    request2.upload.addEventListener("progress", ({ loaded, total }) => listener.onUpload(loaded, total));
    request2.upload.addEventListener("load", () => this.isSent = true);
    this.answer = new Promise((resolve, reject) => {
      request2.addEventListener("loadend", () => {
        this.isAnswered = true;
        if (request2.status >= 200 && request2.status < 300) resolve(JSON.parse(request2.responseText));
        else reject(toApiError(request2.status, request2.responseText));
      });
    });
    request2.open("POST", url);
    request2.setRequestHeader("X-CSRFToken", csrfToken());
    request2.send(form2);
  }
};
async function follow(url, upload, listener) {
  while (!upload.isAnswered) {
    await pause();
    const state = upload.isSent ? await ask(url) : null;
    if (state !== null && !upload.isAnswered) listener.onRead(state);
  }
}
async function outcome(url) {
  for (let missed = 0; missed < LOST_AFTER; ) {
    const state = await ask(url);
    if (state?.status === "succeeded") return state;
    if (state?.status === "failed")
      throw new ApiError(422, state.error?.code ?? "unexpected", state.error?.error ?? LOST);
    if (state === null) missed += 1;
    await pause();
  }
  throw new ApiError(0, "network", LOST);
}
async function ask(url) {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
function pause() {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

// proposals/dashboard/src/library-import-state.ts
var UPLOAD_PERCENT = 20;
function uploadPercent(loaded, total) {
  return total > 0 ? Math.floor(UPLOAD_PERCENT * loaded / total) : 0;
}
function readingPercent(progress) {
  return UPLOAD_PERCENT + Math.floor((100 - UPLOAD_PERCENT) * progress / 100);
}
function describeResult({ created_total: created, duplicates_total: known }) {
  if (created === 0 && known > 0) return "Rien à ajouter : tous ces passages sont déjà dans la bibliothèque.";
  const added = created === 1 ? "1 passage ajouté" : `${created} passages ajoutés`;
  if (known === 0) return added;
  return `${added}, ${known} déjà ${known === 1 ? "présent" : "présents"}`;
}

// proposals/dashboard/src/library-import.ts
var OVER = "dropzone--over";
var PAST_IMPORTS = "[data-past-imports]";
var LibraryImportPage = class {
  #zone;
  #input = need("[data-import-input]");
  #list = need("[data-imports]");
  #maxBytes;
  /** One file after the other: what two files share is found by the second. */
  #queue = Promise.resolve();
  #waiting = 0;
  constructor(zone2) {
    this.#zone = zone2;
    this.#maxBytes = Number(zone2.dataset["maxBytes"]);
    zone2.addEventListener("submit", (event) => event.preventDefault());
    this.#input.addEventListener("change", () => {
      this.#take(this.#input.files);
      this.#input.value = "";
    });
    this.#listenForDrops();
    window.addEventListener("beforeunload", (event) => {
      if (this.#waiting > 0) event.preventDefault();
    });
  }
  #listenForDrops() {
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
    let depth = 0;
    this.#zone.addEventListener("dragenter", () => this.#zone.classList.toggle(OVER, (depth += 1) > 0));
    this.#zone.addEventListener("dragleave", () => this.#zone.classList.toggle(OVER, (depth -= 1) > 0));
    this.#zone.addEventListener("drop", (event) => {
      depth = 0;
      this.#zone.classList.remove(OVER);
      this.#take(event.dataTransfer?.files ?? null);
    });
  }
  #take(files) {
    for (const file of files ?? []) {
      const row = new ImportRow(file.name, this.#zone.dataset["itemsUrl"] ?? "");
      this.#list.append(row.element);
      const form2 = withoutEmpty(new FormData(this.#zone));
      this.#waiting += 1;
      this.#queue = this.#queue.then(() => this.#import(file, form2, row));
    }
  }
  async #import(file, form2, row) {
    try {
      row.succeed(await this.#send(file, form2, row));
    } catch (error) {
      row.fail(error instanceof Error ? error.message : String(error));
    }
    this.#waiting -= 1;
    await refreshPastImports();
  }
  #send(file, form2, row) {
    if (file.size > this.#maxBytes) throw new Error(tooBig(this.#maxBytes));
    const id = makeUuid();
    form2.set("id", id);
    form2.set("file", file);
    return sendImport(this.#zone.action, id, form2, row);
  }
};
var ImportRow = class {
  element;
  #name;
  #itemsUrl;
  #state;
  #bar;
  constructor(name, itemsUrl) {
    this.#name = name;
    this.#itemsUrl = itemsUrl;
    this.element = need("li", need("[data-import-template]").content).cloneNode(
      true
    );
    setText(need(".upload__name", this.element), name);
    this.#state = need(".upload__state", this.element);
    this.#bar = need("[role=progressbar]", this.element);
    this.#bar.setAttribute("aria-label", `Import de ${name}`);
  }
  onUpload(loaded, total) {
    this.#show(uploadPercent(loaded, total), loaded < total ? "Envoi…" : "Lecture…");
  }
  onRead({ progress, message }) {
    this.#show(readingPercent(progress), message || "Lecture…");
  }
  succeed(state) {
    const result = describeResult(state);
    this.#end("upload--done", result);
    if (state.created_total > 0) {
      const link = make("a", "upload__link", "Voir ces passages");
      link.href = `${this.#itemsUrl}?import_id=${state.id}`;
      this.element.append(link);
    }
    announce(`${this.#name} : ${result}`);
  }
  fail(sentence) {
    this.#end("upload--failed", "Refusé");
    this.element.append(make("p", "upload__error", sentence));
    announce(`${this.#name} : ${sentence}`);
  }
  #end(modifier, words) {
    this.element.classList.add(modifier);
    this.#bar.hidden = true;
    setText(this.#state, words);
  }
  #show(percent, words) {
    this.#bar.setAttribute("aria-valuenow", String(percent));
    need(".progress__fill", this.#bar).setAttribute("width", `${percent}%`);
    setText(this.#state, words);
  }
};
function withoutEmpty(form2) {
  for (const [name, value] of [...form2]) if (value === "") form2.delete(name);
  return form2;
}
async function refreshPastImports() {
  try {
    const fresh = need(PAST_IMPORTS, await getFragment(location.href));
    need(PAST_IMPORTS).replaceWith(document.importNode(fresh, true));
  } catch {
  }
}
function tooBig(maxBytes) {
  return `Ce fichier dépasse la taille permise (${Math.floor(maxBytes / 1024 / 1024)} Mo).`;
}

// proposals/dashboard/src/library-form.ts
var PAUSE_MS = 400;
var BODY = "[data-preview-body]";
var LibraryForm = class {
  #form;
  #text;
  #timer;
  #asked = 0;
  #isChanged = false;
  constructor(form2) {
    this.#form = form2;
    this.#text = need("textarea", form2);
    this.#text.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#preview(), PAUSE_MS);
    });
    form2.addEventListener("input", () => this.#isChanged = true);
    form2.addEventListener("submit", () => this.#isChanged = false);
    window.addEventListener("beforeunload", (event) => {
      if (this.#isChanged) event.preventDefault();
    });
    void this.#preview();
  }
  async #preview() {
    const number = this.#asked += 1;
    const fresh = await render(this.#form.dataset["previewUrl"] ?? "", this.#text.value);
    if (fresh === null || number !== this.#asked) return;
    need(BODY, this.#form).replaceChildren(...document.importNode(fresh, true).childNodes);
    need("[data-preview]", this.#form).hidden = this.#text.value.trim() === "";
  }
};
async function render(url, text) {
  try {
    const body = new URLSearchParams({ body: text });
    const response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
    if (!response.ok || response.redirected) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector(BODY);
  } catch {
    return null;
  }
}

// proposals/dashboard/src/library-search.ts
var RESULTS = "[data-library-results]";
var PAUSE_MS2 = 250;
var LibrarySearch = class {
  #form;
  #timer;
  #asked = 0;
  constructor(form2) {
    this.#form = form2;
    form2.addEventListener("input", () => this.#schedule(PAUSE_MS2));
    form2.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#schedule(0);
    });
  }
  #schedule(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#search(), milliseconds);
  }
  async #search() {
    const number = this.#asked += 1;
    const address = toAddress(this.#form);
    try {
      const fresh = need(RESULTS, await getFragment(address));
      if (number !== this.#asked) return;
      need(RESULTS).replaceWith(document.importNode(fresh, true));
      history.replaceState(null, "", address);
    } catch {
      if (number === this.#asked) location.assign(address);
    }
  }
};
function toAddress(form2) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form2)) {
    if (typeof value === "string" && value !== "") query.set(name, value);
  }
  return query.size > 0 ? `${location.pathname}?${query}` : location.pathname;
}

// proposals/dashboard/src/library.ts
var filters = document.querySelector("[data-library-filters]");
if (filters !== null) new LibrarySearch(filters);
var form = document.querySelector("[data-library-form]");
if (form !== null) new LibraryForm(form);
var zone = document.querySelector("[data-import-form]");
if (zone !== null) new LibraryImportPage(zone);

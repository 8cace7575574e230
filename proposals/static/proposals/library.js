// Built from proposals/dashboard/src by "npm run build". Do not edit.
"use strict";
(() => {
  // proposals/dashboard/src/api.ts
  var NO_NETWORK = "Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.";
  var UNEXPECTED = "Le serveur a répondu de façon inattendue. Réessayez.";
  var ApiError = class extends Error {
    name = "ApiError";
    status;
    code;
    constructor(status, code, message) {
      super(message);
      this.status = status;
      this.code = code;
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
    const { code, message } = parse(text)?.error ?? {};
    return new ApiError(status, code ?? "unexpected", message ?? UNEXPECTED);
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
})();

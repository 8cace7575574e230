/** The form of a passage: what is written is shown as it will read, and is not lost by leaving. */

import { csrfToken } from "./api.ts";
import { need } from "./dom.ts";

const PAUSE_MS = 400;
const BODY = "[data-preview-body]";

export class LibraryForm {
  readonly #form: HTMLFormElement;
  readonly #text: HTMLTextAreaElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #isChanged = false;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    this.#text = need<HTMLTextAreaElement>("textarea", form);
    this.#text.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#preview(), PAUSE_MS);
    });
    form.addEventListener("input", () => (this.#isChanged = true));
    form.addEventListener("submit", () => (this.#isChanged = false));
    window.addEventListener("beforeunload", (event) => {
      if (this.#isChanged) event.preventDefault();
    });
    void this.#preview();
  }

  async #preview(): Promise<void> {
    const number = (this.#asked += 1);
    const fresh = await render(this.#form.dataset["previewUrl"] ?? "", this.#text.value);
    if (fresh === null || number !== this.#asked) return;
    need(BODY, this.#form).replaceChildren(...document.importNode(fresh, true).childNodes);
    need("[data-preview]", this.#form).hidden = this.#text.value.trim() === "";
  }
}

/** Return the text as the server renders it; null when it cannot be asked: the text itself matters more. */
async function render(url: string, text: string): Promise<Element | null> {
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

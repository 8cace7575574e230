/** The list of passages follows what is typed and chosen above it, without a reload. */

import { getFragment } from "./api.ts";
import { need } from "./dom.ts";

const RESULTS = "[data-library-results]";
/** Long enough to type on, short enough to seem at once. */
const PAUSE_MS = 250;

export class LibrarySearch {
  readonly #form: HTMLFormElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    form.addEventListener("input", () => this.#schedule(PAUSE_MS));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#schedule(0);
    });
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#search(), milliseconds);
  }

  async #search(): Promise<void> {
    const number = (this.#asked += 1);
    const address = toAddress(this.#form);
    try {
      const fresh = need(RESULTS, await getFragment(address));
      // An answer that was overtaken by the next question is dropped.
      if (number !== this.#asked) return;
      need(RESULTS).replaceWith(document.importNode(fresh, true));
      history.replaceState(null, "", address);
    } catch {
      if (number === this.#asked) location.assign(address);
    }
  }
}

/** The address that the form would lead to, without the fields that say nothing. */
function toAddress(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") query.set(name, value);
  }
  return query.size > 0 ? `${location.pathname}?${query}` : location.pathname;
}

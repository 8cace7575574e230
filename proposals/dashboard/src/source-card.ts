/** Shows what a statement rests on, when it is pointed at or its reference has the keyboard. */

import { make } from "./dom.ts";

/** Time to reach the card before it goes, in milliseconds. */
const LINGER_MS = 250;
const GAP_PIXELS = 6;
const UNPROVEN = "Aucune source trouvée pour cette affirmation.";

export class SourceCard {
  readonly #root: HTMLElement;
  readonly #card: HTMLElement;
  #shown = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, card: HTMLElement) {
    this.#root = root;
    this.#card = card;
    root.addEventListener("pointerover", (event) => this.#over(event.target));
    root.addEventListener("focusin", (event) => this.#over(event.target));
    root.addEventListener("focusout", () => this.#leave());
    document.addEventListener("pointerdown", ({ target }) => !card.contains(target as Node | null) && this.#hide());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#hide());
  }

  #over(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    if (this.#card.contains(target)) {
      clearTimeout(this.#timer);
      return;
    }
    const statement = target.closest<HTMLElement>("[data-statement]");
    const reference = target.closest<HTMLElement>("[data-source]");
    if (statement === null && reference === null) this.#leave();
    else if (!this.#root.classList.contains("hides-sources")) this.#show(statement, reference);
  }

  #show(statement: HTMLElement | null, reference: HTMLElement | null): void {
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
  #keysBehind(number: string): string[] {
    const last = [...this.#pieces(number)].at(-1);
    const references = last?.nextElementSibling ?? last?.parentElement?.nextElementSibling;
    if (references?.matches(".refs") !== true) return [];
    return [...references.querySelectorAll<HTMLElement>("[data-source]")].map((link) => link.dataset["source"] ?? "");
  }

  #pieces(number: string): NodeListOf<HTMLElement> {
    return this.#root.querySelectorAll<HTMLElement>(`[data-statement="${number}"]`);
  }

  #describe(keys: readonly string[]): readonly HTMLElement[] {
    const entries = keys.flatMap((key) => {
      const entry = this.#root.querySelector(`[data-source-entry="${CSS.escape(key)}"]`);
      return entry === null ? [] : [this.#copy(entry)];
    });
    return entries.length > 0 ? entries : [make("p", "source-card__none", UNPROVEN)];
  }

  #copy(entry: Element): HTMLElement {
    const copy = make("div", "source");
    for (const part of entry.querySelectorAll(".source__line, .source__facts, .source__text")) {
      copy.append(part.cloneNode(true));
    }
    return copy;
  }

  #place(anchor: HTMLElement): void {
    const at = anchor.getClientRects()[0];
    if (at === undefined) return;
    this.#card.hidden = false;
    const { width, height } = this.#card.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    const fitsBelow = at.bottom + GAP_PIXELS + height < innerHeight;
    const top = fitsBelow ? at.bottom + GAP_PIXELS : Math.max(8, at.top - GAP_PIXELS - height);
    this.#card.style.setProperty("left", `${left}px`);
    this.#card.style.setProperty("top", `${top}px`);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hide(), LINGER_MS);
  }

  #hide(): void {
    clearTimeout(this.#timer);
    this.#shown = "";
    this.#card.hidden = true;
    for (const piece of this.#root.querySelectorAll(".said--active")) piece.classList.remove("said--active");
  }

  #mark(number: string, isActive: boolean): void {
    for (const piece of this.#pieces(number)) piece.classList.toggle("said--active", isActive);
  }
}

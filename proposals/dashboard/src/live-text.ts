/** The text of a section while it is being written. */

import type { SectionState } from "../../../realtime/client/src/index.ts";
import { need, setText } from "./dom.ts";
import { countWords, sayWords } from "./words.ts";

/** Nearer to the end than this, a reader follows the text. */
const NEAR_END_PIXELS = 48;

export class LiveText {
  readonly #root: HTMLElement;
  readonly #text: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#text = need("[data-live-text]", root);
  }

  show({ status, text }: SectionState): void {
    this.#root.hidden = status !== "writing";
    const isAtEnd = this.#text.scrollHeight - this.#text.scrollTop - this.#text.clientHeight < NEAR_END_PIXELS;
    setText(this.#text, text ?? "");
    setText(need("[data-live-words]", this.#root), sayWords(countWords(text ?? "")));
    // Whoever scrolled up to read is left there.
    if (isAtEnd) this.#text.scrollTop = this.#text.scrollHeight;
  }

  hide(): void {
    this.#root.hidden = true;
  }
}

/** The sections of the proposal while they are written: their states, and the text as it comes. */

import type { SectionState } from "../../../realtime/client/src/index.ts";
import { announce, need, setText } from "./dom.ts";

export class LiveSections {
  readonly #root = need("#memoire");
  readonly #labels: Readonly<Record<string, string>>;
  #sections: readonly SectionState[] = [];

  constructor(labels: Readonly<Record<string, string>>) {
    this.#labels = labels;
  }

  show(sections: readonly SectionState[]): void {
    const before = this.#sections;
    this.#sections = sections;
    this.render();
    for (const section of findFinished(before, sections)) announce(`Section rédigée : ${section.title}.`);
  }

  /** Show it again: the rows are fresh from the server. */
  render(): void {
    for (const section of this.#sections) {
      const row = this.#root.querySelector<HTMLElement>(`[data-section="${section.section_id}"]`);
      if (row !== null) this.#renderRow(row, section);
    }
  }

  #renderRow(row: HTMLElement, { status, text }: SectionState): void {
    row.dataset["status"] = status;
    const label = need("[data-section-status]", row);
    label.className = `status status--section-${status}`;
    setText(label, this.#labels[status] ?? status);
    need("[data-section-live]", row).hidden = status !== "writing";
    const draft = need("[data-section-draft]", row);
    const isAtEnd = draft.scrollHeight - draft.scrollTop - draft.clientHeight < NEAR_END_PIXELS;
    setText(draft, text ?? "");
    // Whoever scrolled up to read is left there.
    if (isAtEnd) draft.scrollTop = draft.scrollHeight;
  }
}

/** Nearer to the end than this, a reader follows the text. */
const NEAR_END_PIXELS = 40;

/** The sections that were being written and are written now. */
export function findFinished(before: readonly SectionState[], now: readonly SectionState[]): readonly SectionState[] {
  return now.filter(({ section_id, status }) => {
    const earlier = before.find((section) => section.section_id === section_id);
    return status === "written" && earlier?.status === "writing";
  });
}

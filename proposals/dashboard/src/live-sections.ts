/** The sections of the proposal while they are written: their states, and the text as it comes. */

import type { SectionState } from "../../../realtime/client/src/index.ts";
import { announce, need, setText } from "./dom.ts";
import { LiveText } from "./live-text.ts";

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

  #renderRow(row: HTMLElement, section: SectionState): void {
    const { status } = section;
    row.dataset["status"] = status;
    const label = need("[data-section-status]", row);
    label.className = `status status--section-${status}`;
    setText(label, this.#labels[status] ?? status);
    new LiveText(need("[data-section-live]", row)).show(section);
  }
}

/** The sections that were being written and are written now. */
export function findFinished(before: readonly SectionState[], now: readonly SectionState[]): readonly SectionState[] {
  return now.filter(({ section_id, status }) => {
    const earlier = before.find((section) => section.section_id === section_id);
    return status === "written" && earlier?.status === "writing";
  });
}

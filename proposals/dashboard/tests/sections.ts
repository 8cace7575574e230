/** Sections for tests: each gives what is not asked for a sensible value. */

import type { SectionState } from "../../../realtime/client/src/index.ts";

export function makeSection(fields: Partial<SectionState> = {}): SectionState {
  return {
    section_id: "s1",
    order: 1,
    title: "Méthode",
    status: "planned",
    version: 0,
    locked: false,
    edited: false,
    words_budget: 400,
    length: 0,
    sha256: "e3b0",
    quality_score: null,
    text: null,
    ...fields,
  };
}

import { describe, expect, it } from "vitest";

import { makeUuid } from "../src/ids.ts";
import { describeResult, readingPercent, uploadPercent, type ImportState } from "../src/library-import-state.ts";

function finished(created_total: number, duplicates_total: number): ImportState {
  return {
    id: "i",
    status: "succeeded",
    progress: 100,
    message: "",
    created_total,
    duplicates_total,
    error: null,
  };
}

describe("the result of an import", () => {
  it.each([
    [finished(23, 2), "23 passages ajoutés, 2 déjà présents"],
    [finished(1, 1), "1 passage ajouté, 1 déjà présent"],
    [finished(4, 0), "4 passages ajoutés"],
    [finished(0, 12), "Rien à ajouter : tous ces passages sont déjà dans la bibliothèque."],
  ])("says what was added and what was there", (state, sentence) => {
    expect(describeResult(state)).toBe(sentence);
  });
});

describe("the bar of an import", () => {
  it("goes on where the upload ended", () => {
    const steps = [
      uploadPercent(0, 10),
      uploadPercent(10, 10),
      readingPercent(0),
      readingPercent(50),
      readingPercent(100),
    ];

    expect(steps).toEqual([0, 20, 20, 60, 100]);
  });

  it("does not divide by the size of an empty file", () => {
    expect(uploadPercent(0, 0)).toBe(0);
  });
});

describe("an id that this side chooses", () => {
  it("is a random UUID", () => {
    expect(makeUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(makeUuid()).not.toBe(makeUuid());
  });
});

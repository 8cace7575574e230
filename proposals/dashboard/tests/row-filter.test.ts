import { describe, expect, test } from "vitest";

import { fits, toPlain, toWords } from "../src/row-filter.ts";

const ROW = toPlain("R-012 Disponibilité du service : 99,5 %");
const DATA = { category: "technical", strength: "none" };

describe("a row is shown", () => {
  test.each([
    ["when nothing is looked for", "", {}, true],
    ["when it has all the words, in any order", "service disponibilité", {}, true],
    ["without regard to case and accents", "DISPONIBILITE", {}, true],
    ["by its code", "r-012", {}, true],
    ["never when a word is missing", "service planning", {}, false],
    ["when it has the chosen values", "", { category: "technical", strength: "" }, true],
    ["never with another value", "", { category: "technical", strength: "strong" }, false],
    ["only when words and choices fit", "planning", { strength: "none" }, false],
  ])("%s", (_, search, choices, isShown) => {
    expect(fits(ROW, DATA, { words: toWords(search), choices })).toBe(isShown);
  });
});

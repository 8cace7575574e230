import { describe, expect, test } from "vitest";

import { sayNext } from "../src/pipeline.ts";

const KINDS = [
  { kind: "matching", label: "Recherche de contenus" },
  { kind: "generation", label: "Rédaction des sections" },
];
const IDLE = { then: [], need: "" };

describe("the line under the title", () => {
  test("says what follows by itself", () => {
    const facts = { ...IDLE, then: ["matching", "generation"] };

    expect(sayNext(facts, true, KINDS)).toContain("Ensuite : recherche de contenus, puis rédaction des sections.");
  });

  test("says why everything waits while an operation runs alone", () => {
    expect(sayNext(IDLE, true, KINDS)).toContain("Une opération est en cours");
  });

  test("says that the rest waits for a retry after a failure", () => {
    expect(sayNext({ ...IDLE, then: ["generation"] }, false, KINDS)).toContain("après un nouvel essai réussi");
  });

  test("says what is missing", () => {
    expect(sayNext({ then: [], need: "Déposez le RC." }, false, KINDS)).toBe("Déposez le RC.");
  });

  test("is empty when nothing stands in the way", () => {
    expect(sayNext(IDLE, false, KINDS)).toBe("");
  });
});

import { describe, expect, test } from "vitest";

import type { JsonObject } from "../../../realtime/client/src/index.ts";
import { findOutdated, sayElapsed, sayEngine, sayResult, sayStep } from "../src/operation-words.ts";
import { makeOperation } from "./operations.ts";

const KINDS = ["rc_analysis", "matching", "generation", "document_generation"];
const said = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("a step", () => {
  test.each<[string, JsonObject, string]>([
    ["rc_analysis", { status: "extracting_text", message: "Page 3 sur 9" }, "Page 3 sur 9"],
    [
      "matching",
      { current_requirement: "R-012 Disponibilité", requirements_completed: 12, requirements_total: 59 },
      "R-012 Disponibilité – 12 sur 59",
    ],
    [
      "matching",
      { current_requirement: "Complete", requirements_completed: 59, requirements_total: 59 },
      "59 sur 59 exigences",
    ],
    [
      "generation",
      { current_section: "Méthodologie", sections_completed: 3, sections_total: 9, quality_score: 0.824 },
      "Méthodologie – 3 sections sur 9 – qualité 82 %",
    ],
    [
      "generation",
      { current_section: "Planning", sections_completed: 0, sections_total: 9, quality_score: null },
      "Planning – 0 sections sur 9",
    ],
    ["document_generation", { status: "rendering_pdf", message: "Mise en page du PDF" }, "Mise en page du PDF"],
  ])("of %s is said from its own fields", (kind, step, text) => {
    expect(said(sayStep(makeOperation({ kind, step })))).toBe(text);
  });

  test("of an operation that waits for a worker is the waiting", () => {
    expect(sayStep(makeOperation({ status: "pending" }))).toBe("En file d’attente…");
  });

  test("is not said any more once the operation has failed", () => {
    expect(sayStep(makeOperation({ status: "failed", step: { message: "Page 3" } }))).toBe("");
  });
});

describe("a result", () => {
  test.each<[string, JsonObject, string]>([
    ["rc_analysis", { criteria_total: 4, requirements_total: 1, warnings_total: 0 }, "4 critères · 1 exigence"],
    [
      "matching",
      { requirements_total: 59, strong_total: 41, partial_total: 9, gaps_total: 9, expired_total: 1 },
      "41 exigences couvertes · 9 partielles · 9 manques · 1 passage périmé",
    ],
    [
      "generation",
      { sections_total: 9, sections_written: 9, words_total: 4210, gaps_total: 7, quality_score: 0.78 },
      "9 sections rédigées · 4 210 mots · 7 points à compléter · qualité 78 %",
    ],
    [
      "document_generation",
      { documents: [{}, {}, {}], version: 2, pages: 38, gaps_total: 0 },
      "3 documents · version 2 · 38 pages",
    ],
  ])("of %s is said in numbers, without what there is none of", (kind, result, text) => {
    expect(said(sayResult(makeOperation({ kind, status: "succeeded", result })))).toBe(text);
  });

  test("is not said before the operation has succeeded", () => {
    expect(sayResult(makeOperation({ result: { criteria_total: 4 } }))).toBe("");
  });

  test.each([
    [{ pages: 44, pages_counted: 38, page_limit: 40, over_limit: false }, "38 pages sur 40 permises"],
    [{ pages: 44, pages_counted: 42, page_limit: 40, over_limit: true }, "42 pages pour 40 permises"],
    [{ pages: 44, pages_counted: 44, page_limit: null, over_limit: false }, "44 pages"],
  ])("compares the pages that count with the limit: %j", (result, text) => {
    expect(sayResult(makeOperation({ kind: "document_generation", status: "succeeded", result }))).toBe(text);
  });

  test("names its engine", () => {
    const done = (engine: string) => makeOperation({ status: "succeeded", result: { engine } });

    expect(sayEngine(done("offline"), { offline: "hors ligne" })).toBe("hors ligne");
    expect(sayEngine(done("claude-sonnet"), { offline: "hors ligne" })).toBe("claude-sonnet");
    expect(sayEngine(makeOperation())).toBe("");
  });
});

describe("the time of an operation", () => {
  const now = Date.parse("2026-03-02T09:15:31.000Z");

  test.each([
    ["runs on while it is unfinished", {}, "30 s"],
    ["stands still once it has ended", { finished_at: "2026-03-02T09:15:11.000Z" }, "10 s"],
    ["is not said before it has started", { started_at: null }, ""],
  ])("%s", (_, fields, text) => {
    expect(said(sayElapsed(makeOperation(fields), now))).toBe(text);
  });
});

describe("a result is outdated", () => {
  const done = (kind: string, started: number, finished: number) =>
    makeOperation({
      kind,
      status: "succeeded",
      started_at: `2026-03-02T09:${started}:00.000Z`,
      finished_at: `2026-03-02T09:${finished}:00.000Z`,
    });

  test("when an operation before it has run again since", () => {
    const operations = [done("rc_analysis", 30, 31), done("matching", 12, 13), done("generation", 32, 33)];

    expect([...findOutdated(KINDS, operations)]).toEqual(["matching"]);
  });

  test("never when all ran one after the other", () => {
    const operations = [done("rc_analysis", 10, 11), done("matching", 11, 12), done("document_generation", 13, 14)];

    expect([...findOutdated(KINDS, operations)]).toEqual([]);
  });
});

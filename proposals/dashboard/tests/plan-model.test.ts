import { describe, expect, test } from "vitest";

import * as model from "../src/plan-model.ts";
import type { Plan, PlanSection } from "../src/plan-model.ts";

function section(key: string, fields: Partial<PlanSection> = {}): PlanSection {
  const about = { title: `Section ${key}`, guidance: "", criterion: null, requirement_ids: [], words_budget: 400 };
  return { id: key, key, ...about, status: "planned", version: 0, locked: false, ...fields };
}

const plan: Plan = [section("a"), section("b", { version: 2, requirement_ids: ["r1"] }), section("c")];
const keys = (shown: Plan): string => shown.map(({ key }) => key).join("");

describe("moving a section", () => {
  test.each([
    ["b", -1, "bac"],
    ["b", 1, "acb"],
    ["a", -1, "abc"],
    ["c", 1, "abc"],
    ["x", 1, "abc"],
  ] as const)("%s by %i gives %s", (key, steps, expected) => {
    expect(keys(model.move(plan, key, steps))).toBe(expected);
  });
});

test("a section is added at the end and removed wherever it stands", () => {
  expect(keys(model.add(plan, "new"))).toBe("abcnew");
  expect(model.add(plan, "new").at(-1)).toMatchObject({ id: null, title: "", version: 0 });
  expect(keys(model.remove(plan, "b"))).toBe("ac");
});

test("a requirement is assigned once, and taken back", () => {
  const assigned = model.assign(model.assign(plan, "b", "r2", true), "b", "r2", true);

  expect(assigned[1]?.requirement_ids).toEqual(["r1", "r2"]);
  expect(model.assign(assigned, "b", "r1", false)[1]?.requirement_ids).toEqual(["r2"]);
});

test("the length is words, pages with those before the text, and the share of what is allowed", () => {
  const limits = { page_limit: 4, words_per_page: 500, pages_before_the_text: 2 };

  expect(model.measure(plan, limits)).toEqual({ words: 1200, pages: 5, share: 1.25 });
  expect(model.measure(plan, { ...limits, page_limit: null }).share).toBeNull();
});

test("requirements are loose when a section should cover them and none does", () => {
  const requirements = [
    { id: "r1", code: "R-001", text: "Planning", is_outside: false },
    { id: "r2", code: "R-002", text: "Équipe", is_outside: false },
    { id: "r3", code: "R-003", text: "DC1", is_outside: true },
  ];

  expect(model.findLoose(plan, requirements).map(({ code }) => code)).toEqual(["R-002"]);
});

test.each([
  [{ title: "  " }, "La section 2 n’a pas de titre."],
  [{ words_budget: 49 }, "La section 2 doit avoir de 50 à 20 000 mots."],
  [{ words_budget: 20_001 }, "La section 2 doit avoir de 50 à 20 000 mots."],
  [{ words_budget: Number.NaN }, "La section 2 doit avoir de 50 à 20 000 mots."],
  [{}, ""],
])("a section with %o is faulty: %s", (fields, fault) => {
  expect(model.findFault(model.change(plan, "b", fields))).toBe(fault);
});

test("what is saved names every section, and the written ones that shall go", () => {
  const wanted = model.add(model.change(model.remove(model.remove(plan, "b"), "c"), "a", { title: " Avant " }), "new");

  expect(model.toOrder(wanted, plan, "v1")).toEqual({
    plan_version: "v1",
    sections: [
      { id: "a", title: "Avant", words_budget: 400, guidance: "", requirement_ids: [] },
      { title: "", words_budget: 400, guidance: "", requirement_ids: [] },
    ],
    removed: ["b"],
  });
});

test("a plan is the same again when a change was undone, whatever runs have written meanwhile", () => {
  const there = model.move(plan, "a", 1);
  const written = model.change(plan, "a", { status: "written", version: 1 });

  expect(model.isSame(there, plan)).toBe(false);
  expect(model.isSame(model.move(there, "a", -1), plan)).toBe(true);
  expect(model.isSame(written, plan)).toBe(true);
});

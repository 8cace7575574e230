import { describe, expect, test } from "vitest";

import { findFinished } from "../src/live-sections.ts";
import { keyOfEnds, keyOfResult, keyOfRow, keyOfSections, keyOfStarts } from "../src/state-keys.ts";
import { makeOperation } from "./operations.ts";
import { makeSection } from "./sections.ts";

describe("a part of the page that shows a result", () => {
  test("is fetched for each success, also for one of a further attempt", () => {
    const done = makeOperation({ status: "succeeded" });

    expect(keyOfResult([makeOperation()], "rc_analysis")).toBe("");
    expect(keyOfResult([done], "rc_analysis")).not.toBe("");
    expect(keyOfResult([done], "rc_analysis")).not.toBe(keyOfResult([{ ...done, attempt: 2 }], "rc_analysis"));
  });

  test("is fetched for each end of its kinds, whatever the end", () => {
    const cancelled = makeOperation({ kind: "matching", status: "cancelled" });

    expect(keyOfEnds([makeOperation({ kind: "matching" })], ["matching"])).toBe("");
    expect(keyOfEnds([cancelled], ["matching"])).not.toBe("");
    expect(keyOfEnds([cancelled], ["generation"])).toBe("");
  });
});

describe("the order of operations in a snapshot", () => {
  const one = makeOperation({ status: "succeeded" });
  const other = makeOperation({ kind: "matching", status: "failed" });

  test.each([
    ["starts", keyOfStarts],
    ["the row", keyOfRow],
    ["ends", (operations: readonly (typeof one)[]) => keyOfEnds(operations, ["rc_analysis", "matching"])],
  ])("changes nothing about %s", (_, keyOf) => {
    expect(keyOf([one, other])).toBe(keyOf([other, one]));
  });
});

describe("the sections on the page", () => {
  test.each([
    ["a new text", { sha256: "9f2c", version: 1 }, true],
    ["a lock", { locked: true }, true],
    ["another place", { order: 2 }, true],
    ["text that is being written", { status: "writing", text: "Notre" } as const, false],
  ])("are fetched anew for %s: %s", (_, change, isFetched) => {
    const before = keyOfSections([makeSection()]);

    expect(keyOfSections([makeSection(change)]) !== before).toBe(isFetched);
  });

  test("are announced once they are written, not when a run gives up", () => {
    const before = [makeSection({ status: "writing" }), makeSection({ section_id: "s2", status: "writing" })];
    const now = [makeSection({ status: "written" }), makeSection({ section_id: "s2", status: "planned" })];

    expect(findFinished(before, now).map(({ section_id }) => section_id)).toEqual(["s1"]);
    expect(findFinished(now, now)).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";

import { countdownParts, formatAgo, formatDuration, formatEstimate } from "../src/format.ts";

const NBSP = "\u00a0";
const said = (text: string): string => text.replaceAll(NBSP, " ");

describe("a duration", () => {
  test.each([
    [-3, "0 s"],
    [12.4, "12 s"],
    [59.6, "1 min 00 s"],
    [125, "2 min 05 s"],
    [3_720, "1 h 02 min"],
  ])("of %d s is said as %s", (seconds, text) => {
    expect(said(formatDuration(seconds))).toBe(text);
  });
});

describe("an estimate", () => {
  test.each([
    [0, "moins d’une seconde"],
    [12.3, "environ 12 s"],
    [33, "environ 35 s"],
    [58, "environ 1 min"],
    [59.9, "environ 1 min"],
    [150, "environ 3 min"],
    [7_300, "environ 2 h"],
  ])("of %d s is the vaguer the longer: %s", (seconds, text) => {
    expect(said(formatEstimate(seconds))).toBe(text);
  });
});

describe("a countdown", () => {
  test("splits what is left into days, hours, minutes and seconds", () => {
    const left = ((2 * 24 + 3) * 60 + 4) * 60_000 + 5_999;

    expect(countdownParts(left).map(({ value, unit }) => `${value} ${unit}`)).toEqual([
      "2 jours",
      "03 h",
      "04 min",
      "05 s",
    ]);
  });

  test("never counts below zero", () => {
    expect(countdownParts(-1).map(({ value }) => value)).toEqual(["0", "00", "00", "00"]);
  });
});

describe("an instant of the past", () => {
  const now = new Date(2026, 2, 10, 12, 0, 0);

  test.each([
    [0, "à l’instant"],
    [59, "à l’instant"],
    [60, "il y a 1 min"],
    [3_599, "il y a 59 min"],
    [7_200, "il y a 2 h"],
    [86_400, "hier"],
    [4 * 86_400, "il y a 4 j"],
    [9 * 86_400, "1 mars"],
  ])("%d s ago is said as %s", (seconds, text) => {
    expect(said(formatAgo(new Date(now.getTime() - seconds * 1000), now))).toBe(text);
  });
});

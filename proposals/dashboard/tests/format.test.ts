import { describe, expect, test } from "vitest";

import { countdownParts, formatDuration, formatEstimate } from "../src/format.ts";

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

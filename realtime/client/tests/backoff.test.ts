import { describe, expect, test } from "vitest";

import { BACKOFF_LIMIT_MS, backoffMs, retryDelayMs } from "../src/backoff.ts";

describe("the wait before a retry", () => {
  test.each([
    [0, 500],
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, BACKOFF_LIMIT_MS],
    [1_000_000, BACKOFF_LIMIT_MS],
  ])("after %i failures is at most %i ms", (failures, longest) => {
    expect(backoffMs(failures, 0.999999)).toBe(longest);
    expect(backoffMs(failures, 0.5)).toBe(longest / 2);
    expect(backoffMs(failures, 0)).toBe(0);
  });

  test("is the server's word on the first try", () => {
    expect(retryDelayMs(0, 0.9, 2_817)).toBe(2_817);
    expect(retryDelayMs(0, 0.9, 0)).toBe(0);
  });

  test("is the longer of both after a failure", () => {
    expect(retryDelayMs(3, 0.5, 0)).toBe(2_000);
    expect(retryDelayMs(3, 0.5, 5_000)).toBe(5_000);
  });
});

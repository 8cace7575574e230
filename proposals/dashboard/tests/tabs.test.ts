import { expect, test } from "vitest";

import { nextTab } from "../src/tabs.ts";

test.each([
  ["ArrowRight", 0, 1],
  ["ArrowRight", 3, 0],
  ["ArrowLeft", 0, 3],
  ["ArrowLeft", 2, 1],
  ["Home", 2, 0],
  ["End", 1, 3],
  [" ", 2, 2],
  ["Enter", 2, null],
  ["a", 0, null],
])("the key %j on tab %d of four leads to %j", (key, current, next) => {
  expect(nextTab(key, current, 4)).toBe(next);
});

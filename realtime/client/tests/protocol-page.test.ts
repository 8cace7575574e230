import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { blocks, PROTOCOL_PAGE } from "./protocol-page.ts";

const SOURCES = new URL("../src/", import.meta.url);
const source = readdirSync(SOURCES)
  .map((name) => readFileSync(new URL(name, SOURCES), "utf8"))
  .join("\n");

test("the page lists the reasons that the client itself gives for waiting and closing", () => {
  const chapter = PROTOCOL_PAGE.split("## Client library")[1]?.split("\n## ")[0] ?? "";
  const documented = [...chapter.matchAll(/^\| `(\w+)` \| (?:waiting|closed)/gm)].map((match) => match[1]);

  const [, union] = /export type OwnReason =([^;]*);/.exec(source) ?? [];
  const given = [...(union ?? "").matchAll(/"(\w+)"/g)].map((match) => match[1]);

  expect(given).not.toEqual([]);
  // An expired token is also a reason of the server's.
  expect(new Set(documented)).toEqual(new Set(given.filter((reason) => reason !== "token_expired")));
});

test("every command of the page is one that the client knows", () => {
  const shown = blocks("json command").map((text) => (JSON.parse(text) as { type: string }).type);

  expect(shown.length).toBeGreaterThanOrEqual(4);
  for (const type of shown) expect(source).toContain(`readonly type: "${type}"`);
});

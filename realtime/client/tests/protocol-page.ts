/** The frames that realtime/PROTOCOL.md shows. */

import { readFileSync } from "node:fs";

export const PROTOCOL_PAGE = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");

/** Return the texts of the fenced blocks with an info string. */
export function blocks(info: string): string[] {
  const fences = new RegExp(`^\`\`\`${info}\\n([^]*?)^\`\`\``, "gm");
  return [...PROTOCOL_PAGE.matchAll(fences)].map((match) => match[1] ?? "");
}

/** Return every text that the server sends in an example or a dialogue. */
export function serverTexts(): string[] {
  const lines = blocks("dialogue").flatMap((dialogue) => dialogue.split("\n"));
  return [...blocks("json"), ...lines.filter((line) => line.startsWith("S: ")).map((line) => line.slice(3))];
}

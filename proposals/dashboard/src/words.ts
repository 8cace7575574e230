/** Words as the server counts them (`quality.count_words`): letters and figures, without gaps. */

import { formatNumber } from "./format.ts";

const GAP = /\[\s*à\s+compl[ée]ter\s*:?\s*(?:[^[\]]|\[[^[\]]*\])*\]/giu;
const WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;

export function countWords(text: string): number {
  return text.replaceAll(GAP, " ").match(WORD)?.length ?? 0;
}

/** "1 mot", "1 250 mots". */
export function sayWords(count: number): string {
  return `${formatNumber(count)} mot${count > 1 ? "s" : ""}`;
}

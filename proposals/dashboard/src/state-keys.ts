/** Names of what a part of the page reflects: the same name, the same content. */

import type { OperationState, SectionState } from "../../../realtime/client/src/index.ts";
import { isUnfinished } from "./operation-words.ts";

/** Names the result that an operation of a kind has left; empty while there is none. */
export function keyOfResult(operations: readonly OperationState[], kind: string): string {
  const operation = operations.find((candidate) => candidate.kind === kind);
  return operation?.status === "succeeded" ? nameOf(operation) : "";
}

/** Names the ends of the operations of some kinds: those that failed may have left something too. */
export function keyOfEnds(operations: readonly OperationState[], kinds: readonly string[]): string {
  const ended = operations.filter((operation) => kinds.includes(operation.kind) && !isUnfinished(operation));
  return join(ended.map((operation) => `${nameOf(operation)}:${operation.status}`));
}

/** Names what has been asked for. */
export function keyOfStarts(operations: readonly OperationState[]): string {
  return join(operations.map(({ operation_id }) => operation_id));
}

/** Names what has been asked for, and how far it is. */
export function keyOfRow(operations: readonly OperationState[]): string {
  return join(operations.map(({ operation_id, status }) => `${operation_id}:${status}`));
}

/** Names the plan and the texts of the sections, not the text that is just being written. */
export function keyOfSections(sections: readonly SectionState[]): string {
  return sections
    .map(({ section_id, order, title, words_budget, version, locked, edited, sha256, quality_score }) =>
      JSON.stringify([section_id, order, title, words_budget, version, locked, edited, sha256, quality_score]),
    )
    .join(" ");
}

/** Snapshots carry operations in any order. */
function join(names: readonly string[]): string {
  return [...names].sort().join(" ");
}

function nameOf(operation: OperationState): string {
  return `${operation.operation_id}:${operation.attempt ?? 0}`;
}

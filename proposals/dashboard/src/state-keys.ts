/** Names of what a part of the page reflects: the same name, the same content. */

import type { OperationState } from "../../../realtime/client/src/index.ts";

/** Names the result that an operation of a kind has left; empty while there is none. */
export function keyOfResult(operations: readonly OperationState[], kind: string): string {
  const operation = operations.find((candidate) => candidate.kind === kind);
  return operation?.status === "succeeded" ? `${operation.operation_id}:${operation.attempt ?? 0}` : "";
}

/** Names what has been asked for. */
export function keyOfStarts(operations: readonly OperationState[]): string {
  return operations.map(({ operation_id }) => operation_id).join(" ");
}

/** Names what has been asked for, and how far it is. */
export function keyOfRow(operations: readonly OperationState[]): string {
  return operations.map(({ operation_id, status }) => `${operation_id}:${status}`).join(" ");
}

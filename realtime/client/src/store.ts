/**
 * Fold events into the state of a project. Pure: the same snapshot and events always give the same state.
 *
 * Source: PROTOCOL.md, "State and fold".
 */

import type {
  JsonObject,
  LoggedEvent,
  OperationChanged,
  OperationState,
  ProgressEvent,
  ProjectState,
  Snapshot,
} from "./protocol.ts";

/** Return the state that a snapshot carries. */
export function fromSnapshot(snapshot: Snapshot): ProjectState {
  const { epoch, sequence, operations, sections } = snapshot;
  return { epoch, sequence, operations, sections };
}

/** Return the state after an event; the same object when the event was already folded. */
export function fold(state: ProjectState, event: LoggedEvent): ProjectState {
  if (event.sequence <= state.sequence) return state;
  return { ...state, sequence: event.sequence, operations: foldOperations(state.operations, event) };
}

/** Return the state at a later position, for an event of a type that this client does not know. */
export function skip(state: ProjectState, sequence: number): ProjectState {
  return sequence <= state.sequence ? state : { ...state, sequence };
}

function foldOperations(operations: readonly OperationState[], event: LoggedEvent): readonly OperationState[] {
  if (event.operation_id === null) return operations;
  const known = operations.find((operation) => operation.operation_id === event.operation_id);
  if (event.type === "operation") {
    return replace(operations, changeState(known ?? createOperation(event, event.operation_id), event));
  }
  return known === undefined ? operations : replace(operations, foldDetail(known, event));
}

/** Put an operation in the place of the one of its kind. */
function replace(operations: readonly OperationState[], changed: OperationState): readonly OperationState[] {
  return operations.some((operation) => operation.kind === changed.kind)
    ? operations.map((operation) => (operation.kind === changed.kind ? changed : operation))
    : [...operations, changed];
}

function createOperation(event: OperationChanged, operationId: string): OperationState {
  return {
    operation_id: operationId,
    kind: event.kind,
    status: event.status,
    attempt: event.attempt,
    progress: event.progress,
    eta_seconds: event.eta_seconds,
    requested_by: event.requested_by,
    step: null,
    error: null,
    result: null,
    created_at: event.timestamp,
    started_at: null,
    finished_at: null,
  };
}

function changeState(operation: OperationState, event: OperationChanged): OperationState {
  const { kind, status, attempt, progress, eta_seconds, requested_by } = event;
  return { ...operation, kind, status, attempt, progress, eta_seconds, requested_by, ...consequencesOf(event) };
}

function consequencesOf(event: OperationChanged): Partial<OperationState> {
  switch (event.status) {
    case "pending":
      return { step: null, error: null, result: null, started_at: null, finished_at: null };
    case "running":
      return { step: null, error: null, result: null, started_at: event.timestamp, finished_at: null };
    case "cancelling":
      return {};
    case "succeeded":
    case "failed":
    case "cancelled":
      return { finished_at: event.timestamp };
  }
}

function foldDetail(operation: OperationState, event: Exclude<LoggedEvent, OperationChanged>): OperationState {
  switch (event.type) {
    case "rc_analysis_progress":
    case "matching_progress":
    case "generation_progress":
    case "document_generation_progress": {
      const { progress, eta_seconds, attempt } = event;
      return { ...operation, progress, eta_seconds, attempt, step: stepOf(event) };
    }
    case "error":
      return { ...operation, error: { code: event.code, error: event.error, retryable: event.retryable } };
    case "completion":
      return { ...operation, result: event.result };
    case "section_text":
    case "section_done":
      return operation;
  }
}

/** The fields of a progress event that are its own: neither envelope nor measure. */
function stepOf(event: ProgressEvent): JsonObject {
  const { type, sequence, project_id, operation_id, attempt, timestamp, progress, eta_seconds, ...step } = event;
  return step;
}

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
  SectionChanged,
  SectionEvent,
  SectionState,
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
  const operations = foldOperations(state.operations, event);
  return { ...state, sequence: event.sequence, operations, sections: foldSections(state.sections, event) };
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
    case "section":
    case "section_text":
    case "section_done":
      return operation;
  }
}

function foldSections(sections: readonly SectionState[], event: LoggedEvent): readonly SectionState[] {
  switch (event.type) {
    case "section":
      return placeSection(sections, event);
    case "section_text":
    case "section_done":
      return sections.map((section) => (section.section_id === event.section_id ? foldText(section, event) : section));
    default:
      return sections;
  }
}

function placeSection(sections: readonly SectionState[], event: SectionChanged): readonly SectionState[] {
  const before = sections.find((section) => section.section_id === event.section_id);
  const others = sections.filter((section) => section !== before);
  if (event.status === "removed") return others;
  const { section_id, order, title, status, version, locked, edited, words_budget, length, sha256, quality_score } =
    event;
  const about = { section_id, order, title, status, version, locked, edited, words_budget };
  const text = status === "writing" ? (before?.text ?? "") : null;
  return [...others, { ...about, length, sha256, quality_score, text }].sort(compareSections);
}

function compareSections(one: SectionState, other: SectionState): number {
  return one.order - other.order || (one.section_id < other.section_id ? -1 : 1);
}

function foldText(section: SectionState, event: Exclude<SectionEvent, SectionChanged>): SectionState {
  if (event.type === "section_done") {
    return { ...section, length: event.length, sha256: event.sha256, quality_score: event.quality_score };
  }
  const kept = section.text === null ? null : cutAt(section.text, event.position);
  return kept === null ? section : { ...section, text: kept + event.text };
}

/** The first code points of a text; null when it has not so many. One code point may be two UTF-16 units. */
function cutAt(text: string, codePoints: number): string | null {
  let units = 0;
  for (let left = codePoints; left > 0; left -= 1) {
    const sign = text.codePointAt(units);
    if (sign === undefined) return null;
    units += sign > 0xffff ? 2 : 1;
  }
  return text.slice(0, units);
}

/** The fields of a progress event that are its own: neither envelope nor measure. */
function stepOf(event: ProgressEvent): JsonObject {
  const { type, sequence, project_id, operation_id, attempt, timestamp, progress, eta_seconds, ...step } = event;
  return step;
}

/**
 * Check what came over the wire before anybody believes its type.
 *
 * Source: PROTOCOL.md, "Logged events", "Control frames", "Versions".
 */

import type { ControlFrame, LoggedEvent } from "./protocol.ts";

/** Frames of a type that this client does not know are kept apart: a later server may send them. */
export type ParsedFrame =
  | { readonly kind: "event"; readonly event: LoggedEvent }
  | { readonly kind: "control"; readonly frame: ControlFrame }
  | { readonly kind: "pong" }
  | { readonly kind: "unknown"; readonly type: string; readonly sequence: number | null };

/** A frame that breaks the protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

type Check = (value: unknown) => boolean;
type Checks<Frame> = { readonly [Field in Exclude<keyof Frame, "type">]: Check };
type ChecksByType<Frames extends { readonly type: string }> = {
  readonly [Type in Frames["type"]]: Checks<Extract<Frames, { readonly type: Type }>>;
};

const STATUSES: ReadonlySet<unknown> = new Set([
  "pending",
  "running",
  "cancelling",
  "succeeded",
  "failed",
  "cancelled",
]);
const SECTION_STATUSES: ReadonlySet<unknown> = new Set(["planned", "writing", "written"]);
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isPercent: Check = (value) => isCount(value) && Number(value) <= 100;
const isSeconds: Check = (value) => typeof value === "number" && value >= 0;
const isScore: Check = (value) => isSeconds(value) && Number(value) <= 1;
const isUuid: Check = (value) => typeof value === "string" && UUID.test(value);
const isTimestamp: Check = (value) => typeof value === "string" && TIMESTAMP.test(value);
const isStatus: Check = (value) => STATUSES.has(value);
const isSectionStatus: Check = (value) => SECTION_STATUSES.has(value);
const isId: Check = (value) => isText(value) || Number.isSafeInteger(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isRecordOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && findBadField(value, checks) === undefined;

const ENVELOPE = {
  sequence: isCount,
  project_id: isUuid,
  operation_id: orNull(isUuid),
  attempt: orNull(isCount),
  timestamp: isTimestamp,
};
const PROGRESS = { ...ENVELOPE, progress: isPercent, eta_seconds: orNull(isSeconds) };
const OPERATION_ERROR = { code: isText, error: isText, retryable: isFlag };

const SECTION = {
  section_id: isUuid,
  order: isCount,
  title: isText,
  version: isCount,
  locked: isFlag,
  edited: isFlag,
  words_budget: isCount,
  length: isCount,
  sha256: isText,
  quality_score: orNull(isScore),
};

const EVENTS: ChecksByType<LoggedEvent> = {
  rc_analysis_progress: { ...PROGRESS, status: isText, message: isText },
  matching_progress: {
    ...PROGRESS,
    current_requirement: isText,
    requirements_completed: isCount,
    requirements_total: isCount,
  },
  generation_progress: {
    ...PROGRESS,
    current_section: isText,
    sections_completed: isCount,
    sections_total: isCount,
    quality_score: orNull(isScore),
  },
  document_generation_progress: { ...PROGRESS, status: isText, message: isText },
  error: { ...ENVELOPE, operation: isText, ...OPERATION_ERROR },
  completion: { ...ENVELOPE, operation: isText, result: isObject },
  operation: { ...PROGRESS, kind: isText, status: isStatus, requested_by: orNull(isText) },
  section: { ...ENVELOPE, ...SECTION, status: (value) => value === "removed" || isSectionStatus(value) },
  section_text: { ...ENVELOPE, section_id: isUuid, position: isCount, text: isText },
  section_done: { ...ENVELOPE, section_id: isUuid, length: isCount, sha256: isText, quality_score: orNull(isScore) },
};

const OPERATION_STATE = {
  operation_id: isUuid,
  kind: isText,
  status: isStatus,
  attempt: orNull(isCount),
  progress: isPercent,
  eta_seconds: orNull(isSeconds),
  requested_by: orNull(isText),
  step: orNull(isObject),
  error: orNull(isRecordOf(OPERATION_ERROR)),
  result: orNull(isObject),
  created_at: isTimestamp,
  started_at: orNull(isTimestamp),
  finished_at: orNull(isTimestamp),
};

const SECTION_STATE = { ...SECTION, status: isSectionStatus, text: orNull(isText) };

const CONTROL_FRAMES: { readonly [Type in ControlFrame["type"]]: Readonly<Record<string, Check>> } = {
  welcome: {
    protocol: isCount,
    session: isText,
    epoch: isText,
    head: isCount,
    heartbeat_seconds: (value) => isSeconds(value) && value !== 0,
    token_expires_in_seconds: isSeconds,
    resumed: isFlag,
  },
  snapshot: {
    sequence: isCount,
    epoch: isText,
    operations: isListOf(isRecordOf(OPERATION_STATE)),
    sections: isListOf(isRecordOf(SECTION_STATE)),
  },
  heartbeat: { head: isCount },
  token_expiring: { seconds: isSeconds },
  reply: { id: orNull(isId), ok: isFlag },
  closing: { code: isText, reason: isText, reconnect: isFlag, retry_after_ms: orNull(isCount) },
};
const REPLY_ACCEPTED = { result: isObject };
const REPLY_REFUSED = { error: isRecordOf({ code: isText, message: isText }) };

/**
 * Return the frame in a message's data.
 *
 * Fields beyond the known ones pass: a later server may add them.
 *
 * @throws ProtocolError when it is no text, no JSON object with a `type`, or lacks a field of its type.
 */
export function parseFrame(data: unknown): ParsedFrame {
  if (data === "pong") return { kind: "pong" };
  const fields = parseObject(data);
  const type = fields["type"];
  if (typeof type !== "string") throw new ProtocolError("A frame has no type.");
  if (Object.hasOwn(EVENTS, type)) {
    check(fields, EVENTS[type as LoggedEvent["type"]]);
    return { kind: "event", event: fields as unknown as LoggedEvent };
  }
  if (Object.hasOwn(CONTROL_FRAMES, type)) {
    check(fields, CONTROL_FRAMES[type as ControlFrame["type"]]);
    if (type === "reply") check(fields, fields["ok"] === true ? REPLY_ACCEPTED : REPLY_REFUSED);
    return { kind: "control", frame: fields as unknown as ControlFrame };
  }
  const sequence = fields["sequence"];
  return { kind: "unknown", type, sequence: isCount(sequence) ? Number(sequence) : null };
}

function parseObject(data: unknown): Record<string, unknown> {
  if (typeof data !== "string") throw new ProtocolError("A frame is not text.");
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw new ProtocolError("A frame is not JSON.");
  }
  if (!isObject(value)) throw new ProtocolError("A frame is not an object.");
  return value;
}

function check(fields: Record<string, unknown>, checks: Readonly<Record<string, Check>>): void {
  const bad = findBadField(fields, checks);
  if (bad !== undefined) throw new ProtocolError(`A ${String(fields["type"])} frame has a bad '${bad}'.`);
}

function findBadField(fields: Record<string, unknown>, checks: Readonly<Record<string, Check>>): string | undefined {
  return Object.keys(checks).find((name) => checks[name]?.(fields[name]) !== true);
}

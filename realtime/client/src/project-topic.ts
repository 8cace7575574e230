/**
 * The topic of a project: which frames it has, and what they add up to.
 *
 * Source: PROTOCOL.md, "Logged events", "State and fold".
 */

import {
  type ChecksByType,
  isCount,
  isFlag,
  isListOf,
  isObject,
  isOneOf,
  isPercent,
  isRecordOf,
  isScore,
  isSeconds,
  isText,
  isTimestamp,
  isUuid,
  orNull,
} from "./checks.ts";
import { makeParser } from "./parse-frame.ts";
import type { LoggedEvent, ProjectState, Snapshot } from "./protocol.ts";
import { fold, fromSnapshot } from "./store.ts";
import type { Topic } from "./topic.ts";

const isStatus = isOneOf("pending", "running", "cancelling", "succeeded", "failed", "cancelled");
const isSectionStatus = isOneOf("planned", "writing", "written");

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

const SNAPSHOT = {
  sequence: isCount,
  epoch: isText,
  operations: isListOf(isRecordOf(OPERATION_STATE)),
  sections: isListOf(isRecordOf(SECTION_STATE)),
};

/**
 * Return the frame in a message of a project's socket.
 *
 * Fields beyond the known ones pass: a later server may add them.
 *
 * @throws ProtocolError when it is no text, no JSON object with a `type`, or lacks a field of its type.
 */
export const parseFrame = makeParser<LoggedEvent, Snapshot>(EVENTS, SNAPSHOT);

export const PROJECT_TOPIC: Topic<ProjectState, LoggedEvent, Snapshot> = {
  parse: parseFrame,
  start: fromSnapshot,
  fold,
  httpPaths: { stream: "events/stream", events: "events/", state: "state/", commands: "commands/" },
};

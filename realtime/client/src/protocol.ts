/**
 * The wire vocabulary, version 1: what the server sends and what it takes. Fields keep their names of the wire.
 *
 * Source: PROTOCOL.md.
 */

export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = "tenderwire.v1";
/** Carries a JWT beside `SUBPROTOCOL`, because a browser cannot set headers on a WebSocket. */
export const BEARER_SUBPROTOCOL = "bearer.";
/** Tells a one-time ticket from a JWT. */
export const TICKET_PREFIX = "ticket.";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [name: string]: JsonValue };

export type OperationStatus = "pending" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled";

export type SectionStatus = "planned" | "writing" | "written";

/** What every logged event carries. */
export interface Envelope {
  /** Position in the project's log, from 1; unique within an epoch. */
  readonly sequence: number;
  readonly project_id: string;
  /** Null for an event that was published outside an operation. */
  readonly operation_id: string | null;
  /** Number of the run that speaks; null outside an operation. */
  readonly attempt: number | null;
  /** UTC, ISO 8601 with milliseconds and `Z`. */
  readonly timestamp: string;
}

/** What the four progress events share. */
interface Progress extends Envelope {
  /** Percentage, 0–100. */
  readonly progress: number;
  /** Null while it would be a guess. */
  readonly eta_seconds: number | null;
}

/** Server → client: the RC is being read. */
export interface RCAnalysisProgress extends Progress {
  readonly type: "rc_analysis_progress";
  readonly status: string;
  readonly message: string;
}

/** Server → client: requirements are being matched with the content library. */
export interface MatchingProgress extends Progress {
  readonly type: "matching_progress";
  readonly current_requirement: string;
  readonly requirements_completed: number;
  readonly requirements_total: number;
}

/** Server → client: sections of the proposal are being written. */
export interface GenerationProgress extends Progress {
  readonly type: "generation_progress";
  readonly current_section: string;
  readonly sections_completed: number;
  readonly sections_total: number;
  /** 0–1, of the section that was just finished. */
  readonly quality_score: number | null;
}

/** Server → client: documents are being produced. */
export interface DocumentGenerationProgress extends Progress {
  readonly type: "document_generation_progress";
  readonly status: string;
  readonly message: string;
}

/** Server → client: an operation failed or was cancelled. */
export interface ErrorEvent extends Envelope {
  readonly type: "error";
  /** Kind of the operation. */
  readonly operation: string;
  /** A sentence for the user. */
  readonly error: string;
  /** See PROTOCOL.md, "Error codes"; outside an operation a code of whoever sent it. */
  readonly code: string;
  readonly retryable: boolean;
}

/** Server → client: an operation succeeded. */
export interface Completion extends Envelope {
  readonly type: "completion";
  /** Kind of the operation. */
  readonly operation: string;
  readonly result: JsonObject;
}

/** Server → client: an operation changed its state. */
export interface OperationChanged extends Envelope {
  readonly type: "operation";
  readonly kind: string;
  readonly status: OperationStatus;
  readonly progress: number;
  readonly eta_seconds: number | null;
  /** User name; null when nobody in particular asked. */
  readonly requested_by: string | null;
}

/** What lists of sections show; `section` events and the state say it in the same words. */
interface SectionFields {
  readonly section_id: string;
  /** Its place in the proposal, from 1. */
  readonly order: number;
  readonly title: string;
  /** Number of the present text; 0 before the first. */
  readonly version: number;
  readonly locked: boolean;
  /** Whether the text was last changed by a person. */
  readonly edited: boolean;
  readonly words_budget: number;
  /** Of the stored text, in code points. */
  readonly length: number;
  /** Of the stored text in UTF-8, in hexadecimal. */
  readonly sha256: string;
  readonly quality_score: number | null;
}

/** Server → client: a section was planned, changed or removed. */
export interface SectionChanged extends Envelope, SectionFields {
  readonly type: "section";
  readonly status: SectionStatus | "removed";
}

/** Server → client: text of a section while it is written. */
export interface SectionText extends Envelope {
  readonly type: "section_text";
  readonly section_id: string;
  /** Offset of `text` in the section, in code points. */
  readonly position: number;
  readonly text: string;
}

/** Server → client: a section is finished and stored. */
export interface SectionDone extends Envelope {
  readonly type: "section_done";
  readonly section_id: string;
  /** In code points. */
  readonly length: number;
  /** Of the UTF-8 text, in hexadecimal. */
  readonly sha256: string;
  readonly quality_score: number | null;
}

export type SectionEvent = SectionChanged | SectionText | SectionDone;
export type ProgressEvent = RCAnalysisProgress | MatchingProgress | GenerationProgress | DocumentGenerationProgress;
export type LoggedEvent = ProgressEvent | ErrorEvent | Completion | OperationChanged | SectionEvent;

/** Server → client: the first frame of every socket that may stay. */
export interface Welcome {
  readonly type: "welcome";
  readonly protocol: number;
  /** Names this socket in the server's logs. */
  readonly session: string;
  readonly epoch: string;
  readonly head: number;
  /** The server speaks at least this often. */
  readonly heartbeat_seconds: number;
  readonly token_expires_in_seconds: number;
  /** True: events after `since` follow; false: a snapshot follows. */
  readonly resumed: boolean;
}

export interface OperationError {
  readonly code: string;
  readonly error: string;
  readonly retryable: boolean;
}

/** The latest operation of one kind, as snapshots carry it and as `fold` keeps it. */
export interface OperationState {
  readonly operation_id: string;
  readonly kind: string;
  readonly status: OperationStatus;
  readonly attempt: number | null;
  readonly progress: number;
  readonly eta_seconds: number | null;
  readonly requested_by: string | null;
  /** The fields of the last progress event that are its own, such as `status` and `message`. */
  readonly step: JsonObject | null;
  readonly error: OperationError | null;
  readonly result: JsonObject | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

/** A section of the proposal, as snapshots carry it and as `fold` keeps it. */
export interface SectionState extends SectionFields {
  readonly status: SectionStatus;
  /** What has been written so far while `status` is "writing"; else null. */
  readonly text: string | null;
}

/** All that a project's events add up to, at one position of its log. */
export interface ProjectState {
  readonly epoch: string;
  readonly sequence: number;
  readonly operations: readonly OperationState[];
  /** In their order. */
  readonly sections: readonly SectionState[];
}

/** Server → client: the state to start from. */
export interface Snapshot extends ProjectState {
  readonly type: "snapshot";
}

/** Server → client: nothing happened for a while; `head` is the last sequence sent. */
export interface Heartbeat {
  readonly type: "heartbeat";
  readonly head: number;
}

/** Server → client: send `refresh` within this time. */
export interface TokenExpiring {
  readonly type: "token_expiring";
  readonly seconds: number;
}

/** Server → client: this server will go; open another socket, resume there, and leave this one once the other is live. */
export interface Draining {
  readonly type: "draining";
  /** When this socket gets `closing`. */
  readonly closes_in_ms: number;
}

/** Server → client: a command was carried out. */
export interface ReplyAccepted {
  readonly type: "reply";
  readonly id: string | number | null;
  readonly ok: true;
  readonly result: JsonObject;
}

/** Server → client: a command was refused. */
export interface ReplyRefused {
  readonly type: "reply";
  readonly id: string | number | null;
  readonly ok: false;
  readonly error: { readonly code: string; readonly message: string };
}

export type Reply = ReplyAccepted | ReplyRefused;

/** Server → client: the last frame before the server closes. */
export interface Closing {
  readonly type: "closing";
  /** Why, for programs; listed in PROTOCOL.md, "Closing". */
  readonly code: string;
  /** Why, for people who read frames. */
  readonly reason: string;
  readonly reconnect: boolean;
  /** Null when `reconnect` is false. */
  readonly retry_after_ms: number | null;
}

/** The frames about the socket itself that all topics share. */
export type ControlFrame = Welcome | Heartbeat | TokenExpiring | Draining | Reply | Closing;

/** Client → server; an `id` of the client's own comes back in the `reply`. */
export type Command =
  | { readonly type: "refresh"; readonly token: string }
  | { readonly type: "status" }
  | { readonly type: "cancel"; readonly operation_id: string }
  | { readonly type: "retry"; readonly operation_id: string }
  | { readonly type: "read"; readonly notification_ids: readonly string[] | "all" };

/** What `cancel` and `retry` give: the operation's state after the command. */
export interface OperationReply {
  readonly operation_id: string;
  readonly status: OperationStatus;
}

/** Frames for tests: valid by default, changed where a test says so. */

import type {
  NotificationItem,
  NotificationPosted,
  NotificationRead,
  NotificationSnapshot,
} from "../src/notification-protocol.ts";
import type {
  OperationChanged,
  ProjectState,
  RCAnalysisProgress,
  SectionState,
  SectionText,
  Snapshot,
} from "../src/protocol.ts";

export const PROJECT_ID = "5b1f2c9e-7d41-4c0a-9a53-2f6c1e8b7d10";
export const OPERATION_ID = "0d9c6a52-3b7e-4f58-8c21-94a7e5d3f601";
export const SECTION_ID = "d2b9e6a1-4c70-4f35-9e88-1a5f7c3d0b62";
export const EPOCH = "3f9b6c0d81e7a254";

const ENVELOPE = {
  project_id: PROJECT_ID,
  operation_id: OPERATION_ID,
  attempt: 1,
  timestamp: "2026-03-02T09:15:04.120Z",
};

export function welcome(fields: object = {}): object {
  const frame = { type: "welcome", protocol: 1, session: "a4c19e5b07d2f863", epoch: EPOCH, head: 0 };
  return { ...frame, heartbeat_seconds: 25, token_expires_in_seconds: 600, resumed: false, ...fields };
}

export function snapshot(sequence: number, operations: ProjectState["operations"] = []): Snapshot {
  return { type: "snapshot", sequence, epoch: EPOCH, operations, sections: [] };
}

export function operation(sequence: number, fields: Partial<OperationChanged> = {}): OperationChanged {
  const changed = {
    kind: "rc_analysis",
    status: "running",
    progress: 0,
    eta_seconds: null,
    requested_by: "alice",
  } as const;
  return { type: "operation", sequence, ...ENVELOPE, ...changed, ...fields };
}

export function progress(sequence: number, fields: Partial<RCAnalysisProgress> = {}): RCAnalysisProgress {
  const own = { progress: 40, eta_seconds: null, status: "analyzing", message: "Recherche des critères" };
  return { type: "rc_analysis_progress", sequence, ...ENVELOPE, ...own, ...fields };
}

export function section(fields: Partial<SectionState> = {}): SectionState {
  const about = { section_id: SECTION_ID, order: 1, title: "Moyens humains", version: 0, locked: false, edited: false };
  const text = { words_budget: 600, length: 0, sha256: "e3b0c442", quality_score: null, text: "" };
  return { ...about, ...text, status: "writing", ...fields };
}

export function sectionText(sequence: number, fields: Partial<SectionText> = {}): SectionText {
  return { type: "section_text", sequence, ...ENVELOPE, section_id: SECTION_ID, position: 0, text: "", ...fields };
}

export function closing(code: string, reconnect: boolean, retryAfterMs: number | null): object {
  return { type: "closing", code, reason: "A sentence.", reconnect, retry_after_ms: retryAfterMs };
}

export const NOTIFICATION_ID = "7c0f5b7e-52a4-4f0e-8a43-0a5d1f1c2e10";

export function notificationItem(fields: Partial<NotificationItem> = {}): NotificationItem {
  const says = { title: "Analyse terminée", text: "46 exigences relevées.", url: "/projects/5b1f/" };
  const about = { notification_id: NOTIFICATION_ID, kind: "completion", ...says };
  const of = { project_id: PROJECT_ID, operation_id: OPERATION_ID, created_at: ENVELOPE.timestamp };
  return { ...about, ...of, read: false, ...fields };
}

export function notification(sequence: number, fields: Partial<NotificationPosted> = {}): NotificationPosted {
  const { read, created_at, ...item } = notificationItem();
  return { type: "notification", sequence, ...ENVELOPE, ...item, unread_count: 1, ...fields };
}

export function notificationRead(sequence: number, fields: Partial<NotificationRead> = {}): NotificationRead {
  const of = { project_id: null, operation_id: null, attempt: null, timestamp: ENVELOPE.timestamp };
  return {
    type: "notification_read",
    sequence,
    ...of,
    notification_ids: [NOTIFICATION_ID],
    unread_count: 0,
    ...fields,
  };
}

export function notificationSnapshot(
  sequence: number,
  fields: Partial<NotificationSnapshot> = {},
): NotificationSnapshot {
  const notifications = [notificationItem()];
  return { type: "snapshot", sequence, epoch: EPOCH, unread_count: 1, notifications, ...fields };
}

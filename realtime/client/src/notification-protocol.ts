/**
 * The wire vocabulary of a user's notifications. Fields keep their names of the wire.
 *
 * Source: PROTOCOL.md.
 */

import type { Position } from "./address.ts";

export type NotificationKind = "completion" | "error" | "attention";

/** What an event on a user's topic carries; it may belong to no project and no operation. */
interface NotificationEnvelope {
  readonly sequence: number;
  readonly project_id: string | null;
  readonly operation_id: string | null;
  readonly attempt: number | null;
  readonly timestamp: string;
}

/** Server → client: there is something that the user should know. */
export interface NotificationPosted extends NotificationEnvelope {
  readonly type: "notification";
  readonly notification_id: string;
  /** A `NotificationKind`, or one of a later server. */
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  /** Where it leads to: an address on the same site. */
  readonly url: string;
  /** Of all the user's notifications, this one included. */
  readonly unread_count: number;
}

/** Server → client: notifications were read, here or on another device. */
export interface NotificationRead extends NotificationEnvelope {
  readonly type: "notification_read";
  /** "all": every notification up to this sequence. */
  readonly notification_ids: readonly string[] | "all";
  readonly unread_count: number;
}

export type NotificationEvent = NotificationPosted | NotificationRead;

/** A notification, as snapshots carry it and as the fold keeps it. */
export interface NotificationItem {
  readonly notification_id: string;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly project_id: string | null;
  readonly operation_id: string | null;
  /** UTC, ISO 8601 with milliseconds and `Z`. */
  readonly created_at: string;
  readonly read: boolean;
}

/** All that a user's notifications add up to, at one position of their log. */
export interface NotificationState extends Position {
  /** Of all notifications, also of those that are no longer in the list. */
  readonly unread_count: number;
  /** The latest, newest first; at most `NOTIFICATIONS_LIMIT`. */
  readonly notifications: readonly NotificationItem[];
}

/** Server → client: the state to start from. */
export interface NotificationSnapshot extends NotificationState {
  readonly type: "snapshot";
}

/** What `read` gives. */
export interface ReadReply {
  readonly unread_count: number;
}

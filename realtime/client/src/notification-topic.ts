/**
 * The topic of a user's notifications: which frames it has, and what they add up to.
 *
 * Source: PROTOCOL.md.
 */

import {
  type ChecksByType,
  isCount,
  isFlag,
  isListOf,
  isRecordOf,
  isText,
  isTimestamp,
  isUuid,
  orNull,
} from "./checks.ts";
import type { NotificationEvent, NotificationSnapshot, NotificationState } from "./notification-protocol.ts";
import { foldNotification, fromNotificationSnapshot } from "./notification-store.ts";
import { makeParser } from "./parse-frame.ts";
import type { Topic } from "./topic.ts";

const ENVELOPE = {
  sequence: isCount,
  project_id: orNull(isUuid),
  operation_id: orNull(isUuid),
  attempt: orNull(isCount),
  timestamp: isTimestamp,
};
const NOTIFICATION = { notification_id: isUuid, kind: isText, title: isText, text: isText, url: isText };
const isListOfIds = isListOf(isUuid);

const EVENTS: ChecksByType<NotificationEvent> = {
  notification: { ...ENVELOPE, ...NOTIFICATION, unread_count: isCount },
  notification_read: {
    ...ENVELOPE,
    notification_ids: (value) => value === "all" || isListOfIds(value),
    unread_count: isCount,
  },
};

const ITEM = {
  ...NOTIFICATION,
  project_id: orNull(isUuid),
  operation_id: orNull(isUuid),
  created_at: isTimestamp,
  read: isFlag,
};
const SNAPSHOT = { sequence: isCount, epoch: isText, unread_count: isCount, notifications: isListOf(isRecordOf(ITEM)) };

/**
 * Return the frame in a message of a notification socket.
 *
 * @throws ProtocolError when it is no text, no JSON object with a `type`, or lacks a field of its type.
 */
export const parseNotificationFrame = makeParser<NotificationEvent, NotificationSnapshot>(EVENTS, SNAPSHOT);

export const NOTIFICATION_TOPIC: Topic<NotificationState, NotificationEvent, NotificationSnapshot> = {
  parse: parseNotificationFrame,
  start: fromNotificationSnapshot,
  fold: foldNotification,
  httpPaths: { stream: "stream", events: "events/", state: "state/", commands: "commands/" },
};

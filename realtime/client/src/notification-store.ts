/**
 * Fold events into the state of a user's notifications. Pure: the same snapshot and events always give the same state.
 *
 * Source: PROTOCOL.md.
 */

import type {
  NotificationEvent,
  NotificationItem,
  NotificationPosted,
  NotificationRead,
  NotificationSnapshot,
  NotificationState,
} from "./notification-protocol.ts";

/** Most notifications that the state keeps; older ones are in the REST API. */
export const NOTIFICATIONS_LIMIT = 50;

/** Return the state that a snapshot carries. */
export function fromNotificationSnapshot(snapshot: NotificationSnapshot): NotificationState {
  const { epoch, sequence, unread_count, notifications } = snapshot;
  return { epoch, sequence, unread_count, notifications };
}

/** Return the state after an event; the same object when the event was already folded. */
export function foldNotification(state: NotificationState, event: NotificationEvent): NotificationState {
  if (event.sequence <= state.sequence) return state;
  const { sequence, unread_count } = event;
  const notifications = event.type === "notification" ? post(state, event) : markRead(state, event);
  return { ...state, sequence, unread_count, notifications };
}

/** Return the notification that an event brings. */
export function toItem(event: NotificationPosted): NotificationItem {
  const { notification_id, kind, title, text, url, project_id, operation_id, timestamp } = event;
  return { notification_id, kind, title, text, url, project_id, operation_id, created_at: timestamp, read: false };
}

function post({ notifications }: NotificationState, event: NotificationPosted): readonly NotificationItem[] {
  return [toItem(event), ...notifications].slice(0, NOTIFICATIONS_LIMIT);
}

function markRead({ notifications }: NotificationState, event: NotificationRead): readonly NotificationItem[] {
  const ids = event.notification_ids;
  return notifications.map((item) =>
    ids === "all" || ids.includes(item.notification_id) ? { ...item, read: true } : item,
  );
}

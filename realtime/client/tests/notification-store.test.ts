import { expect, test } from "vitest";

import { foldNotification, fromNotificationSnapshot, NOTIFICATIONS_LIMIT } from "../src/notification-store.ts";
import { NOTIFICATION_ID, notification, notificationItem, notificationRead, notificationSnapshot } from "./samples.ts";

const OTHER_ID = "2d9a7c61-0b3f-4b7e-9c35-6e1f0a8d4c27";

test("a notification goes to the front, unread and dated by its event", () => {
  const state = foldNotification(
    fromNotificationSnapshot(notificationSnapshot(3)),
    notification(4, { notification_id: OTHER_ID, unread_count: 2 }),
  );

  expect(state.notifications).toEqual([notificationItem({ notification_id: OTHER_ID }), notificationItem()]);
  expect(state).toMatchObject({ sequence: 4, unread_count: 2 });
});

test("the list keeps the newest only", () => {
  const items = Array.from({ length: NOTIFICATIONS_LIMIT }, (_, index) => notificationItem({ title: `${index}` }));
  const full = fromNotificationSnapshot(notificationSnapshot(50, { notifications: items }));

  const { notifications } = foldNotification(full, notification(51, { title: "new" }));

  expect(notifications).toHaveLength(NOTIFICATIONS_LIMIT);
  expect(notifications[0]?.title).toBe("new");
  expect(notifications.at(-1)?.title).toBe("48");
});

test("those that were read are marked, and the count is the server's", () => {
  const notifications = [notificationItem(), notificationItem({ notification_id: OTHER_ID })];
  const state = fromNotificationSnapshot(notificationSnapshot(3, { unread_count: 70, notifications }));

  const folded = foldNotification(state, notificationRead(4, { unread_count: 69 }));

  expect(folded.notifications.map(({ notification_id, read }) => [notification_id, read])).toEqual([
    [NOTIFICATION_ID, true],
    [OTHER_ID, false],
  ]);
  expect(folded.unread_count).toBe(69);
});

test("all are marked when all were read", () => {
  const notifications = [notificationItem(), notificationItem({ notification_id: OTHER_ID })];
  const state = fromNotificationSnapshot(notificationSnapshot(3, { notifications }));

  const folded = foldNotification(state, notificationRead(4, { notification_ids: "all" }));

  expect(folded.notifications.every(({ read }) => read)).toBe(true);
});

test("an event that was folded before gives the very same state", () => {
  const state = fromNotificationSnapshot(notificationSnapshot(4));

  expect(foldNotification(state, notification(4))).toBe(state);
});

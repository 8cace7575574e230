import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type NotificationArrival, NotificationSocket } from "../src/notification-socket.ts";
import type { NotificationState } from "../src/notification-protocol.ts";
import { FakeWorld } from "./fake-world.ts";
import {
  EPOCH,
  NOTIFICATION_ID,
  notification,
  notificationItem,
  notificationRead,
  notificationSnapshot,
  welcome,
} from "./samples.ts";

let world: FakeWorld;
let socket: NotificationSocket;
let arrivals: NotificationArrival[];
let states: NotificationState[];

beforeEach(() => {
  vi.useFakeTimers();
  world = new FakeWorld();
  arrivals = [];
  states = [];
  socket = new NotificationSocket({
    url: "/ws/notifications",
    getToken: () => "ticket.1",
    environment: world.environment,
  });
  socket.on("notification", (arrival) => arrivals.push(arrival));
  socket.on("state", (state) => states.push(state));
});

afterEach(() => {
  socket.close();
  vi.useRealTimers();
});

test("what the snapshot brings is in the state and is not told as an arrival", async () => {
  const server = await world.nextServer();
  server.say(welcome({ head: 3 }));
  server.say(notificationSnapshot(3));

  expect(server.url.pathname).toBe("/ws/notifications");
  expect(socket.state).toMatchObject({ unread_count: 1, notifications: [notificationItem()] });
  expect(arrivals).toEqual([]);
});

test("each new notification is told once, with the state after it", async () => {
  const server = await world.nextServer();
  server.say(welcome());
  server.say(notificationSnapshot(0, { unread_count: 0, notifications: [] }));

  for (const frame of [notification(1), notification(1), notificationRead(2)]) server.say(frame);

  expect(arrivals).toEqual([{ notification: notificationItem(), replayed: false }]);
  expect(states.map(({ unread_count }) => unread_count)).toEqual([0, 1, 0]);
});

test("one that came while there was no connection is told as replayed", async () => {
  const server = await world.nextServer();
  server.say(welcome({ head: 3 }));
  server.say(notificationSnapshot(3));
  server.hangUp(1006);
  await world.wait(500);

  const next = await world.nextServer();
  next.say(welcome({ head: 4, resumed: true }));
  next.say(notification(4));
  next.say(notification(5));

  expect(arrivals.map(({ replayed }) => replayed)).toEqual([true, false]);
});

test.each([["all" as const], [[NOTIFICATION_ID]]])("reading %j is a command", async (ids) => {
  const server = await world.nextServer();
  server.say(welcome());
  server.say(notificationSnapshot(0));

  const read = socket.markRead(ids);
  server.say({ type: "reply", id: 1, ok: true, result: { unread_count: 0 } });

  expect(server.commands).toEqual([{ type: "read", notification_ids: ids, id: 1 }]);
  expect(await read).toEqual({ unread_count: 0 });
});

test("the state can be read from the database", async () => {
  const server = await world.nextServer();
  server.say(welcome());
  server.say(notificationSnapshot(0));

  const status = socket.status();
  server.say({
    type: "reply",
    id: 1,
    ok: true,
    result: { sequence: 3, epoch: EPOCH, unread_count: 0, notifications: [] },
  });

  expect(server.commands).toEqual([{ type: "status", id: 1 }]);
  expect(await status).toMatchObject({ sequence: 3 });
});

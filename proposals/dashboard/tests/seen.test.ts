import { expect, test } from "vitest";

import type { NotificationItem, NotificationState } from "../../../realtime/client/src/index.ts";
import { seenHere } from "../src/seen.ts";

function item(id: string, url: string, read = false): NotificationItem {
  return {
    notification_id: id,
    kind: "completion",
    title: "Analyse terminée",
    text: "",
    url,
    project_id: null,
    operation_id: null,
    created_at: "2026-03-02T09:15:17.209Z",
    read,
  };
}

function state(...notifications: readonly NotificationItem[]): NotificationState {
  return { epoch: "e", sequence: 1, unread_count: notifications.length, notifications };
}

test("what leads to a part of the page that is looked at is seen", () => {
  expect(seenHere(state(item("a", "/projects/1/#analyse"), item("b", "/projects/1/?x=1")), "/projects/1/")).toEqual([
    "a",
    "b",
  ]);
});

test("what leads elsewhere, nowhere, or was read before is not", () => {
  const others = state(item("a", "/projects/2/"), item("b", ""), item("c", "/projects/1/", true));

  expect(seenHere(others, "/projects/1/")).toEqual([]);
  expect(seenHere(undefined, "/projects/1/")).toEqual([]);
});

test("no more are marked at once than a command takes", () => {
  const many = Array.from({ length: 120 }, (_, number) => item(String(number), "/projects/1/"));

  expect(seenHere(state(...many), "/projects/1/")).toHaveLength(100);
});

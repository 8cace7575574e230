import { expect, test } from "vitest";

import { AddressError, findHttpAddresses } from "../src/http-addresses.ts";
import { NOTIFICATION_TOPIC } from "../src/notification-topic.ts";
import { PROJECT_TOPIC } from "../src/project-topic.ts";

const BASE = "https://tenderwire.test/projects/5b1f/?tab=1#top";
const PROJECT = PROJECT_TOPIC.httpPaths;

test("a project's follow from its socket", () => {
  expect(findHttpAddresses("/ws/projects/5b1f", BASE, PROJECT)).toEqual({
    stream: "https://tenderwire.test/api/projects/5b1f/events/stream",
    events: "https://tenderwire.test/api/projects/5b1f/events/",
    state: "https://tenderwire.test/api/projects/5b1f/state/",
    commands: "https://tenderwire.test/api/projects/5b1f/commands/",
  });
});

test("those of notifications follow from their socket", () => {
  expect(findHttpAddresses("/ws/notifications", BASE, NOTIFICATION_TOPIC.httpPaths)).toEqual({
    stream: "https://tenderwire.test/api/notifications/stream",
    events: "https://tenderwire.test/api/notifications/events/",
    state: "https://tenderwire.test/api/notifications/state/",
    commands: "https://tenderwire.test/api/notifications/commands/",
  });
});

test.each([
  ["wss://other.test/ws/projects/5b1f", "https://other.test/api/projects/5b1f/state/"],
  ["ws://other.test:8000/ws/projects/5b1f/", "http://other.test:8000/api/projects/5b1f/state/"],
  ["https://other.test/offers/ws/projects/5b1f?v=1#top", "https://other.test/offers/api/projects/5b1f/state/?v=1"],
])("%s has its state at %s", (url, state) => {
  expect(findHttpAddresses(url, undefined, PROJECT).state).toBe(state);
});

test("may be given", () => {
  const addresses = findHttpAddresses("/ws/projects/5b1f", BASE, PROJECT, { stream: "/live/5b1f" });

  expect(addresses.stream).toBe("https://tenderwire.test/live/5b1f");
  expect(addresses.events).toBe("https://tenderwire.test/api/projects/5b1f/events/");
});

test("do not follow from an address of another form", () => {
  expect(() => findHttpAddresses("/live/5b1f", BASE, PROJECT)).toThrow(AddressError);
});

test("never lead out of an encrypted connection", () => {
  const given = { commands: "http://tenderwire.test/api/projects/5b1f/commands/" };

  expect(() => findHttpAddresses("/ws/projects/5b1f", BASE, PROJECT, given)).toThrow(AddressError);
});

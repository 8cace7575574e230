import { expect, test } from "vitest";

import { parseNotificationFrame } from "../src/notification-topic.ts";
import { ProtocolError } from "../src/parse-frame.ts";
import { parseFrame } from "../src/project-topic.ts";
import { serverTexts } from "./protocol-page.ts";
import { notification, notificationRead, notificationSnapshot, progress, section, snapshot } from "./samples.ts";

/** Frames of the notification socket, also those that the page shows. */
const notificationTexts = [notification(4), notificationRead(5), notificationSnapshot(5)].map((frame) =>
  JSON.stringify(frame),
);
const texts = [...serverTexts(), ...notificationTexts];
const objects = texts.filter((text) => text !== "pong").map((text) => JSON.parse(text) as Record<string, unknown>);

/** Parse a frame as the socket that it comes on does. */
function parse(text: string): ReturnType<typeof parseFrame> | ReturnType<typeof parseNotificationFrame> {
  const isNotified = /"type": ?"notification|"notifications"|"unread_count"/.test(text);
  return isNotified ? parseNotificationFrame(text) : parseFrame(text);
}

/** Nulls that are allowed in an example, so that a missing field shows but a null one does not. */
const fieldsOf = objects.flatMap((frame) =>
  Object.keys(frame)
    .filter((name) => name !== "type")
    .map((name) => [String(frame["type"]), name, frame] as const),
);

test.each(texts)("the documented frame is understood: %s", (text) => {
  const parsed = parse(text);

  expect(parsed.kind).not.toBe("unknown");
  if (parsed.kind === "event") expect(parsed.event).toEqual(JSON.parse(text));
  if (parsed.kind === "snapshot") expect(parsed.snapshot).toEqual(JSON.parse(text));
  if (parsed.kind === "control") expect(parsed.frame).toEqual(JSON.parse(text));
});

test("the page shows at least one frame of each type", () => {
  expect(new Set(objects.map((frame) => frame["type"])).size).toBeGreaterThanOrEqual(10 + 6 + 2);
});

test.each(fieldsOf)("a %s frame without %s is refused", (_type, name, frame) => {
  const { [name]: _, ...rest } = frame;

  expect(() => parse(JSON.stringify(rest))).toThrow(ProtocolError);
});

test.each(fieldsOf)("a %s frame whose %s is of a wrong type is refused", (_type, name, frame) => {
  const wrong = typeof frame[name] === "object" && frame[name] !== null ? true : { nested: [] };

  expect(() => parse(JSON.stringify({ ...frame, [name]: wrong }))).toThrow(ProtocolError);
});

test.each([
  ["a binary frame", new ArrayBuffer(2)],
  ["no JSON", "hello"],
  ["half a JSON text", '{"type": "heartbeat"'],
  ["a list", "[]"],
  ["a null", "null"],
  ["no type", '{"head": 3}'],
  ["a type that is no text", '{"type": 3}'],
])("%s is refused", (_what, data) => {
  expect(() => parseFrame(data)).toThrow(ProtocolError);
});

test.each([
  { progress: 101 },
  { progress: -1 },
  { progress: 12.5 },
  { sequence: 2 ** 53 },
  { eta_seconds: -1 },
  { project_id: "first" },
  { timestamp: "2026-03-02 09:15" },
])("an event with %o is refused", (fields) => {
  expect(() => parseFrame(JSON.stringify({ ...progress(4), ...fields }))).toThrow(ProtocolError);
});

test.each([{ status: "removed" }, { text: 3 }, { order: -1 }, { locked: null }, { quality_score: 1.2 }])(
  "a snapshot with a section that has %o is refused",
  (fields) => {
    const frame = { ...snapshot(4), sections: [{ ...section(), ...fields }] };

    expect(parseFrame(JSON.stringify({ ...frame, sections: [section()] })).kind).toBe("snapshot");
    expect(() => parseFrame(JSON.stringify(frame))).toThrow(ProtocolError);
  },
);

test("fields of a later version pass", () => {
  const parsed = parseFrame(JSON.stringify({ ...progress(4), colour: "green" }));

  expect(parsed).toMatchObject({ kind: "event", event: { sequence: 4, colour: "green" } });
});

test("an event of a later version is kept apart with its sequence", () => {
  const parsed = parseFrame('{"type": "section_moved", "sequence": 12}');

  expect(parsed).toEqual({ kind: "unknown", type: "section_moved", sequence: 12 });
});

test.each(["constructor", "toString", "__proto__"])("the type %s is unknown, not a fault", (type) => {
  expect(parseFrame(JSON.stringify({ type }))).toEqual({ kind: "unknown", type, sequence: null });
});

test("an event of another topic is unknown", () => {
  expect(parseFrame(JSON.stringify(notification(4)))).toMatchObject({ kind: "unknown", sequence: 4 });
  expect(parseNotificationFrame(JSON.stringify(progress(4)))).toMatchObject({ kind: "unknown", sequence: 4 });
});

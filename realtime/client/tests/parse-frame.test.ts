import { expect, test } from "vitest";

import { parseFrame, ProtocolError } from "../src/parse-frame.ts";
import { serverTexts } from "./protocol-page.ts";
import { progress, section, snapshot } from "./samples.ts";

const objects = serverTexts()
  .filter((text) => text !== "pong")
  .map((text) => JSON.parse(text) as Record<string, unknown>);
/** Nulls that are allowed in an example, so that a missing field shows but a null one does not. */
const fieldsOf = objects.flatMap((frame) =>
  Object.keys(frame)
    .filter((name) => name !== "type")
    .map((name) => [String(frame["type"]), name, frame] as const),
);

test.each(serverTexts())("the documented frame is understood: %s", (text) => {
  const parsed = parseFrame(text);

  expect(parsed.kind).not.toBe("unknown");
  if (parsed.kind === "event") expect(parsed.event).toEqual(JSON.parse(text));
  if (parsed.kind === "control") expect(parsed.frame).toEqual(JSON.parse(text));
});

test("the page shows at least one frame of each type", () => {
  expect(new Set(objects.map((frame) => frame["type"])).size).toBe(10 + 6);
});

test.each(fieldsOf)("a %s frame without %s is refused", (_type, name, frame) => {
  const { [name]: _, ...rest } = frame;

  expect(() => parseFrame(JSON.stringify(rest))).toThrow(ProtocolError);
});

test.each(fieldsOf)("a %s frame whose %s is of a wrong type is refused", (_type, name, frame) => {
  const wrong = typeof frame[name] === "object" && frame[name] !== null ? true : { nested: [] };

  expect(() => parseFrame(JSON.stringify({ ...frame, [name]: wrong }))).toThrow(ProtocolError);
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

    expect(parseFrame(JSON.stringify({ ...frame, sections: [section()] })).kind).toBe("control");
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

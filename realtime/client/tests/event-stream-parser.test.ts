import { expect, test } from "vitest";

import { EventStreamParser } from "../src/event-stream-parser.ts";

function parse(...parts: readonly string[]): string[] {
  const heard: string[] = [];
  const parser = new EventStreamParser({
    message: (data) => heard.push(data),
    comment: (text) => heard.push(`: ${text}`),
  });
  for (const part of parts) parser.push(part);
  return heard;
}

const STREAM = 'retry: 2000\n\nid: 3f9b:4\ndata: {"a": 1}\n\n: heartbeat 4\n\ndata:two\ndata: lines\n\nevent: x\n\n';
const HEARD = ['{"a": 1}', ": heartbeat 4", "two\nlines"];

test("messages and comments are told, fields without data are not", () => {
  expect(parse(STREAM)).toEqual(HEARD);
});

test.each(["\n", "\r\n", "\r"])("lines may end with %j", (end) => {
  expect(parse(STREAM.replaceAll("\n", end), "\n")).toEqual(HEARD);
});

test.each(["\n", "\r\n"])("the stream may be cut anywhere (lines end with %j)", (end) => {
  const stream = STREAM.replaceAll("\n", end);

  expect(parse(...stream)).toEqual(HEARD);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual(HEARD);
  }
});

test("a message that has not ended is not told", () => {
  expect(parse('data: {"a": 1}\n')).toEqual([]);
});

test("one space after the colon belongs to the field, a second one to the data", () => {
  expect(parse("data:  x\n\n")).toEqual([" x"]);
});

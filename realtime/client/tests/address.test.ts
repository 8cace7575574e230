import { expect, test } from "vitest";

import { makeAddress } from "../src/address.ts";

const BASE = "https://tenderwire.test/projects/5b1f/?tab=1#top";

test("a ticket goes into the query and leaves the subprotocol alone", () => {
  expect(makeAddress("/ws/projects/5b1f", "ticket.a+b", undefined, BASE)).toEqual({
    url: "wss://tenderwire.test/ws/projects/5b1f?ticket=ticket.a%2Bb",
    protocols: ["tenderwire.v1"],
  });
});

test("a JWT goes into a subprotocol and never into the URL", () => {
  expect(makeAddress("/ws/projects/5b1f", "eyJ.eyJ.c2ln", undefined, BASE)).toEqual({
    url: "wss://tenderwire.test/ws/projects/5b1f",
    protocols: ["tenderwire.v1", "bearer.eyJ.eyJ.c2ln"],
  });
});

test("a position is asked for by sequence and epoch", () => {
  const { url } = makeAddress("/ws/projects/5b1f", "eyJ", { epoch: "3f9b", sequence: 12 }, BASE);

  expect(url).toBe("wss://tenderwire.test/ws/projects/5b1f?since=12&epoch=3f9b");
});

test.each([
  ["ws://other.test/ws/projects/5b1f", "ws://other.test/ws/projects/5b1f"],
  ["wss://other.test/ws/projects/5b1f/", "wss://other.test/ws/projects/5b1f/"],
  ["http://other.test/ws/projects/5b1f", "ws://other.test/ws/projects/5b1f"],
])("%s is opened as %s", (given, opened) => {
  expect(makeAddress(given, "eyJ", undefined, undefined).url).toBe(opened);
});

test("a relative URL without a page is an error", () => {
  expect(() => makeAddress("/ws/projects/5b1f", "eyJ", undefined, undefined)).toThrow(TypeError);
});

import { beforeEach, describe, expect, test, vi } from "vitest";

import { makeEnvironment } from "../src/environment.ts";
import { TransportChooser, UPGRADE_LIMIT_MS } from "../src/transport-chooser.ts";
import { REMEMBER_MS, TransportMemory } from "../src/transport-memory.ts";
import { type TransportName, TRANSPORTS } from "../src/transports.ts";
import { FakeStorage } from "./fake-storage.ts";

const REFUSED = { hasSpoken: false, hasTimedOut: false, hasHttp: true };
const SILENT = { ...REFUSED, hasTimedOut: true };
const SPOKEN = { ...REFUSED, hasSpoken: true };

let chooser: TransportChooser;
let storage: FakeStorage;

function choose(allowed: readonly TransportName[] = TRANSPORTS): TransportChooser {
  return new TransportChooser(allowed, new TransportMemory(storage, makeEnvironment({}).clock));
}

beforeEach(() => {
  storage = new FakeStorage();
  chooser = choose();
});

describe("a WebSocket", () => {
  test("is tried twice before anything else", () => {
    expect(chooser.current).toBe("websocket");
    chooser.ended(REFUSED);
    expect(chooser.current).toBe("websocket");
    chooser.ended(REFUSED);
    expect(chooser.current).toBe("sse");
  });

  test("that was heard in between begins a new row", () => {
    chooser.ended(REFUSED);
    chooser.ended(SPOKEN);
    chooser.ended(REFUSED);

    expect(chooser.current).toBe("websocket");
  });

  test("that hangs is not tried twice", () => {
    chooser.ended(SILENT);

    expect(chooser.current).toBe("sse");
  });

  test("is all there is where nothing has an address", () => {
    for (let failure = 0; failure < 5; failure += 1) chooser.ended({ ...REFUSED, hasHttp: false });

    expect(chooser.current).toBe("websocket");
  });

  test("is all there is where nothing else is allowed", () => {
    chooser = choose(["websocket"]);
    for (let failure = 0; failure < 5; failure += 1) chooser.ended(SILENT);

    expect(chooser.current).toBe("websocket");
  });
});

describe("a stream", () => {
  beforeEach(() => {
    chooser.ended(SILENT);
  });

  test("that cannot be reached either speaks for WebSockets: the server is down", () => {
    chooser.ended(REFUSED);

    expect(chooser.current).toBe("websocket");
  });

  test("that tells nothing is held back on its way: then long-polling", () => {
    chooser.ended(SILENT);

    expect(chooser.current).toBe("poll");
  });

  test("that worked is tried twice", () => {
    chooser.settle("sse");
    chooser.ended(REFUSED);
    expect(chooser.current).toBe("sse");
    chooser.ended(REFUSED);
    expect(chooser.current).toBe("websocket");
  });

  test("gives way to a WebSocket on another network, which has one try", () => {
    chooser.settle("sse");
    chooser.networkChanged();
    expect(chooser.current).toBe("websocket");
    chooser.ended(REFUSED);
    expect(chooser.current).toBe("sse");
  });
});

test("after long-polling comes the WebSocket again", () => {
  chooser.ended(SILENT);
  chooser.ended(SILENT);
  chooser.ended(SILENT);

  expect(chooser.current).toBe("websocket");
});

test("the preferred one is tried again less and less often", () => {
  const waits = Array.from({ length: 6 }, () => chooser.nextUpgradeMs());

  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, UPGRADE_LIMIT_MS, UPGRADE_LIMIT_MS]);
  chooser.settle("websocket");
  expect(chooser.nextUpgradeMs()).toBe(30_000);
});

describe("what worked", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  test("is what the next page begins with", () => {
    chooser.settle("poll");

    expect(choose().current).toBe("poll");
  });

  test("is forgotten after a while, however many pages followed", () => {
    chooser.settle("sse");
    vi.advanceTimersByTime(REMEMBER_MS / 2);
    const next = choose();
    next.settle(next.current);
    vi.advanceTimersByTime(REMEMBER_MS / 2);

    expect(choose().current).toBe("websocket");
  });

  test("is not begun with where it is not allowed", () => {
    chooser.settle("sse");

    expect(choose(["websocket", "poll"]).current).toBe("websocket");
  });

  test.each(["nonsense", "sse", "sse tomorrow", "carrier-pigeon 0"])("is not %j", (value) => {
    storage.value = value;

    expect(choose().current).toBe("websocket");
  });

  test("is not kept in a storage that fails, and nothing else is lost", () => {
    storage.isBroken = true;
    chooser = choose();
    chooser.settle("sse");

    expect(chooser.current).toBe("sse");
    expect(choose().current).toBe("websocket");
  });
});

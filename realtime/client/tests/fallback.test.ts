import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { CONNECT_TIMEOUT_MS } from "../src/conversation.ts";
import { POLL_PAUSE_MS } from "../src/poll-link.ts";
import type { SocketOptions } from "../src/socket-types.ts";
import { UPGRADE_BASE_MS } from "../src/transport-chooser.ts";
import type { FakeExchange } from "./fake-http.ts";
import { FakeStorage } from "./fake-storage.ts";
import { FakeWorld } from "./fake-world.ts";
import { closing, EPOCH, operation, OPERATION_ID, progress, snapshot, welcome } from "./samples.ts";
import { WatchedSocket } from "./watched-socket.ts";

const STATE = { epoch: EPOCH, sequence: 4, operations: [], sections: [] };

let world: FakeWorld;
let watched: WatchedSocket;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-02T09:15:00.000Z") });
  world = new FakeWorld();
  world.hasFetch = true;
});

afterEach(() => {
  watched.socket.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function open(options: Partial<SocketOptions> = {}): void {
  watched = new WatchedSocket(world, options);
}

/** Refuse the WebSockets until the client tries something else. */
async function blockWebSockets(): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    (await world.nextServer()).hangUp(1006);
    await world.wait(1_000);
  }
}

/** Let the announced wait pass. */
async function waitForRetry(): Promise<void> {
  await world.wait((watched.socket.connection.retryAt?.getTime() ?? Number.NaN) - Date.now());
}

/** Be live over a stream, at a position. */
async function streamFrom(sequence: number, fields: object = {}): Promise<FakeExchange> {
  const exchange = (await world.nextExchange("/events/stream")).stream();
  exchange.say(welcome({ head: sequence, ...fields }), snapshot(sequence));
  await world.nextTurn();
  return exchange;
}

/** Be live over long-polling, at position 4; return the question that the server holds. */
async function poll(): Promise<FakeExchange> {
  (await world.nextExchange("/state/")).answer(STATE);
  return world.nextExchange("/events/");
}

/** Return the question after one that was just answered. */
async function nextQuestion(): Promise<FakeExchange> {
  await world.wait(POLL_PAUSE_MS);
  return world.nextExchange("/events/");
}

describe("where WebSockets are blocked", () => {
  test("the client goes on over a stream of events by itself", async () => {
    open();
    await blockWebSockets();
    const stream = await streamFrom(4);
    stream.say(operation(5));
    stream.write(": heartbeat 5\n\n");
    await world.nextTurn();

    expect(stream.url.href).toBe("https://tenderwire.test/api/projects/5b1f/events/stream");
    expect(stream.token).toBe("ticket.3");
    expect(watched.path.slice(-2)).toEqual(["connecting sse", "live sse"]);
    expect(watched.socket.connection.transport).toBe("sse");
    expect(watched.sequences).toEqual([5]);
    expect(watched.errors).toEqual([]);
  });

  test("a WebSocket that hangs is enough", async () => {
    open();
    await world.nextServer();
    await world.wait(CONNECT_TIMEOUT_MS + 500);

    await streamFrom(4);
    expect(watched.path.at(-1)).toBe("live sse");
  });

  test("a server that cannot be reached over HTTP either is tried by WebSocket again", async () => {
    open();
    await blockWebSockets();
    (await world.nextExchange("/events/stream")).breakOff();
    await world.nextTurn();
    await waitForRetry();

    expect(world.servers).toHaveLength(3);
    expect(watched.path.at(-1)).toBe("connecting websocket");
  });

  test("a WebSocket that was refused with a word is not blocked", async () => {
    open();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const server = await world.nextServer();
      server.say(closing("restart", true, 0));
      server.hangUp(1012);
      await waitForRetry();
    }

    expect(world.exchanges).toEqual([]);
  });

  test("a token that cannot be had says nothing of the transport", async () => {
    let isDown = true;
    open({ getToken: async () => (isDown ? Promise.reject(new Error("503")) : Promise.resolve("eyJ.eyJ.c2ln")) });
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await world.nextTurn();
      await waitForRetry();
    }
    isDown = false;
    await world.nextTurn();
    await waitForRetry();

    expect(watched.path.at(-1)).toBe("connecting websocket");
  });

  test("there is no other way without fetch", async () => {
    world.hasFetch = false;
    open();
    await blockWebSockets();
    await blockWebSockets();

    expect(watched.path.every((state) => !state.endsWith("sse"))).toBe(true);
    expect(world.servers.length).toBeGreaterThan(2);
  });

  test("there is no other way for an address from which none follows", async () => {
    open({ url: "/live/5b1f" });
    await blockWebSockets();
    await blockWebSockets();

    expect(world.exchanges).toEqual([]);
    expect(watched.errors).toEqual([]);
  });

  test("nor for a socket that allows none", async () => {
    open({ transports: ["websocket"] });
    await blockWebSockets();
    await blockWebSockets();

    expect(world.exchanges).toEqual([]);
  });

  test("the next page begins with what worked", async () => {
    world.storage = new FakeStorage();
    open();
    await blockWebSockets();
    await streamFrom(4);
    watched.socket.close();
    const tried = world.servers.length;

    open();
    await streamFrom(4);

    expect(world.servers).toHaveLength(tried);
    expect(watched.path).toEqual(["connecting sse", "live sse"]);
  });

  test("a page whose address has no other forgets what worked elsewhere", async () => {
    world.storage = Object.assign(new FakeStorage(), { value: `sse ${Date.now()}` });
    open({ url: "/live/5b1f" });
    await world.wait(1_000);

    expect(world.servers).toHaveLength(1);
  });
});

describe("a stream of events", () => {
  beforeEach(() => {
    open({ transports: ["sse", "poll"] });
  });

  test("resumes where the last one broke", async () => {
    const stream = await streamFrom(4);
    stream.say(operation(5));
    await world.nextTurn();
    stream.breakOff();
    await world.wait(500);
    const next = (await world.nextExchange("/events/stream")).stream();
    next.say(welcome({ head: 6, resumed: true }), progress(6));
    await world.nextTurn();

    expect(next.url.search).toBe(`?since=5&epoch=${EPOCH}`);
    expect(next.token).toBe("ticket.2");
    expect(watched.sequences).toEqual([5, 6]);
    expect(watched.path).toEqual([
      "connecting sse",
      "live sse",
      "waiting connection_lost",
      "connecting sse",
      "live sse",
    ]);
  });

  test("that tells nothing within the time is given up for long-polling", async () => {
    const stream = (await world.nextExchange("/events/stream")).stream();
    await world.wait(CONNECT_TIMEOUT_MS + 500);
    await poll();

    expect(stream.isLeft).toBe(true);
    expect(watched.path.slice(-2)).toEqual(["connecting poll", "live poll"]);
  });

  test("is kept by comments, also by those that are no heartbeats", async () => {
    const stream = await streamFrom(4);
    for (let beat = 0; beat < 10; beat += 1) {
      await world.wait(25_000);
      stream.write(beat % 2 === 0 ? ": heartbeat 4\n\n" : ": padding\n\n");
    }
    await world.nextTurn();

    expect(stream.isLeft).toBe(false);
    expect(world.exchanges).toHaveLength(1);
  });

  test("whose heartbeat tells of events that never came is asked again", async () => {
    const stream = await streamFrom(4);
    stream.write(": heartbeat 6\n\n");
    const next = await world.nextExchange("/events/stream");

    expect(next).not.toBe(stream);
    expect(next.url.searchParams.get("since")).toBe("4");
  });

  test("that falls silent is succeeded by long-polling, and nobody notices", async () => {
    const stream = await streamFrom(4);
    await world.wait(30_000);
    const question = await world.nextExchange("/events/");
    expect(question.url.searchParams.get("since")).toBe("4");
    question.answer({ epoch: EPOCH, head: 5, complete: true, events: [operation(5)] });
    await world.nextTurn();

    expect(stream.isLeft).toBe(true);
    expect(watched.sequences).toEqual([5]);
    expect(watched.path).toEqual(["connecting sse", "live sse", "live poll"]);

    (await nextQuestion()).breakOff();
    await world.nextTurn();
    expect(watched.path.at(-1)).toBe("waiting connection_lost");
    expect(watched.socket.connection.transport).toBe("poll");
  });

  test("that falls silent on a network that is gone is given up", async () => {
    await streamFrom(4);
    await world.wait(30_000);
    (await world.nextExchange("/events/")).breakOff();
    await world.nextTurn();

    expect(watched.path.at(-1)).toBe("waiting silent");
  });

  test("is proved by another one when the page is shown again", async () => {
    const stream = await streamFrom(4);
    world.show("visible");
    const next = (await world.nextExchange("/events/stream")).stream();
    expect(stream.isLeft).toBe(false);
    next.say(welcome({ head: 4, resumed: true }));
    await world.nextTurn();

    expect(stream.isLeft).toBe(true);
    expect(watched.path).toEqual(["connecting sse", "live sse"]);
  });

  test("is kept when the server refuses the proof: it is there", async () => {
    const stream = await streamFrom(4);
    world.show("visible");
    (await world.nextExchange("/events/stream")).refuse(429, "throttled");
    await world.nextTurn();

    expect(stream.isLeft).toBe(false);
    expect(watched.path.at(-1)).toBe("live sse");
  });

  test("is succeeded by one with a fresh credential before its own ends", async () => {
    const stream = await streamFrom(4, { token_expires_in_seconds: 300 });
    for (let beat = 0; beat < 27; beat += 1) {
      expect(world.exchanges).toHaveLength(1);
      await world.wait(10_000);
      stream.write(": heartbeat 4\n\n");
    }
    const next = (await world.nextExchange("/events/stream")).stream();
    next.say(welcome({ head: 4, resumed: true }));
    await world.nextTurn();

    expect(next.token).toBe("ticket.2");
    expect(stream.isLeft).toBe(true);
    expect(watched.path).toEqual(["connecting sse", "live sse"]);
  });

  test("is succeeded although the first ticket for that could not be had", async () => {
    const tickets = ["ticket.1", null, "ticket.3"];
    const getToken = () => tickets.shift() ?? Promise.reject(new Error("Bad gateway"));
    watched.socket.close();
    open({ transports: ["sse"], getToken });
    const stream = await streamFrom(4, { token_expires_in_seconds: 16 });
    await world.wait(8_000);
    expect(watched.errors).toMatchObject([{ code: "token_unavailable" }]);
    await world.wait(500);
    const next = (await world.nextExchange("/events/stream")).stream();
    next.say(welcome({ head: 4, resumed: true }));
    await world.nextTurn();

    expect(next.token).toBe("ticket.3");
    expect(stream.isLeft).toBe(true);
    expect(watched.path.at(-1)).toBe("live sse");
  });

  test.each([
    [429, "too_many_connections"],
    [429, "throttled"],
    [503, "draining"],
    [401, "token_expired"],
  ])("goes on, and is succeeded later, when its successor is refused with %i %s", async (status, code) => {
    const stream = await streamFrom(4, { token_expires_in_seconds: 16 });
    await world.wait(8_000);
    (await world.nextExchange("/events/stream")).refuse(status, code);
    await world.nextTurn();
    stream.say(operation(5));
    await world.nextTurn();
    expect(watched.sequences).toEqual([5]);

    await world.wait(500);
    const next = (await world.nextExchange("/events/stream")).stream();
    next.say(welcome({ head: 5, resumed: true }));
    await world.nextTurn();

    expect(world.exchanges).toHaveLength(3);
    expect(stream.isLeft).toBe(true);
    expect(watched.path).toEqual(["connecting sse", "live sse"]);
  });

  test("goes on alone when the refusal of its successor is final", async () => {
    const stream = await streamFrom(4, { token_expires_in_seconds: 10 });
    await world.wait(5_000);
    (await world.nextExchange("/events/stream")).refuse(401, "user_inactive");
    await world.wait(5_000);

    expect(world.exchanges).toHaveLength(2);
    expect(stream.isLeft).toBe(false);
  });

  test("whose credential is short is succeeded at half of its time", async () => {
    await streamFrom(4, { token_expires_in_seconds: 10 });
    await world.wait(4_999);
    expect(world.exchanges).toHaveLength(1);

    await world.wait(1);
    expect(world.exchanges).toHaveLength(2);
  });

  test("whose credential outlives every timer is not succeeded at once", async () => {
    await streamFrom(4, { token_expires_in_seconds: 3_000_000 });
    await world.wait(20_000);

    expect(world.exchanges).toHaveLength(1);
  });

  test("whose notice of the end comes is succeeded, not refreshed", async () => {
    const stream = await streamFrom(4);
    stream.say({ type: "token_expiring", seconds: 60 });
    const next = await world.nextExchange("/events/stream");

    expect(next).not.toBe(stream);
    expect(world.exchanges.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("that ended with its credential is opened at once with a fresh one", async () => {
    const stream = await streamFrom(4);
    await world.wait(6_000);
    stream.say(closing("token_expired", true, 0));
    stream.end();
    const next = await world.nextExchange("/events/stream");

    expect(next).not.toBe(stream);
    expect(next.token).toBe("ticket.2");
  });

  test.each([
    [401, "user_inactive", "closed user_inactive"],
    [404, "not_found", "closed forbidden"],
    [403, "permission_denied", "closed forbidden"],
    [429, "too_many_connections", "closed too_many_connections"],
    [429, "throttled", "waiting throttled"],
    [503, "draining", "waiting restart"],
    [500, "internal_error", "waiting internal_error"],
  ])("that is refused with %i %s is %s", async (status, code, end) => {
    (await world.nextExchange("/events/stream")).refuse(status, code);
    await world.nextTurn();

    expect(watched.path.at(-1)).toBe(end);
  });

  test("that is refused for a while is asked again when the server says", async () => {
    (await world.nextExchange("/events/stream")).refuse(429, "throttled", { "Retry-After": "7" });
    await world.wait(6_999);
    expect(world.exchanges).toHaveLength(1);

    await world.wait(1);
    expect(world.exchanges).toHaveLength(2);
  });

  test.each([
    ["a page", (exchange: FakeExchange) => exchange.stream("text/html")],
    ["a proxy's refusal", (exchange: FakeExchange) => exchange.answer("<h1>Bad gateway</h1>", 502)],
    ["a refusal in another format", (exchange: FakeExchange) => exchange.answer({ error: {} }, 403)],
    ["a proxy's 404", (exchange: FakeExchange) => exchange.answer("<h1>Not found</h1>", 404)],
  ])("%s in its place is no word of the server", async (_what, answer) => {
    answer(await world.nextExchange("/events/stream"));
    await world.nextTurn();

    expect(watched.path.at(-1)).toBe("waiting connection_lost");
  });

  test("is left when the socket is closed", async () => {
    const stream = await streamFrom(4);
    watched.socket.close();

    expect(stream.isLeft).toBe(true);
  });
});

describe("long-polling", () => {
  beforeEach(() => {
    open({ transports: ["poll"] });
  });

  test("starts from the state and asks for what follows, again and again", async () => {
    const question = await poll();
    expect(watched.path).toEqual(["connecting poll", "live poll"]);
    expect(watched.socket.state).toEqual(STATE);
    expect(question.url.href).toBe(`https://tenderwire.test/api/projects/5b1f/events/?since=4&epoch=${EPOCH}&wait=25`);

    question.answer({ epoch: EPOCH, head: 6, complete: true, events: [operation(5), progress(6)] });
    const next = await nextQuestion();

    expect(next.url.searchParams.get("since")).toBe("6");
    expect(watched.sequences).toEqual([5, 6]);
    expect(watched.path).toEqual(["connecting poll", "live poll"]);
  });

  test("is kept by answers without news", async () => {
    let question = await poll();
    for (let round = 0; round < 5; round += 1) {
      await world.wait(25_000);
      question.answer({ epoch: EPOCH, head: 4, complete: true, events: [] });
      question = await nextQuestion();
    }

    expect(world.exchanges.filter(({ url }) => url.searchParams.get("wait") === "0")).toEqual([]);
    expect(watched.path).toEqual(["connecting poll", "live poll"]);
  });

  test("asks no more once the socket is closed, not even after its pause", async () => {
    (await poll()).answer({ epoch: EPOCH, head: 4, complete: true, events: [] });
    await world.nextTurn();
    const asked = world.exchanges.length;
    watched.socket.close();

    expect(vi.getTimerCount()).toBe(0);
    await world.wait(60_000);
    expect(world.exchanges).toHaveLength(asked);
  });

  test.each([["nonsense"], [{ epoch: EPOCH }]])("the state %j is no state", async (state) => {
    (await world.nextExchange("/state/")).answer(state);
    await world.nextTurn();

    expect(watched.path.at(-1)).toBe("waiting connection_lost");
    expect(watched.errors).toEqual([]);
  });

  test("shows a fresh credential with each question", async () => {
    await poll();

    expect(world.exchanges.map(({ token }) => token)).toEqual(["ticket.1", "ticket.2"]);
  });

  test("starts over from the state when events are missing", async () => {
    (await poll()).answer({ epoch: EPOCH, head: 90, complete: false, events: [] });
    (await world.nextExchange("/state/")).answer({ ...STATE, sequence: 90 });
    await world.nextTurn();

    expect(watched.socket.state?.sequence).toBe(90);
  });

  test("starts over from the state when the numbering is another", async () => {
    (await poll()).answer({ epoch: "0000000000000001", head: 2, complete: true, events: [operation(5)] });
    (await world.nextExchange("/state/")).answer({ ...STATE, epoch: "0000000000000001", sequence: 2 });
    await world.nextTurn();

    expect(watched.sequences).toEqual([]);
    expect(watched.socket.state).toMatchObject({ epoch: "0000000000000001", sequence: 2 });
  });

  test("resumes where it broke, and asks without waiting whether that works", async () => {
    (await poll()).breakOff();
    await world.wait(500);
    const question = await world.nextExchange("/events/");
    expect(question.url.search).toBe(`?since=4&epoch=${EPOCH}&wait=0`);
    question.answer({ epoch: EPOCH, head: 5, complete: true, events: [operation(5)] });
    await world.nextTurn();

    expect(watched.sequences).toEqual([5]);
    expect(watched.path.at(-1)).toBe("live poll");
  });

  test.each([
    ["does not hold its answers back", []],
    ["has a flood of news", [operation(5)]],
  ])("is no flood when the server %s", async (_what, events) => {
    const question = await poll();
    const asked = world.exchanges.length;
    question.answer({ epoch: EPOCH, head: 5, complete: true, events });
    await world.wait(POLL_PAUSE_MS - 1);
    expect(world.exchanges).toHaveLength(asked);

    await world.wait(1);
    expect(world.exchanges).toHaveLength(asked + 1);
  });

  test("that has waited long asks on at once", async () => {
    const question = await poll();
    const asked = world.exchanges.length;
    await world.wait(25_000);
    question.answer({ epoch: EPOCH, head: 4, complete: true, events: [] });
    await world.nextTurn();

    expect(world.exchanges).toHaveLength(asked + 1);
  });

  test("that stays without any answer is given up", async () => {
    await poll();
    await world.wait(30_000);
    (await world.nextExchange("/events/")).breakOff();
    await world.nextTurn();

    expect(watched.path.at(-1)).toBe("waiting silent");
  });

  test.each([["nonsense"], [{ epoch: EPOCH }]])("the answer %j is no answer", async (answer) => {
    (await poll()).answer(answer);
    await world.nextTurn();

    expect(watched.path.at(-1)).toBe("waiting connection_lost");
  });

  test("ends when nobody is signed in any more", async () => {
    watched.socket.close();
    let isSignedIn = true;
    open({ transports: ["poll"], getToken: () => (isSignedIn ? "eyJ.eyJ.c2ln" : null) });
    const question = await poll();
    isSignedIn = false;
    question.answer({ epoch: EPOCH, head: 5, complete: true, events: [operation(5)] });
    await world.wait(POLL_PAUSE_MS);

    expect(watched.path.at(-1)).toBe("closed signed_out");
  });
});

describe("the preferred transport", () => {
  async function goLiveOverStream(): Promise<FakeExchange> {
    open();
    await blockWebSockets();
    return streamFrom(4);
  }

  test("is tried again beside the present one, which goes on until it works", async () => {
    const stream = await goLiveOverStream();
    const tried = world.servers.length;
    await world.wait(UPGRADE_BASE_MS - 1);
    stream.write(": heartbeat 4\n\n");
    expect(world.servers).toHaveLength(tried);

    await world.wait(1);
    const server = await world.nextServer();
    expect(server.url.searchParams.get("since")).toBe("4");
    server.say(welcome({ head: 5, resumed: true }));
    server.say(operation(5));

    expect(stream.isLeft).toBe(true);
    expect(watched.sequences).toEqual([5]);
    expect(watched.path.slice(-2)).toEqual(["live sse", "live websocket"]);
    for (let beat = 0; beat < 40; beat += 1) {
      await world.wait(10_000);
      server.say({ type: "heartbeat", head: 5 });
    }
    expect(world.servers).toHaveLength(tried + 1);
  });

  test("is tried less and less often while it does not work, and nobody notices", async () => {
    const stream = await goLiveOverStream();
    const tried = world.servers.length;
    for (let beat = 0; beat < 50; beat += 1) {
      await world.wait(10_000);
      stream.write(": heartbeat 4\n\n");
      const server = world.servers.at(-1);
      if (world.servers.length > tried) server?.hangUp(1006);
    }

    // After 30, 90, 210 and 450 seconds.
    expect(world.servers).toHaveLength(tried + 4);
    expect(watched.path.at(-1)).toBe("live sse");
  });

  test("has one try on another network", async () => {
    await goLiveOverStream();
    const tried = world.servers.length;
    world.say("offline");
    world.say("online");
    (await world.nextServer()).hangUp(1006);
    await waitForRetry();
    await streamFrom(4);

    expect(world.servers).toHaveLength(tried + 1);
    expect(watched.path.at(-1)).toBe("live sse");
  });
});

describe("commands over HTTP", () => {
  const accepted = { type: "reply", ok: true, result: { operation_id: OPERATION_ID, status: "cancelling" } };
  let stream: FakeExchange;

  beforeEach(async () => {
    open({ transports: ["sse"] });
    stream = await streamFrom(4);
  });

  test("are requests of their own, with credentials of their own", async () => {
    const cancelled = watched.socket.cancel(OPERATION_ID);
    const request = await world.nextExchange("/commands/");
    request.answer({ ...accepted, id: 1 });

    expect(await cancelled).toEqual(accepted.result);
    expect(request.method).toBe("POST");
    expect(request.headers.get("Content-Type")).toBe("application/json");
    expect(request.body).toEqual({ type: "cancel", operation_id: OPERATION_ID, id: 1 });
    expect(request.token).toBe("ticket.2");
  });

  test("are asked again once when their credential has expired", async () => {
    const cancelled = watched.socket.cancel(OPERATION_ID);
    (await world.nextExchange("/commands/")).refuse(401, "token_expired");
    (await world.nextExchange("/commands/")).answer({ ...accepted, id: 1 });

    expect(await cancelled).toEqual(accepted.result);
    expect(stream.isLeft).toBe(false);
  });

  test("are refused when it has expired twice", async () => {
    const cancelled = watched.socket.cancel(OPERATION_ID);
    (await world.nextExchange("/commands/")).refuse(401, "token_expired");
    (await world.nextExchange("/commands/")).refuse(401, "token_expired");

    await expect(cancelled).rejects.toMatchObject({ code: "token_expired" });
  });

  test("are refused with the server's word", async () => {
    const cancelled = watched.socket.cancel(OPERATION_ID);
    (await world.nextExchange("/commands/")).refuse(429, "throttled");

    await expect(cancelled).rejects.toMatchObject({ code: "throttled", message: "Non." });
    expect(stream.isLeft).toBe(false);
  });

  test.each([
    ["breaks", (request: FakeExchange) => request.breakOff()],
    ["meets a server that goes", (request: FakeExchange) => request.refuse(503, "draining")],
    ["meets a broken proxy", (request: FakeExchange) => request.answer("<h1>Bad gateway</h1>", 502)],
  ])("are repeated on the next link when the request %s", async (_what, end) => {
    const cancelled = watched.socket.cancel(OPERATION_ID);
    end(await world.nextExchange("/commands/"));
    await world.wait(500);
    await streamFrom(4);
    (await world.nextExchange("/commands/")).answer({ ...accepted, id: 1 });

    expect(await cancelled).toEqual(accepted.result);
    expect(watched.path).toContain("waiting connection_lost");
  });

  test("are given up with the socket", async () => {
    const cancelled = watched.socket.cancel(OPERATION_ID);
    const request = await world.nextExchange("/commands/");
    watched.socket.close();

    await expect(cancelled).rejects.toMatchObject({ code: "closed" });
    expect(request.isLeft).toBe(true);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { CredentialError, Credentials } from "../src/credentials.ts";
import { FakeWorld } from "./fake-world.ts";
import { closing, EPOCH, operation, snapshot, welcome } from "./samples.ts";
import { WatchedSocket } from "./watched-socket.ts";

const EXPIRED = closing("token_expired", true, 0);

let world: FakeWorld;
let watched: WatchedSocket;
/** What the page gives next. */
let token: string;

function open(options: object = {}): void {
  watched = new WatchedSocket(world, { getToken: () => token, ...options });
}

/** Sign the present connection off because its credential has ended. */
async function expire(): Promise<void> {
  const server = await world.nextServer();
  server.say(EXPIRED);
  server.hangUp(1008);
  await world.nextTurn();
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-02T09:15:00.000Z") });
  world = new FakeWorld();
  token = "first.jwt";
});

afterEach(() => {
  watched.socket.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("a credential that the server has called expired is never shown again", () => {
  test("on a WebSocket: the client waits for another, without touching the network", async () => {
    open();
    await expire();
    await world.wait(120_000);
    expect(world.servers).toHaveLength(1);
    expect(watched.path.at(-1)).toBe("waiting token_expired");

    token = "second.jwt";
    await world.wait(20_000);
    expect((await world.nextServer()).protocols).toContain("bearer.second.jwt");
  });

  test("nor when another one came in between", async () => {
    open();
    await expire();
    token = "second.jwt";
    await world.wait(1_000);
    await expire();
    token = "first.jwt";
    await world.wait(120_000);

    expect(world.servers).toHaveLength(2);
  });

  test("nor in a refresh", async () => {
    open();
    const server = await world.nextServer();
    server.say(welcome({ head: 4 }));
    server.say(snapshot(4));
    token = "second.jwt";
    server.say({ type: "token_expiring", seconds: 60 });
    await world.nextTurn();
    server.say({ type: "reply", id: 1, ok: false, error: { code: "token_expired", message: "Expired." } });
    await world.wait(59_000);
    expect(server.commands).toHaveLength(1);
    server.say(EXPIRED);
    server.hangUp(1008);
    await world.wait(120_000);

    expect(world.servers).toHaveLength(1);
    expect(new Set(watched.errors.map(({ code }) => code))).toEqual(new Set(["refresh_failed", "token_expired"]));
  });

  test("nor on a stream", async () => {
    world.hasFetch = true;
    open({ transports: ["sse"] });
    (await world.nextExchange("/events/stream")).refuse(401, "token_invalid");
    await world.wait(120_000);
    expect(world.exchanges).toHaveLength(1);

    token = "second.jwt";
    await world.wait(20_000);
    expect((await world.nextExchange("/events/stream")).token).toBe("second.jwt");
  });

  test("nor by long-polling", async () => {
    world.hasFetch = true;
    open({ transports: ["poll"] });
    (await world.nextExchange("/state/")).answer({ epoch: EPOCH, sequence: 4, operations: [], sections: [] });
    (await world.nextExchange("/events/")).refuse(401, "token_expired");
    await world.wait(120_000);

    expect(world.exchanges).toHaveLength(2);
    expect(watched.path.at(-1)).toBe("waiting token_expired");
  });

  test("nor with a command", async () => {
    world.hasFetch = true;
    open({ transports: ["sse"] });
    (await world.nextExchange("/events/stream")).stream().say(welcome({ head: 4 }), snapshot(4));
    await world.nextTurn();
    const status = watched.socket.status();
    (await world.nextExchange("/commands/")).refuse(401, "token_expired");

    await expect(status).rejects.toMatchObject({ code: "token_expired" });
    expect(world.exchanges).toHaveLength(2);
  });

  test("on a hand-over", async () => {
    open();
    const server = await world.nextServer();
    server.say(welcome({ head: 4 }));
    server.say(snapshot(4));
    server.say({ type: "draining", closes_in_ms: 10_000 });
    await expire();
    await world.wait(10_000);
    server.say(operation(5));

    expect(world.servers).toHaveLength(2);
    expect(watched.sequences).toEqual([5]);
  });
});

test("the last eight that expired are remembered", async () => {
  const credentials = new Credentials(() => "first.jwt");
  credentials.markExpired("first.jwt");
  for (let other = 1; other < 8; other += 1) credentials.markExpired(`${other}.jwt`);
  await expect(credentials.get()).rejects.toThrow(CredentialError);

  credentials.markExpired("8.jwt");
  expect(await credentials.get()).toBe("first.jwt");
});

test("a server that calls every fresh one expired is asked less and less often", async () => {
  world.random = 1;
  let tokens = 0;
  open({ getToken: () => `${(tokens += 1)}.jwt` });
  const waits: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const server = await world.nextServer();
    server.say(EXPIRED);
    server.hangUp(1008);
    waits.push((watched.socket.connection.retryAt?.getTime() ?? Number.NaN) - Date.now());
    await world.wait(waits.at(-1) ?? 0);
  }

  expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
});

test("the credential of a refresh that is under way is not the one that ended", async () => {
  open();
  const server = await world.nextServer();
  server.say(welcome({ head: 4 }));
  server.say(snapshot(4));
  token = "second.jwt";
  server.say({ type: "token_expiring", seconds: 60 });
  await world.nextTurn();
  await expire();
  await world.wait(1_000);

  expect((await world.nextServer()).protocols).toContain("bearer.second.jwt");
});

test("the credential of a refresh that was accepted is the one that ends", async () => {
  open();
  const server = await world.nextServer();
  server.say(welcome({ head: 4 }));
  server.say(snapshot(4));
  token = "second.jwt";
  server.say({ type: "token_expiring", seconds: 60 });
  await world.nextTurn();
  server.say({ type: "reply", id: 1, ok: true, result: { token_expires_in_seconds: 600 } });
  await world.nextTurn();
  await expire();
  await world.wait(120_000);

  expect(world.servers).toHaveLength(1);
});

test("a refresh for which there was no credential is not tried again when it is too late", async () => {
  let asked = 0;
  open({ getToken: async () => ((asked += 1) > 1 ? Promise.reject(new Error("503")) : Promise.resolve("first.jwt")) });
  const server = await world.nextServer();
  server.say(welcome({ head: 4 }));
  server.say(snapshot(4));
  server.say({ type: "token_expiring", seconds: 4 });
  await world.wait(25_000);

  // At once, after 2 and after 3 seconds.
  expect(asked).toBe(1 + 3);
});

test("a refresh for which there was no credential is tried again at half of the time that is left", async () => {
  let isDown = false;
  open({ getToken: async () => (isDown ? Promise.reject(new Error("503")) : Promise.resolve("first.jwt")) });
  const server = await world.nextServer();
  server.say(welcome({ head: 4 }));
  server.say(snapshot(4));
  isDown = true;
  server.say({ type: "token_expiring", seconds: 60 });
  await world.wait(29_000);
  server.say("pong");
  isDown = false;
  await world.wait(1_000);

  expect(server.commands).toEqual([{ type: "refresh", token: "first.jwt", id: 1 }]);
});

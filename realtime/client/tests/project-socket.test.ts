import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { CommandError } from "../src/commands.ts";
import type { GetToken } from "../src/credentials.ts";
import { STABLE_AFTER_MS } from "../src/live-connection.ts";
import { CLOSE_TIMEOUT_MS, CONNECT_TIMEOUT_MS } from "../src/conversation.ts";
import { ProjectSocket } from "../src/project-socket.ts";
import type { LoggedEvent } from "../src/protocol.ts";
import type { Connection, SocketError } from "../src/socket-types.ts";
import { type FakeServer, FakeWorld } from "./fake-world.ts";
import { closing, EPOCH, operation, OPERATION_ID, progress, snapshot, welcome } from "./samples.ts";

let world: FakeWorld;
let socket: ProjectSocket;
let tickets: number;
let events: LoggedEvent[];
let connections: Connection[];
let errors: SocketError[];

const giveTicket: GetToken = () => `ticket.${(tickets += 1)}`;

function open(getToken: GetToken = giveTicket, url: () => string | Promise<string> = () => "/ws/projects/5b1f"): void {
  socket = new ProjectSocket({ url, getToken, environment: world.environment });
  socket.on("event", (event) => events.push(event));
  socket.on("connection", (connection) => connections.push(connection));
  socket.on("error", (error) => errors.push(error));
}

/** Connect and start from a snapshot at a position. */
async function goLive(sequence = 0): Promise<FakeServer> {
  const server = await world.nextServer();
  server.say(welcome({ head: sequence }));
  server.say(snapshot(sequence));
  return server;
}

/** Let the announced wait pass; return how long it was, in milliseconds. */
async function waitForRetry(): Promise<number> {
  const waitMs = (socket.connection.retryAt?.getTime() ?? Number.NaN) - Date.now();
  await world.wait(waitMs);
  return waitMs;
}

/** The states that the connection went through, without repetitions of the same. */
function path(): string[] {
  return connections.map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-02T09:15:00.000Z") });
  world = new FakeWorld();
  tickets = 0;
  events = [];
  connections = [];
  errors = [];
});

afterEach(() => {
  socket.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("connecting", () => {
  test("a fresh socket asks for a ticket and takes the snapshot", async () => {
    open();
    const server = await goLive(4);

    expect(server.url.href).toBe("wss://tenderwire.test/ws/projects/5b1f?ticket=ticket.1");
    expect(server.protocols).toEqual(["tenderwire.v1"]);
    expect(path()).toEqual(["connecting", "live"]);
    expect(socket.state).toEqual({ epoch: EPOCH, sequence: 4, operations: [], sections: [] });
  });

  test("a JWT goes into the subprotocols", async () => {
    open(async () => Promise.resolve("eyJ.eyJ.c2ln"));
    const server = await world.nextServer();

    expect(server.url.search).toBe("");
    expect(server.protocols).toEqual(["tenderwire.v1", "bearer.eyJ.eyJ.c2ln"]);
  });

  test("events fold into the state and are told once each, in order", async () => {
    open();
    const server = await goLive();
    const states: number[] = [];
    socket.on("state", ({ sequence }) => states.push(sequence));

    for (const event of [operation(1), progress(2), progress(2), operation(1), progress(5)]) server.say(event);

    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 5]);
    expect(states).toEqual([1, 2, 5]);
    expect(socket.state?.operations[0]).toMatchObject({ status: "running", progress: 40 });
  });

  test("a listener that was taken away hears no more", async () => {
    open();
    const server = await goLive();
    const heard = vi.fn();
    const stop = socket.on("event", heard);

    server.say(operation(1));
    stop();
    server.say(progress(2));

    expect(heard).toHaveBeenCalledTimes(1);
  });

  test("the data is as of the last word of the server", async () => {
    open();
    const server = await goLive();

    await world.wait(12_000);
    expect(socket.connection.dataAsOf).toEqual(new Date("2026-03-02T09:15:00.000Z"));

    server.say({ type: "heartbeat", head: 0 });
    expect(socket.connection.dataAsOf).toEqual(new Date("2026-03-02T09:15:12.000Z"));
  });

  test("a server that accepts and says nothing is given up", async () => {
    open();
    const server = await world.nextServer();

    await world.wait(CONNECT_TIMEOUT_MS);

    expect(server.isLeft).toBe(true);
    expect(path()).toEqual(["connecting", "waiting: connect_timeout"]);
  });

  test("another version of the protocol ends it", async () => {
    open();
    (await world.nextServer()).say(welcome({ protocol: 2 }));

    await world.wait(600_000);

    expect(path()).toEqual(["connecting", "closed: unsupported_protocol"]);
    expect(world.servers).toHaveLength(1);
  });
});

describe("reconnecting", () => {
  test("resumes after the last event of any kind, with a fresh ticket", async () => {
    open();
    const server = await goLive(4);
    server.say(operation(5));
    server.say({ type: "section_moved", sequence: 6 });

    server.hangUp(1006);
    await world.wait(500);
    const next = await world.nextServer();
    next.say(welcome({ head: 7, resumed: true }));
    next.say(progress(7));

    expect(next.url.search).toBe(`?since=6&epoch=${EPOCH}&ticket=ticket.2`);
    expect(path()).toEqual(["connecting", "live", "waiting: connection_lost", "connecting", "live"]);
    expect(events.map(({ sequence }) => sequence)).toEqual([5, 7]);
  });

  test("takes a snapshot in place of everything when the server cannot resume", async () => {
    open();
    (await goLive(40)).hangUp(1006);
    await world.wait(500);

    const next = await world.nextServer();
    next.say(welcome({ epoch: "0000000000000001", head: 2 }));
    next.say({ ...snapshot(2), epoch: "0000000000000001" });

    expect(socket.state).toMatchObject({ epoch: "0000000000000001", sequence: 2 });
  });

  test("asks for the URL anew each time", async () => {
    let asked = 0;
    open(giveTicket, async () => Promise.resolve(`/ws/projects/${(asked += 1)}`));
    (await goLive()).hangUp(1006);
    await world.wait(500);

    expect((await world.nextServer()).url.pathname).toBe("/ws/projects/2");
  });

  test("waits longer after each failure, up to 20 seconds", async () => {
    world.random = 1;
    open();
    await world.nextServer();

    const waits: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      (await world.nextServer()).hangUp(1006);
      waits.push(await waitForRetry());
    }

    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  });

  test("starts over with short waits only after a connection that held", async () => {
    world.random = 1;
    open();

    const waits: number[] = [];
    for (const held of [0, 0, STABLE_AFTER_MS]) {
      const server = await goLive();
      await world.wait(held);
      server.hangUp(1006);
      waits.push(await waitForRetry());
    }

    expect(waits).toEqual([500, 1_000, 500]);
  });

  test("obeys the wait that the server asks for", async () => {
    open();
    const server = await goLive();
    server.say(closing("restart", true, 2_817));
    server.hangUp(1012);

    expect(socket.connection).toMatchObject({ state: "waiting", reason: "restart" });
    await world.wait(2_816);
    expect(world.servers).toHaveLength(1);

    await world.wait(1);
    expect(world.servers).toHaveLength(2);
  });

  test("does not wait for ever for the close after a closing frame", async () => {
    open();
    const server = await goLive();
    server.say(closing("restart", true, 0));

    await world.wait(CLOSE_TIMEOUT_MS + 1);

    expect(server.isLeft).toBe(true);
    expect(await world.nextServer()).not.toBe(server);
  });

  test.each(["token_missing", "token_invalid", "user_inactive", "forbidden", "of_a_later_version"])(
    "never comes back after %s",
    async (code) => {
      open();
      const server = await world.nextServer();
      server.say(closing(code, false, null));
      server.hangUp(1008);

      world.say("online");
      world.show("visible");
      await world.wait(3_600_000);

      expect(world.servers).toHaveLength(1);
      expect(path()).toEqual(["connecting", `closed: ${code}`]);
    },
  );

  test("never comes back after a bare 1008", async () => {
    open();
    (await goLive()).hangUp(1008);
    await world.wait(3_600_000);

    expect(world.servers).toHaveLength(1);
    expect(socket.connection).toMatchObject({ state: "closed", reason: "refused" });
  });

  test("gets what a heartbeat says was missed", async () => {
    open();
    const server = await goLive(4);
    server.say({ type: "heartbeat", head: 6 });
    await world.wait(0);

    expect((await world.nextServer()).url.searchParams.get("since")).toBe("4");
    expect(path()).toContain("waiting: missed_events");
  });

  test("asks for a snapshot after a frame that it cannot read", async () => {
    open();
    const server = await goLive(4);
    server.say({ ...progress(5), progress: "much" });
    await world.wait(500);

    expect((await world.nextServer()).url.searchParams.has("since")).toBe(false);
    expect(errors.map(({ code }) => code)).toEqual(["protocol_error"]);
    expect(socket.state).toMatchObject({ sequence: 4 });
  });

  test("hears nothing more from a connection that it left", async () => {
    open();
    const old = await goLive(4);
    await world.wait(60_000);
    old.say(operation(5));
    old.hangUp(1008);

    expect(old.isLeft).toBe(true);
    expect(events).toEqual([]);
    expect(path()).not.toContain("closed: refused");
  });
});

describe("credentials", () => {
  test("an expired token is replaced by a fresh one at once", async () => {
    open();
    const server = await goLive();
    server.say(closing("token_expired", true, 0));
    server.hangUp(1008);
    await world.wait(0);

    expect((await world.nextServer()).url.searchParams.get("ticket")).toBe("ticket.2");
  });

  test("a token that was refused as expired is never shown again", async () => {
    let token = "old.jwt.token";
    open(() => token);
    const server = await world.nextServer();
    server.say(closing("token_expired", true, 0));
    server.hangUp(1008);

    await world.wait(10_000);
    expect(world.servers).toHaveLength(1);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["token_expired"]));

    token = "new.jwt.token";
    await world.wait(20_000);
    expect((await world.nextServer()).protocols).toContain("bearer.new.jwt.token");
  });

  test("a token that cannot be had is asked for again later", async () => {
    let isDown = true;
    open(async () => (isDown ? Promise.reject(new Error("503")) : Promise.resolve("ticket.1")));
    await world.wait(100);
    expect(path()).toEqual(["connecting", "waiting: token_unavailable"]);

    isDown = false;
    await world.wait(500);
    expect(world.servers).toHaveLength(1);
  });

  test("nobody signed in ends it", async () => {
    open(() => null);
    await world.wait(3_600_000);

    expect(path()).toEqual(["connecting", "closed: signed_out"]);
    expect(world.servers).toHaveLength(0);
  });

  test("is refreshed in band when the server gives notice", async () => {
    open();
    const server = await goLive();
    server.say({ type: "token_expiring", seconds: 60 });
    await world.wait(0);

    expect(server.commands).toEqual([{ type: "refresh", token: "ticket.2", id: 1 }]);
    server.say({ type: "reply", id: 1, ok: true, result: { token_expires_in_seconds: 600 } });
    expect(path()).toEqual(["connecting", "live"]);
    expect(errors).toEqual([]);
  });

  describe("a command that comes after its end", () => {
    const refusal = { ok: false, error: { code: "token_expired", message: "Refresh it first." } };
    const accepted = { ok: true, result: { operation_id: OPERATION_ID, status: "cancelling" } };
    let server: FakeServer;
    let cancelled: Promise<unknown>;

    beforeEach(async () => {
      open();
      server = await goLive();
      cancelled = socket.cancel(OPERATION_ID);
      server.say({ type: "reply", id: 1, ...refusal });
      await world.wait(0);
    });

    test("is repeated when the socket has been refreshed", async () => {
      server.say({ type: "token_expiring", seconds: 1 });
      await world.wait(0);
      expect(server.commands.map(({ type }) => type)).toEqual(["cancel", "refresh"]);
      server.say({ type: "reply", id: 2, ok: true, result: { token_expires_in_seconds: 600 } });
      await world.wait(0);

      expect(server.commands.map(({ type, id }) => [type, id])).toEqual([
        ["cancel", 1],
        ["refresh", 2],
        ["cancel", 1],
      ]);
      server.say({ type: "reply", id: 1, ...accepted });
      expect(await cancelled).toEqual(accepted.result);
      expect(errors).toEqual([]);
    });

    test("is repeated on the next socket when this one ends", async () => {
      server.say(closing("token_expired", true, 0));
      server.hangUp(1008);
      await world.wait(0);
      const next = await goLive();

      expect(next).not.toBe(server);
      expect(next.commands).toEqual(server.commands);
      next.say({ type: "reply", id: 1, ...accepted });
      expect(await cancelled).toEqual(accepted.result);
    });
  });

  test("tokens shorter than the notice do not make a flood of refreshes", async () => {
    open(() => "short.jwt.token");
    const server = await goLive();
    for (let notice = 0; notice < 20; notice += 1) {
      server.say({ type: "token_expiring", seconds: 40 });
      await world.wait(1_000);
    }
    expect(server.commands).toHaveLength(1);

    await world.wait(20_000);
    expect(server.commands).toHaveLength(2);
  });

  test("a refused refresh is told and the connection goes on", async () => {
    open();
    const server = await goLive();
    server.say({ type: "token_expiring", seconds: 60 });
    await world.wait(0);
    server.say({ type: "reply", id: 1, ok: false, error: { code: "token_invalid", message: "Not valid." } });
    await world.wait(0);

    expect(errors).toMatchObject([{ code: "refresh_failed", error: { code: "token_invalid" } }]);
    expect(socket.connection.state).toBe("live");
  });
});

describe("the link", () => {
  test("is pinged when silent and given up when it stays so", async () => {
    open();
    const server = await goLive();

    await world.wait(30_000);
    expect(server.received).toEqual(["ping"]);

    await world.wait(30_000);
    expect(server.isLeft).toBe(true);
    expect(path()).toContain("waiting: silent");
  });

  test("is kept by a pong", async () => {
    open();
    const server = await goLive();
    await world.wait(30_000);
    server.say("pong");
    await world.wait(55_000);

    expect(server.isLeft).toBe(false);
  });

  test("waits without trying while the browser is offline, and comes back when it is online", async () => {
    open();
    const server = await goLive(4);
    world.say("offline");

    expect(server.isLeft).toBe(true);
    expect(socket.connection).toMatchObject({ state: "waiting", reason: "offline", retryAt: null });
    world.show("visible");
    await world.wait(3_600_000);
    expect(world.servers).toHaveLength(1);

    world.say("online");
    expect((await world.nextServer()).url.searchParams.get("since")).toBe("4");
  });

  test("is not opened in a browser that is offline from the start", async () => {
    open();
    world.say("offline");
    await world.wait(60_000);
    expect(world.servers).toHaveLength(0);

    world.say("online");
    await world.nextServer();
    expect(world.servers).toHaveLength(1);
  });

  test("is tried at once when the page is shown again", async () => {
    world.random = 1;
    open();
    for (let failure = 0; failure < 6; failure += 1) {
      (await world.nextServer()).hangUp(1006);
      await waitForRetry();
    }
    (await world.nextServer()).hangUp(1006);
    const tried = world.servers.length;

    world.show("visible");
    await world.nextServer();

    expect(world.servers).toHaveLength(tried + 1);
  });

  test("is not tried when the page is hidden", async () => {
    world.random = 1;
    open();
    (await world.nextServer()).hangUp(1006);

    world.show("hidden");
    await world.nextServer();

    expect(world.servers).toHaveLength(1);
  });

  test("is probed when the page is shown again, and given up after five silent seconds", async () => {
    open();
    const server = await goLive();
    world.show("visible");
    expect(server.received).toEqual(["ping"]);

    await world.wait(5_000);
    expect(server.isLeft).toBe(true);
  });
});

describe("commands", () => {
  test("resolve with the reply", async () => {
    open();
    const server = await goLive();
    const cancelled = socket.cancel(OPERATION_ID);
    server.say({ type: "reply", id: 1, ok: true, result: { operation_id: OPERATION_ID, status: "cancelling" } });

    expect(server.commands).toEqual([{ type: "cancel", operation_id: OPERATION_ID, id: 1 }]);
    expect(await cancelled).toEqual({ operation_id: OPERATION_ID, status: "cancelling" });
  });

  test("reject with the server's code", async () => {
    open();
    const server = await goLive();
    const retried = socket.retry(OPERATION_ID);
    server.say({ type: "reply", id: 1, ok: false, error: { code: "conflict", message: "Non." } });

    await expect(retried).rejects.toMatchObject({ code: "conflict", message: "Non." });
  });

  test("given without a connection are sent when there is one", async () => {
    open();
    const status = socket.status();
    const server = await world.nextServer();
    server.say(welcome());
    expect(server.commands).toEqual([]);

    server.say(snapshot(3));
    expect(server.commands).toEqual([{ type: "status", id: 1 }]);
    server.say({ type: "reply", id: 1, ok: true, result: { sequence: 3, epoch: EPOCH, operations: [], sections: [] } });
    expect(await status).toMatchObject({ sequence: 3 });
  });

  test("without an answer are repeated on the next connection", async () => {
    open();
    const server = await goLive(4);
    const cancelled = socket.cancel(OPERATION_ID);
    server.hangUp(1006);
    await world.wait(500);
    const next = await world.nextServer();
    next.say(welcome({ head: 4, resumed: true }));
    next.say({ type: "reply", id: 1, ok: true, result: { operation_id: OPERATION_ID, status: "cancelling" } });

    expect(next.commands).toEqual(server.commands);
    expect(await cancelled).toMatchObject({ status: "cancelling" });
  });

  test("fail when the socket is closed", async () => {
    open();
    const status = socket.status();
    socket.close();

    await expect(status).rejects.toThrow(CommandError);
    expect(path()).toEqual(["closed: closed_here"]);
  });

  test("a refusal without an id is told as an error", async () => {
    open();
    const server = await goLive();
    server.say({ type: "reply", id: null, ok: false, error: { code: "rate_limited", message: "Slow down." } });

    expect(errors.map(({ code }) => code)).toEqual(["rate_limited"]);
  });
});

describe("closing from here", () => {
  test("ends the connection and every timer", async () => {
    open();
    const server = await goLive();
    socket.close();
    server.say(operation(1));
    world.say("offline");
    world.say("online");
    await world.wait(3_600_000);

    expect(server.isLeft).toBe(true);
    expect(events).toEqual([]);
    expect(world.servers).toHaveLength(1);
    expect(path().at(-1)).toBe("closed: closed_here");
  });

  test("while the token is being asked for opens no socket", async () => {
    let give: (ticket: string) => void = () => undefined;
    open(async () => new Promise((resolve) => (give = resolve)));
    await world.wait(100);
    socket.close();
    give("ticket.late");
    await world.wait(100);

    expect(world.servers).toHaveLength(0);
  });

  test("inside a listener is final", async () => {
    open();
    socket.on("event", () => socket.close());
    const server = await goLive();
    server.say(operation(1));
    server.say(progress(2));
    await world.wait(3_600_000);

    expect(events).toHaveLength(1);
    expect(socket.connection.state).toBe("closed");
  });
});

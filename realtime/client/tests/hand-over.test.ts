import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { CONNECT_TIMEOUT_MS } from "../src/conversation.ts";
import { type FakeServer, FakeWorld } from "./fake-world.ts";
import { makeRandom } from "./random.ts";
import { closing, EPOCH, operation, OPERATION_ID, progress, snapshot, welcome } from "./samples.ts";
import { WatchedSocket } from "./watched-socket.ts";

const DRAINING = { type: "draining", closes_in_ms: 10_000 };

let world: FakeWorld;
let watched: WatchedSocket;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-02T09:15:00.000Z") });
  world = new FakeWorld();
  watched = new WatchedSocket(world);
});

afterEach(() => {
  watched.socket.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function goLive(sequence: number): Promise<FakeServer> {
  const server = await world.nextServer();
  server.say(welcome({ head: sequence }));
  server.say(snapshot(sequence));
  return server;
}

/** Be live at a position, and told to leave: return the server that goes and the one that comes. */
async function drain(sequence: number): Promise<{ first: FakeServer; second: FakeServer }> {
  const first = await goLive(sequence);
  first.say(DRAINING);
  return { first, second: await world.nextServer() };
}

describe("a draining server", () => {
  test("is left only when the other link is live, and nobody notices", async () => {
    const { first, second } = await drain(4);
    expect(second).not.toBe(first);
    expect(second.url.search).toBe(`?since=4&epoch=${EPOCH}&ticket=ticket.2`);
    first.say(operation(5));
    expect(first.isLeft).toBe(false);

    second.say(welcome({ head: 5, resumed: true }));
    expect(first.isLeft).toBe(false); // the second has not told event 5 yet
    second.say(operation(5));
    expect(first.leftWith).toBe(1000);
    second.say(progress(6));

    expect(watched.sequences).toEqual([5, 6]);
    expect(watched.path).toEqual(["connecting websocket", "live websocket"]);
  });

  test("is left at once when the other link has nothing to tell", async () => {
    const { first, second } = await drain(4);
    second.say(welcome({ head: 4, resumed: true }));

    expect(first.isLeft).toBe(true);
    expect(second.isLeft).toBe(false);
  });

  test("may go on telling less than the other link, or more: each event counts once", async () => {
    const { first, second } = await drain(4);
    second.say(welcome({ head: 5, resumed: true }));
    first.say(operation(5));
    first.say(progress(6));
    for (const event of [operation(5), progress(6), progress(7)]) second.say(event);
    first.say(progress(7));

    expect(watched.sequences).toEqual([5, 6, 7]);
  });

  test("is left for a snapshot of another numbering", async () => {
    const { first, second } = await drain(40);
    second.say(welcome({ epoch: "0000000000000001", head: 2 }));
    expect(first.isLeft).toBe(false); // the snapshot is still to come
    second.say({ ...snapshot(2), epoch: "0000000000000001" });

    expect(first.isLeft).toBe(true);
    expect(watched.socket.state).toMatchObject({ epoch: "0000000000000001", sequence: 2 });
  });

  test("is not left for a snapshot that is behind, until the events after it have caught up", async () => {
    const { first, second } = await drain(4);
    first.say(operation(5));
    first.say(progress(6));
    second.say(welcome({ head: 4 }));
    second.say(snapshot(4));
    expect(first.isLeft).toBe(false);
    expect(watched.socket.state).toMatchObject({ sequence: 6 });

    second.say(operation(5));
    second.say(progress(6));
    expect(first.isLeft).toBe(true);
    expect(watched.sequences).toEqual([5, 6]);
  });

  test("is kept when there is no other, tried again meanwhile, and obeyed when it closes", async () => {
    world.random = 1;
    const { first, second } = await drain(4);
    second.hangUp(1006);
    await world.wait(500);
    const third = await world.nextServer();
    third.hangUp(1006);
    await world.wait(999);
    expect(world.servers).toHaveLength(3); // the second wait is longer
    first.say(operation(5));
    expect(third).not.toBe(second);
    expect(watched.sequences).toEqual([5]);
    expect(watched.path.at(-1)).toBe("live websocket");

    first.say(closing("restart", true, 2_817));
    first.hangUp(1012);
    const tried = world.servers.length;
    await world.wait(2_816);
    expect(world.servers).toHaveLength(tried);

    await world.wait(1);
    expect((await world.nextServer()).url.searchParams.get("since")).toBe("5");
    expect(watched.path.slice(2)).toEqual(["waiting restart", "connecting websocket"]);
  });

  test("is kept when the other link does not come to life in time", async () => {
    const { first, second } = await drain(4);
    await world.wait(CONNECT_TIMEOUT_MS);

    expect(second.isLeft).toBe(true);
    expect(first.isLeft).toBe(false);
    expect(watched.path.at(-1)).toBe("live websocket");
  });

  test.each([
    ["refuses", (server: FakeServer) => (server.say(closing("forbidden", false, null)), server.hangUp(1008))],
    ["drains too", (server: FakeServer) => server.say(DRAINING)],
    ["speaks another protocol", (server: FakeServer) => server.say(welcome({ protocol: 2 }))],
    ["cannot be understood", (server: FakeServer) => server.say("nonsense")],
  ])("is kept when the other %s", async (_what, end) => {
    const { first, second } = await drain(4);
    end(second);
    first.say(operation(5));

    expect(second.isLeft).toBe(true);
    expect(first.isLeft).toBe(false);
    expect(watched.sequences).toEqual([5]);
    expect(watched.path.at(-1)).toBe("live websocket");
  });

  test("is succeeded with as much patience as the one before it", async () => {
    world.random = 1;
    const { second } = await drain(4);
    second.hangUp(1006);
    await world.wait(500);
    const third = await world.nextServer();
    third.say(welcome({ head: 4, resumed: true }));
    third.say(DRAINING);
    (await world.nextServer()).hangUp(1006);
    const tried = world.servers.length;
    await world.wait(500);
    await world.nextTurn();

    expect(world.servers).toHaveLength(tried + 1);
  });

  test("is not followed by another try before the time that the other server asks for", async () => {
    const { second } = await drain(4);
    second.say(closing("restart", true, 2_817));
    second.hangUp(1012);
    await world.wait(2_816);
    expect(world.servers).toHaveLength(2);

    await world.wait(1);
    await world.nextTurn();
    expect(world.servers).toHaveLength(3);
  });

  test("is not followed by another try after a refusal that is final", async () => {
    const { first, second } = await drain(4);
    second.say(closing("forbidden", false, null));
    second.hangUp(1008);
    await world.wait(20_000);

    expect(world.servers).toHaveLength(2);
    expect(first.isLeft).toBe(false);
  });

  test("is succeeded later when it takes the last connection that its user may have", async () => {
    const { first, second } = await drain(4);
    second.say(closing("too_many_connections", false, null));
    second.hangUp(1008);
    expect(first.isLeft).toBe(false);
    await world.wait(500);
    const third = await world.nextServer();
    third.say(welcome({ head: 4, resumed: true }));

    expect(third).not.toBe(second);
    expect(first.isLeft).toBe(true);
    expect(watched.path).toEqual(["connecting websocket", "live websocket"]);
  });

  test("is resumed from where it was, whatever the other has said", async () => {
    const { first, second } = await drain(4);
    second.say("nonsense");
    first.hangUp(1006);
    await world.wait(500);

    expect((await world.nextServer()).url.searchParams.get("since")).toBe("4");
  });

  test("that is not live yet is not succeeded: its end comes soon enough", async () => {
    const server = await world.nextServer();
    server.say(DRAINING);
    await world.nextTurn();

    expect(world.servers).toHaveLength(1);
  });

  test("that is gone leaves everything to the other link, if that is live", async () => {
    const { first, second } = await drain(4);
    first.say(operation(5));
    second.say(welcome({ head: 6, resumed: true }));
    first.hangUp(1006);
    for (const event of [operation(5), progress(6)]) second.say(event);

    expect(watched.sequences).toEqual([5, 6]);
    expect(watched.path.at(-1)).toBe("live websocket");
    expect(second.isLeft).toBe(false);
  });

  test("that is gone before the other link is live is missed as usual", async () => {
    const { first, second } = await drain(4);
    first.hangUp(1006);

    expect(second.isLeft).toBe(true);
    expect(watched.path.at(-1)).toBe("waiting connection_lost");
  });

  test("whose word is final ends both links", async () => {
    const { first, second } = await drain(4);
    first.say(operation(5));
    second.say(welcome({ head: 5, resumed: true }));
    first.say(closing("access_revoked", false, null));
    first.hangUp(1008);
    await world.wait(600_000);

    expect(second.isLeft).toBe(true);
    expect(world.servers).toHaveLength(2);
    expect(watched.path.at(-1)).toBe("closed access_revoked");
  });

  test("can follow another: the link that took over is left in the same way", async () => {
    const { second } = await drain(4);
    second.say(welcome({ head: 4, resumed: true }));
    second.say(DRAINING);
    const third = await world.nextServer();
    third.say(welcome({ head: 4, resumed: true }));

    expect(third).not.toBe(second);
    expect(second.isLeft).toBe(true);
    expect(watched.path).toEqual(["connecting websocket", "live websocket"]);
  });

  test("is not succeeded twice at once", async () => {
    const { first } = await drain(4);
    first.say(DRAINING);
    await world.nextServer();

    expect(world.servers).toHaveLength(2);
  });

  test("and its successor are both left when the socket is closed", async () => {
    const { first, second } = await drain(4);
    watched.socket.close();

    expect([first.isLeft, second.isLeft]).toEqual([true, true]);
  });
});

describe("commands under way during a hand-over", () => {
  const accepted = { ok: true, result: { operation_id: OPERATION_ID, status: "cancelling" } };

  test("are repeated on the other link and settled once", async () => {
    const { first, second } = await drain(4);
    const cancelled = watched.socket.cancel(OPERATION_ID);
    expect(first.commands).toHaveLength(1);

    second.say(welcome({ head: 4, resumed: true }));
    expect(second.commands).toEqual(first.commands);
    first.say({ type: "reply", id: 1, ok: false, error: { code: "conflict", message: "Late." } });
    second.say({ type: "reply", id: 1, ...accepted });

    expect(await cancelled).toEqual(accepted.result);
    expect(watched.errors).toEqual([]);
  });

  test("are not repeated when the first link has answered", async () => {
    const { first, second } = await drain(4);
    const cancelled = watched.socket.cancel(OPERATION_ID);
    first.say({ type: "reply", id: 1, ...accepted });
    second.say(welcome({ head: 4, resumed: true }));

    expect(await cancelled).toEqual(accepted.result);
    expect(second.commands).toEqual([]);
  });

  test("a refresh is not: the other link has a credential of its own, and nothing has failed", async () => {
    const { first, second } = await drain(4);
    first.say({ type: "token_expiring", seconds: 60 });
    await world.nextTurn();
    expect(first.commands.map(({ type }) => type)).toEqual(["refresh"]);
    second.say(welcome({ head: 4, resumed: true }));
    await world.wait(60_000);

    expect(second.commands).toEqual([]);
    expect(watched.errors).toEqual([]);
  });
});

describe("by chance", () => {
  /** One link as a server sees it: what it has told so far. */
  interface Side {
    readonly server: FakeServer;
    told: number;
    isWelcome: boolean;
    isDraining: boolean;
    isGone: boolean;
    answered: number;
  }

  /** Servers that do whatever they may, in any order. */
  class Farm {
    readonly #random: () => number;
    readonly #canSnapshot: boolean;
    readonly #sides = new Map<FakeServer, Side>();
    head = 0;

    constructor(seed: number, canSnapshot: boolean) {
      this.#random = makeRandom(seed);
      this.#canSnapshot = canSnapshot;
    }

    /** Welcome the first link before anything has happened. */
    async begin(): Promise<void> {
      await world.nextServer();
      for (const side of this.#present()) this.#welcome(side);
    }

    chance(likelihood: number): boolean {
      return this.#random() < likelihood;
    }

    async step(): Promise<void> {
      const side = this.#pick();
      if (this.chance(0.3)) this.head += 1;
      else if (side === undefined || this.chance(0.1)) await world.wait(Math.floor(this.#random() * 1_500));
      else if (!side.isWelcome) this.#greet(side);
      else if (this.chance(0.8)) this.tell(side);
      else if (!side.isDraining) this.#drain(side);
      else if (this.chance(0.2)) this.#close(side);
      await world.nextTurn();
    }

    /** Everybody behaves from now on. */
    async settle(): Promise<void> {
      for (let turn = 0; turn < 200; turn += 1) {
        for (const side of this.#present()) {
          if (!side.isWelcome) this.#welcome(side);
          while (side.told < this.head && !side.server.isLeft) this.tell(side);
          this.#answer(side);
        }
        await world.wait(500);
      }
    }

    tell(side: Side): void {
      this.#answer(side);
      if (side.told >= this.head) return;
      side.told += 1;
      side.server.say(side.told % 3 === 0 ? operation(side.told) : progress(side.told));
    }

    #present(): Side[] {
      for (const server of world.servers) {
        if (!this.#sides.has(server)) {
          const isNew = { isWelcome: false, isDraining: false, isGone: false };
          this.#sides.set(server, { server, told: 0, answered: 0, ...isNew });
        }
      }
      return [...this.#sides.values()].filter(({ server, isGone }) => !server.isLeft && !isGone);
    }

    #pick(): Side | undefined {
      const present = this.#present();
      return present[Math.floor(this.#random() * present.length)];
    }

    #greet(side: Side): void {
      if (this.chance(0.25)) this.#hangUp(side, 1006);
      else this.#welcome(side);
    }

    #welcome(side: Side): void {
      side.isWelcome = true;
      const since = side.server.url.searchParams.get("since");
      const resumed = since !== null && !(this.#canSnapshot && this.chance(0.3));
      side.told = resumed ? Number(since) : this.head;
      side.server.say(welcome({ head: this.head, resumed }));
      if (!resumed) side.server.say(snapshot(side.told));
    }

    #drain(side: Side): void {
      side.isDraining = true;
      side.server.say(DRAINING);
    }

    #close(side: Side): void {
      side.server.say(closing("restart", true, 300));
      this.#hangUp(side, 1012);
    }

    #hangUp(side: Side, code: number): void {
      side.isGone = true;
      side.server.hangUp(code);
    }

    #answer(side: Side): void {
      for (const { id } of side.server.commands.slice(side.answered)) {
        side.answered += 1;
        side.server.say({ type: "reply", id, ok: true, result: { operation_id: OPERATION_ID, status: "pending" } });
      }
    }
  }

  async function run(farm: Farm): Promise<{ settled: number; asked: number }> {
    let asked = 0;
    let settled = 0;
    await farm.begin();
    for (let step = 0; step < 250; step += 1) {
      await farm.step();
      if (farm.chance(0.03)) {
        asked += 1;
        void watched.socket.cancel(OPERATION_ID).then(() => (settled += 1));
      }
    }
    await farm.settle();
    return { settled, asked };
  }

  const seeds = Array.from({ length: 25 }, (_, index) => index + 1);

  test.each(seeds)("no event is lost, none comes twice, none out of order (seed %i)", async (seed) => {
    const farm = new Farm(seed, false);
    const { settled, asked } = await run(farm);

    expect(watched.sequences).toEqual(Array.from({ length: farm.head }, (_, index) => index + 1));
    expect(settled).toBe(asked);
    expect(watched.errors).toEqual([]);
  });

  test.each(seeds)("nor with snapshots in between, which never lead back (seed %i)", async (seed) => {
    const states: number[] = [];
    watched.socket.on("state", ({ sequence }) => states.push(sequence));
    const farm = new Farm(seed, true);
    await run(farm);

    expect(watched.sequences).toEqual([...new Set(watched.sequences)].sort((one, other) => one - other));
    expect(states).toEqual([...states].sort((one, other) => one - other));
    expect(watched.socket.state?.sequence).toBe(farm.head);
  });
});

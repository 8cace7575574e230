import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { COMMAND_TIMEOUT_MS, CommandError, Commands, COMMANDS_LIMIT } from "../src/commands.ts";
import { makeEnvironment } from "../src/environment.ts";

const DURABLE = { durable: true };
const IN_BAND = { isInBand: true };
const FLEETING = { durable: false };
let sent: { id: number; type: string }[];
let isConnected: boolean;
let commands: Commands;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  isConnected = true;
  commands = new Commands(makeEnvironment({}).clock, (text) => {
    if (isConnected) sent.push(JSON.parse(text) as { id: number; type: string });
    return isConnected;
  });
});

afterEach(() => {
  vi.useRealTimers();
});

async function codeOf(refused: Promise<unknown>): Promise<string> {
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof CommandError ? error.code : `not refused: ${String(error)}`;
}

test("a reply resolves the command of its id, whatever the order", async () => {
  const status = commands.request({ type: "status" }, DURABLE);
  const cancel = commands.request({ type: "cancel", operation_id: "0d9c" }, DURABLE);

  commands.settle({ type: "reply", id: sent[1]?.id ?? 0, ok: true, result: { status: "cancelling" } }, IN_BAND);
  commands.settle({ type: "reply", id: sent[0]?.id ?? 0, ok: true, result: { sequence: 3 } }, IN_BAND);

  expect(sent[1]).toEqual({ type: "cancel", operation_id: "0d9c", id: 2 });
  expect(await cancel).toEqual({ status: "cancelling" });
  expect(await status).toEqual({ sequence: 3 });
});

test("a refusal rejects with the server's code and sentence", async () => {
  const retry = commands.request({ type: "retry", operation_id: "0d9c" }, DURABLE);

  const error = { code: "conflict", message: "Cette opération ne peut pas être relancée." };
  commands.settle({ type: "reply", id: 1, ok: false, error }, IN_BAND);

  await expect(retry).rejects.toMatchObject({ name: "CommandError", ...error });
});

describe("refused because the credential has ended", () => {
  const refusal = { ok: false, error: { code: "token_expired", message: "Refresh it first." } } as const;

  test("a durable command is repeated once the credential is fresh, and once more when it is refused again", async () => {
    const cancel = commands.request({ type: "cancel", operation_id: "0d9c" }, DURABLE);
    const underWay = commands.request({ type: "status" }, DURABLE);
    for (const tries of [2, 3]) {
      commands.settle({ type: "reply", id: 1, ...refusal }, IN_BAND);
      commands.repeatRefused();
      commands.repeatRefused();
      expect(sent.filter(({ type }) => type === "cancel")).toHaveLength(tries);
    }
    commands.settle({ type: "reply", id: 1, ok: true, result: { status: "cancelling" } }, IN_BAND);
    commands.settle({ type: "reply", id: 2, ok: true, result: {} }, IN_BAND);

    expect(await cancel).toEqual({ status: "cancelling" });
    expect(await underWay).toEqual({});
    expect(sent.filter(({ type }) => type === "status")).toHaveLength(1);
  });

  test("it ends with the refusal when the credential is not replaced in time", async () => {
    const code = codeOf(commands.request({ type: "status" }, DURABLE));
    commands.settle({ type: "reply", id: 1, ...refusal }, IN_BAND);
    await vi.advanceTimersByTimeAsync(COMMAND_TIMEOUT_MS);

    expect(await code).toBe("token_expired");
  });

  test("a fleeting command is refused at once", async () => {
    const code = codeOf(commands.request({ type: "refresh", token: "eyJ" }, FLEETING));
    commands.settle({ type: "reply", id: 1, ...refusal }, IN_BAND);

    expect(await code).toBe("token_expired");
  });

  test("a command over HTTP is refused at once: it has shown a credential of its own", async () => {
    const code = codeOf(commands.request({ type: "status" }, DURABLE));
    commands.settle({ type: "reply", id: 1, ...refusal }, { isInBand: false });

    expect(await code).toBe("token_expired");
  });
});

test("a reply that nobody waits for is nobody's", () => {
  expect(commands.settle({ type: "reply", id: 99, ok: true, result: {} }, IN_BAND)).toBe(false);
  expect(commands.settle({ type: "reply", id: null, ok: true, result: {} }, IN_BAND)).toBe(false);
});

test("a command without an answer ends after the time-out", async () => {
  const code = codeOf(commands.request({ type: "status" }, DURABLE));

  await vi.advanceTimersByTimeAsync(COMMAND_TIMEOUT_MS);

  expect(await code).toBe("timeout");
  expect(commands.settle({ type: "reply", id: 1, ok: true, result: {} }, IN_BAND)).toBe(false);
});

describe("without a connection", () => {
  beforeEach(() => {
    isConnected = false;
  });

  test("a durable command waits and is sent on the next one", async () => {
    const cancel = commands.request({ type: "cancel", operation_id: "0d9c" }, DURABLE);

    isConnected = true;
    commands.resume();
    commands.settle({ type: "reply", id: 1, ok: true, result: { status: "cancelling" } }, IN_BAND);

    expect(sent).toHaveLength(1);
    expect(await cancel).toEqual({ status: "cancelling" });
  });

  test("a fleeting command fails at once", async () => {
    expect(await codeOf(commands.request({ type: "refresh", token: "eyJ" }, FLEETING))).toBe("disconnected");
  });

  test("no more than the limit wait", async () => {
    const waiting = Array.from({ length: COMMANDS_LIMIT }, () => codeOf(commands.request({ type: "status" }, DURABLE)));

    expect(await codeOf(commands.request({ type: "status" }, DURABLE))).toBe("queue_full");

    commands.close();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["closed"]));
  });
});

test("when the connection breaks, unanswered durable commands are repeated and fleeting ones fail", async () => {
  const cancel = commands.request({ type: "cancel", operation_id: "0d9c" }, DURABLE);
  const refresh = codeOf(commands.request({ type: "refresh", token: "eyJ" }, FLEETING));

  commands.suspend();
  commands.resume();
  commands.settle({ type: "reply", id: 1, ok: true, result: {} }, IN_BAND);

  expect(await refresh).toBe("disconnected");
  expect(sent.map(({ type }) => type)).toEqual(["cancel", "refresh", "cancel"]);
  expect(await cancel).toEqual({});
});

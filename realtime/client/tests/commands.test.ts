import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { COMMAND_TIMEOUT_MS, CommandError, Commands, COMMANDS_LIMIT } from "../src/commands.ts";
import { makeEnvironment } from "../src/environment.ts";

const DURABLE = { durable: true };
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

  commands.settle({ type: "reply", id: sent[1]?.id ?? 0, ok: true, result: { status: "cancelling" } });
  commands.settle({ type: "reply", id: sent[0]?.id ?? 0, ok: true, result: { sequence: 3 } });

  expect(sent[1]).toEqual({ type: "cancel", operation_id: "0d9c", id: 2 });
  expect(await cancel).toEqual({ status: "cancelling" });
  expect(await status).toEqual({ sequence: 3 });
});

test("a refusal rejects with the server's code and sentence", async () => {
  const retry = commands.request({ type: "retry", operation_id: "0d9c" }, DURABLE);

  const error = { code: "conflict", message: "Cette opération ne peut pas être relancée." };
  commands.settle({ type: "reply", id: 1, ok: false, error });

  await expect(retry).rejects.toMatchObject({ name: "CommandError", ...error });
});

test("a reply that nobody waits for is nobody's", () => {
  expect(commands.settle({ type: "reply", id: 99, ok: true, result: {} })).toBe(false);
  expect(commands.settle({ type: "reply", id: null, ok: true, result: {} })).toBe(false);
});

test("a command without an answer ends after the time-out", async () => {
  const code = codeOf(commands.request({ type: "status" }, DURABLE));

  await vi.advanceTimersByTimeAsync(COMMAND_TIMEOUT_MS);

  expect(await code).toBe("timeout");
  expect(commands.settle({ type: "reply", id: 1, ok: true, result: {} })).toBe(false);
});

describe("without a connection", () => {
  beforeEach(() => {
    isConnected = false;
  });

  test("a durable command waits and is sent on the next one", async () => {
    const cancel = commands.request({ type: "cancel", operation_id: "0d9c" }, DURABLE);

    isConnected = true;
    commands.resume();
    commands.settle({ type: "reply", id: 1, ok: true, result: { status: "cancelling" } });

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
  commands.settle({ type: "reply", id: 1, ok: true, result: {} });

  expect(await refresh).toBe("disconnected");
  expect(sent.map(({ type }) => type)).toEqual(["cancel", "refresh", "cancel"]);
  expect(await cancel).toEqual({});
});

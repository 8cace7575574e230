import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError } from "../src/api.ts";
import { LivePanel } from "../src/live-panel.ts";

/** A server whose answers the test gives one by one. */
class Server {
  asked = 0;
  readonly #answers: ((error?: Error) => void)[] = [];

  fetchParts = async (): Promise<readonly HTMLElement[]> => {
    this.asked += 1;
    await new Promise<void>((resolve, reject) => {
      this.#answers.push((error) => (error === undefined ? resolve() : reject(error)));
    });
    return [];
  };

  async answer(error?: Error): Promise<void> {
    this.#answers.shift()?.(error);
    await vi.advanceTimersByTimeAsync(0);
  }
}

function makePanel(key = "a"): { server: Server; panel: LivePanel; fresh: () => number } {
  const server = new Server();
  let shown = 0;
  const onFresh = (): void => {
    shown += 1;
  };
  const panel = new LivePanel({ url: "/part/", key, onFresh, fetchParts: server.fetchParts });
  return { server, panel, fresh: () => shown };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a part of the page", () => {
  test("is not fetched while it shows what it should", () => {
    const { server, panel } = makePanel("a");

    panel.follow("a");

    expect(server.asked).toBe(0);
  });

  test("is fetched once when it should show something else", async () => {
    const { server, panel, fresh } = makePanel("a");

    panel.follow("b");
    await server.answer();
    panel.follow("b");

    expect(server.asked).toBe(1);
    expect(fresh()).toBe(1);
  });

  test("is fetched once more, not at the same time, for all that changed meanwhile", async () => {
    const { server, panel } = makePanel("a");

    panel.follow("b");
    panel.follow("c");
    panel.follow("d");
    expect(server.asked).toBe(1);
    await server.answer();
    expect(server.asked).toBe(2);
    await server.answer();

    expect(server.asked).toBe(2);
  });

  test("is asked for again when the server could not give it", async () => {
    const { server, panel, fresh } = makePanel("a");

    panel.follow("b");
    await server.answer(new ApiError(503, "unavailable", ""));
    await vi.advanceTimersByTimeAsync(5_000);
    await server.answer();

    expect(fresh()).toBe(1);
  });

  test("is left as it is when the server refuses it", async () => {
    const { server, panel } = makePanel("a");

    panel.follow("b");
    await server.answer(new ApiError(404, "not_found", ""));
    await vi.advanceTimersByTimeAsync(5_000);

    expect(server.asked).toBe(1);
  });

  test("is fetched on demand, also when nothing is known of it", async () => {
    const { server, panel } = makePanel("");

    panel.refresh();
    await server.answer();

    expect(server.asked).toBe(1);
  });

  test("that names no result is not fetched, and its next result is", async () => {
    const { server, panel } = makePanel("a");

    panel.follow("");
    expect(server.asked).toBe(0);
    panel.follow("a");

    expect(server.asked).toBe(1);
  });
});

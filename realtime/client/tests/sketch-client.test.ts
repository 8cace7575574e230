import { readFileSync } from "node:fs";
import vm from "node:vm";

import { transformSync } from "esbuild";
import { expect, test, vi } from "vitest";

/** Run the sketch's client as a page would, and return what it did. */
function run() {
  const source = readFileSync(new URL("sketch-client.ts", import.meta.url), "utf8");
  const opened: { url: string; onopen?: () => void; onmessage?: (event: { data: string }) => void; send: unknown }[] =
    [];
  const page = {
    projectId: "5b1f",
    accessToken: "eyJ",
    console: { log: vi.fn(), error: vi.fn() },
    setInterval: vi.fn(),
    updateProgressBar: vi.fn(),
    updateStatusMessage: vi.fn(),
    updateGenerationUI: vi.fn(),
    handleOperationComplete: vi.fn(),
    showErrorNotification: vi.fn(),
    WebSocket: function (url: string) {
      const socket = { url, send: vi.fn() };
      opened.push(socket);
      return socket;
    },
  };
  const { code } = transformSync(source.replace("ws://api/", "ws://127.0.0.1:8000/"), { loader: "ts" });
  vm.runInNewContext(code, page);
  const [socket] = opened;
  if (socket === undefined) throw new Error("The sketch's client has opened no socket.");
  return { page, socket };
}

test("the sketch's client connects with its token in the query and pings every 30 seconds", () => {
  const { page, socket } = run();

  socket.onopen?.();
  const [ping, interval] = page.setInterval.mock.calls[0] as [() => void, number];
  ping();

  expect(socket.url).toBe("ws://127.0.0.1:8000/ws/projects/5b1f?token=eyJ");
  expect(interval).toBe(30_000);
  expect(socket.send).toHaveBeenCalledWith("ping");
});

test("the sketch's client shows progress, completion and error", () => {
  const { page, socket } = run();

  for (const frame of [
    { type: "welcome" },
    { type: "rc_analysis_progress", progress: 40, message: "Lecture" },
    { type: "completion", operation: "rc_analysis", result: { pages: 18 } },
    { type: "error", error: "Une phrase." },
  ]) {
    socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  expect(page.updateProgressBar).toHaveBeenCalledWith(40);
  expect(page.updateStatusMessage).toHaveBeenCalledWith("Lecture");
  expect(page.handleOperationComplete).toHaveBeenCalledWith("rc_analysis", { pages: 18 });
  expect(page.showErrorNotification).toHaveBeenCalledWith("Une phrase.");
});

test("a pong is an error inside the sketch's client, which it survives", () => {
  const { page, socket } = run();

  expect(() => socket.onmessage?.({ data: "pong" })).toThrow("JSON");
  socket.onmessage?.({ data: '{"type": "error", "error": "Une phrase."}' });

  expect(page.showErrorNotification).toHaveBeenCalledTimes(1);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { makeEnvironment } from "../src/environment.ts";
import { Monitor } from "../src/monitor.ts";

const HEARTBEAT_SECONDS = 25;
const target = { ping: vi.fn(), linkIsDead: vi.fn() };
let monitor: Monitor;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  monitor = new Monitor(makeEnvironment({}).clock, target);
  monitor.start(HEARTBEAT_SECONDS);
});

afterEach(() => {
  vi.useRealTimers();
});

test("a link that speaks at every heartbeat is left alone", () => {
  for (let beat = 0; beat < 100; beat += 1) {
    vi.advanceTimersByTime(HEARTBEAT_SECONDS * 1000 + 1000);
    monitor.heard();
  }

  expect(target.ping).not.toHaveBeenCalled();
  expect(target.linkIsDead).not.toHaveBeenCalled();
});

test("a silent link is asked once, then given up", () => {
  vi.advanceTimersByTime(30_000);
  expect(target.ping).toHaveBeenCalledTimes(1);

  vi.advanceTimersByTime(29_999);
  expect(target.ping).toHaveBeenCalledTimes(1);
  expect(target.linkIsDead).not.toHaveBeenCalled();

  vi.advanceTimersByTime(1);
  expect(target.linkIsDead).toHaveBeenCalledTimes(1);
});

test("an answer saves the link", () => {
  vi.advanceTimersByTime(31_000);
  monitor.heard();
  vi.advanceTimersByTime(59_000);

  expect(target.linkIsDead).not.toHaveBeenCalled();
});

test("a link that speaks, then falls silent, is given up 2.4 heartbeats after its last word", () => {
  vi.advanceTimersByTime(29_000);
  monitor.heard();

  vi.advanceTimersByTime(59_999);
  expect(target.linkIsDead).not.toHaveBeenCalled();

  vi.advanceTimersByTime(1);
  expect(target.linkIsDead).toHaveBeenCalledTimes(1);
});

test("a probe that is not answered gives the link up after five seconds", () => {
  monitor.probe();
  expect(target.ping).toHaveBeenCalledTimes(1);

  vi.advanceTimersByTime(5_000);
  expect(target.linkIsDead).toHaveBeenCalledTimes(1);
});

test("a probe that is answered changes nothing", () => {
  monitor.probe();
  vi.advanceTimersByTime(200);
  monitor.heard();
  vi.advanceTimersByTime(29_000);

  expect(target.linkIsDead).not.toHaveBeenCalled();
});

test("after a sleep the link is given up at once", () => {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersToNextTimer();

  expect(target.linkIsDead).toHaveBeenCalledTimes(1);
});

test("a stopped monitor is silent", () => {
  monitor.stop();
  vi.advanceTimersByTime(600_000);

  expect(target.ping).not.toHaveBeenCalled();
  expect(target.linkIsDead).not.toHaveBeenCalled();
});

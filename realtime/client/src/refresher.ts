/**
 * Replace the credential of a live connection before it expires.
 *
 * Source: PROTOCOL.md, "Token refresh".
 */

import type { Clock } from "./environment.ts";
import { Timer } from "./timer.ts";

/** Notices that follow a refresh sooner than this mean short or unchanged tokens: then refresh at half time. */
export const REFRESH_PAUSE_MS = 30_000;
/** Shortest wait before such a refresh, in milliseconds. */
const SHORTEST_WAIT_MS = 1_000;

export class Refresher {
  readonly #clock: Clock;
  readonly #timer: Timer;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, refresh: () => void) {
    this.#clock = clock;
    this.#timer = new Timer(clock, () => {
      this.#refreshedAt = clock.now();
      refresh();
    });
  }

  /** The server says that the credential ends in so many seconds. */
  notice(seconds: number): void {
    const isRecent = this.#clock.now() - this.#refreshedAt < REFRESH_PAUSE_MS;
    this.#timer.start(isRecent ? Math.max(SHORTEST_WAIT_MS, seconds * 500) : 0);
  }

  stop(): void {
    this.#timer.stop();
  }
}

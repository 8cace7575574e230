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
  #endsAt = 0;

  constructor(clock: Clock, refresh: () => void) {
    this.#clock = clock;
    this.#timer = new Timer(clock, () => {
      this.#refreshedAt = clock.now();
      refresh();
    });
  }

  /** The server says that the credential ends in so many seconds. */
  notice(seconds: number): void {
    const now = this.#clock.now();
    this.#endsAt = now + seconds * 1000;
    if (now - this.#refreshedAt < REFRESH_PAUSE_MS) this.#startAtHalfTime();
    else this.#timer.start(0);
  }

  /** The refresh did not succeed: try again while there is time. */
  failed(): void {
    const hasTime = this.#endsAt - this.#clock.now() > SHORTEST_WAIT_MS;
    if (hasTime && !this.#timer.isRunning) this.#startAtHalfTime();
  }

  stop(): void {
    this.#timer.stop();
  }

  #startAtHalfTime(): void {
    this.#timer.start(Math.max(SHORTEST_WAIT_MS, (this.#endsAt - this.#clock.now()) / 2));
  }
}

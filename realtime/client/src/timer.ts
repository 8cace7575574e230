/** One time-out that can be set again and cancelled, instead of loose `setTimeout` handles. */

import type { Clock } from "./environment.ts";

export class Timer {
  readonly #clock: Clock;
  readonly #callback: () => void;
  #handle: unknown = undefined;

  constructor(clock: Clock, callback: () => void) {
    this.#clock = clock;
    this.#callback = callback;
  }

  get isRunning(): boolean {
    return this.#handle !== undefined;
  }

  /** Call back once after this time, and not at the time set before. */
  start(ms: number): void {
    this.stop();
    this.#handle = this.#clock.setTimeout(() => {
      this.#handle = undefined;
      this.#callback();
    }, ms);
  }

  stop(): void {
    if (this.#handle !== undefined) this.#clock.clearTimeout(this.#handle);
    this.#handle = undefined;
  }
}

/** The server's time, and one tick a second for everything that counts. */

const TICK_MS = 1000;

export class ServerClock {
  readonly #offsetMs: number;

  /** @param serverNow the server's time when it made the page, ISO 8601: clocks of laptops are often wrong. */
  constructor(serverNow: string) {
    this.#offsetMs = Date.parse(serverNow) - Date.now();
  }

  /** The server's time, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }
}

/** Call now and every second. */
export function everySecond(callback: () => void): void {
  callback();
  setInterval(callback, TICK_MS);
}

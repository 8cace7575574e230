/** Remember for a while, from page to page, which transport a network lets pass. */

import type { Clock, StorageLike } from "./environment.ts";
import type { TransportName } from "./transports.ts";

const KEY = "tenderwire.transport";
/** After this time, in milliseconds, the preferred transport is tried first again. */
export const REMEMBER_MS = 300_000;

export class TransportMemory {
  readonly #storage: StorageLike | undefined;
  readonly #clock: Clock;

  constructor(storage: StorageLike | undefined, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Return the transport that worked lately, if it is one of these. */
  recall(allowed: readonly TransportName[]): TransportName | undefined {
    const [name, since] = this.#read()?.split(" ") ?? [];
    const isFresh = this.#clock.now() - Number(since) < REMEMBER_MS;
    return isFresh ? allowed.find((transport) => transport === name) : undefined;
  }

  /** Note what works. The time is when that became true, or pages that follow closely would never try another. */
  keep(transport: TransportName): void {
    if (this.recall([transport]) === undefined) this.#write(`${transport} ${this.#clock.now()}`);
  }

  #read(): string | null | undefined {
    try {
      return this.#storage?.getItem(KEY);
    } catch {
      return undefined;
    }
  }

  /** A storage that is full or forbidden costs the memory, nothing else. */
  #write(value: string): void {
    try {
      this.#storage?.setItem(KEY, value);
    } catch {
      return;
    }
  }
}

/**
 * Decide which transport to try next, from how the tries before ended.
 *
 * Source: PROTOCOL.md, "Client library"; docs/adr/0018-one-core-three-transports.md.
 */

import type { TransportMemory } from "./transport-memory.ts";
import type { TransportName } from "./transports.ts";

/** Tries in a row without a word from the server, before another transport is tried. */
const STRIKES = 2;
/** First and longest time on another transport before the preferred one is tried again, in milliseconds. */
export const UPGRADE_BASE_MS = 30_000;
export const UPGRADE_LIMIT_MS = 300_000;

/** How a try to connect ended. */
export interface Outcome {
  /** Whether anything came from the server. */
  readonly hasSpoken: boolean;
  /** Whether it was given up, rather than refused or broken. */
  readonly hasTimedOut: boolean;
  /** Whether the transports over HTTP have an address. */
  readonly hasHttp: boolean;
}

export class TransportChooser {
  readonly #allowed: readonly TransportName[];
  readonly #memory: TransportMemory;
  #current: TransportName;
  /** Those over which the server was heard. */
  readonly #proven = new Set<TransportName>();
  #strikes = 0;
  #upgradeMs = UPGRADE_BASE_MS;

  /** @param allowed in order of preference; at least one. */
  constructor(allowed: readonly TransportName[], memory: TransportMemory) {
    this.#allowed = allowed;
    this.#memory = memory;
    this.#current = memory.recall(allowed) ?? this.preferred;
  }

  /** The one to try next. */
  get current(): TransportName {
    return this.#current;
  }

  get preferred(): TransportName {
    return this.#allowed[0] ?? "websocket";
  }

  /** The one behind another in the order; the last has none behind it and stands for itself. */
  after(transport: TransportName): TransportName {
    return this.#allowed[this.#allowed.indexOf(transport) + 1] ?? transport;
  }

  /** A connection over a transport is live. */
  settle(transport: TransportName): void {
    this.#current = transport;
    this.#proven.add(transport);
    this.#strikes = 0;
    if (transport === this.preferred) this.#upgradeMs = UPGRADE_BASE_MS;
    this.#memory.keep(transport);
  }

  /** A try to connect over the current transport has ended. */
  ended({ hasSpoken, hasTimedOut, hasHttp }: Outcome): void {
    if (hasSpoken) {
      this.#strikes = 0;
      return;
    }
    this.#strikes += hasTimedOut ? STRIKES : 1;
    const isTrusted = this.#current === this.preferred || this.#proven.has(this.#current);
    if (this.#strikes >= (isTrusted ? STRIKES : 1)) this.#moveOn(hasTimedOut, hasHttp);
  }

  /** Another network may let pass what the last one did not. */
  networkChanged(): void {
    if (this.#current !== this.preferred) {
      this.#current = this.preferred;
      this.#strikes = STRIKES - 1;
    }
    this.#upgradeMs = UPGRADE_BASE_MS;
  }

  /** Return how long to wait before the preferred transport is tried again, in milliseconds: longer each time. */
  nextUpgradeMs(): number {
    const waitMs = this.#upgradeMs;
    this.#upgradeMs = Math.min(UPGRADE_LIMIT_MS, waitMs * 2);
    return waitMs;
  }

  /** What was silent calls for the next one; what could not be reached at all may be the server's fault. */
  #moveOn(hasTimedOut: boolean, hasHttp: boolean): void {
    const next = this.after(this.#current);
    const isSuspect = this.#current === this.preferred || hasTimedOut;
    this.#current = isSuspect && hasHttp && next !== this.#current ? next : this.preferred;
    this.#strikes = 0;
  }
}

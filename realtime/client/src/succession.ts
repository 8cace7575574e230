/**
 * Hand over from the present conversation to another without a gap: open the second, and let go of the first only when
 * the second has caught up.
 *
 * Source: PROTOCOL.md, "Reconnecting"; docs/adr/0018-one-core-three-transports.md.
 */

import { retryDelayMs } from "./backoff.ts";
import type { Verdict } from "./closing.ts";
import type { SuccessionCause } from "./conversation.ts";
import type { Environment } from "./environment.ts";
import { Timer } from "./timer.ts";
import type { TransportName } from "./transports.ts";

export interface Successor {
  open(): void;
  drop(): void;
}

interface Need {
  readonly transport: TransportName;
  readonly cause: SuccessionCause;
}

/** Why the present conversation will end, whether it works or not. */
const ENDING: readonly SuccessionCause[] = ["draining", "credential"];
/** A refusal that is final for others: the present conversation takes one of the connections, and others may end. */
const FULL = "too_many_connections";

export class Succession<Talk extends Successor> {
  readonly #environment: Environment;
  readonly #make: (transport: TransportName) => Talk;
  readonly #again: Timer;
  #talk: Talk | undefined;
  #cause: SuccessionCause = "draining";
  #failures = 0;
  /** What to try until it succeeds: the present conversation will end. */
  #needed: Need | undefined;

  constructor(environment: Environment, make: (transport: TransportName) => Talk) {
    this.#environment = environment;
    this.#make = make;
    this.#again = new Timer(environment.clock, () => this.#begin());
  }

  /** The one that is being opened; undefined when there is none. */
  get talk(): Talk | undefined {
    return this.#talk;
  }

  /** Why it is being opened. */
  get cause(): SuccessionCause {
    return this.#cause;
  }

  /** Open a second conversation, unless that is being done. */
  start(transport: TransportName, cause: SuccessionCause): void {
    if (ENDING.includes(cause)) this.#needed = { transport, cause };
    if (this.#talk !== undefined) return;
    this.#cause = cause;
    this.#open(transport);
  }

  /** The second has ended: try again if it is needed, and if it may. */
  failed({ reconnect, reason, retryAfterMs }: Verdict): void {
    this.#talk = undefined;
    if (!reconnect && reason !== FULL) this.#needed = undefined;
    if (this.#needed === undefined) return;
    this.#again.start(retryDelayMs(this.#failures, this.#environment.random(), retryAfterMs));
    this.#failures += 1;
  }

  /** Return the second, which is the present one from now on. */
  finish(): Talk | undefined {
    const talk = this.#talk;
    this.#talk = undefined;
    this.stop();
    return talk;
  }

  /** Let go of the second: the present one has ended. */
  stop(): void {
    this.#talk?.drop();
    this.#talk = undefined;
    this.#again.stop();
    this.#needed = undefined;
    this.#failures = 0;
  }

  #begin(): void {
    if (this.#needed !== undefined) this.start(this.#needed.transport, this.#needed.cause);
  }

  #open(transport: TransportName): void {
    this.#talk = this.#make(transport);
    this.#talk.open();
  }
}

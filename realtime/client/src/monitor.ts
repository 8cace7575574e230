/**
 * Notice a dead link. The server speaks at least once per heartbeat; when it does not, the client asks with a ping,
 * and gives the link up when nothing at all comes back.
 *
 * Source: PROTOCOL.md, "Keeping the link alive".
 */

import type { Clock } from "./environment.ts";
import { Timer } from "./timer.ts";

/** Heartbeats of silence after which the client pings: a little more than the server's own jitter. */
export const PING_AFTER_HEARTBEATS = 1.2;
/** Heartbeats of silence after which the link is dead. */
export const DEAD_AFTER_HEARTBEATS = 2.4;
/** Wait for the answer to a probe, in milliseconds. */
export const PROBE_TIMEOUT_MS = 5_000;

/** What a monitor watches. */
export interface Monitored {
  ping(): void;
  linkIsDead(): void;
}

export class Monitor {
  readonly #clock: Clock;
  readonly #target: Monitored;
  readonly #timer: Timer;
  #heartbeatMs = 0;
  #heardAt = 0;
  #pinged = false;
  #deadAt = 0;

  constructor(clock: Clock, target: Monitored) {
    this.#clock = clock;
    this.#target = target;
    this.#timer = new Timer(clock, () => this.#check());
  }

  /** Watch a link whose server speaks at least this often. */
  start(heartbeatSeconds: number): void {
    this.#heartbeatMs = heartbeatSeconds * 1000;
    this.heard();
    this.#check();
  }

  /** Something came. Cheap: it is called for every frame, so it only notes the time. */
  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#deadAt = this.#heardAt + this.#heartbeatMs * DEAD_AFTER_HEARTBEATS;
    this.#pinged = false;
  }

  /** Ask now, and do not wait long for an answer: the machine may have slept or changed its network. */
  probe(): void {
    this.#deadAt = Math.min(this.#deadAt, this.#clock.now() + PROBE_TIMEOUT_MS);
    this.#ping();
    this.#check();
  }

  stop(): void {
    this.#timer.stop();
  }

  #check(): void {
    const now = this.#clock.now();
    const pingAt = this.#heardAt + this.#heartbeatMs * PING_AFTER_HEARTBEATS;
    if (now >= this.#deadAt) {
      this.stop();
      this.#target.linkIsDead();
      return;
    }
    if (now >= pingAt && !this.#pinged) this.#ping();
    this.#timer.start((this.#pinged ? this.#deadAt : Math.min(pingAt, this.#deadAt)) - now);
  }

  #ping(): void {
    this.#pinged = true;
    this.#target.ping();
  }
}

/** The state of a topic as it is followed over one link after another, or over two at once: each event counts once. */

import type { Position } from "./address.ts";
import { skip, type Topic } from "./topic.ts";

export class TopicState<State extends Position, Event extends { readonly sequence: number }, Snapshot> {
  readonly #topic: Topic<State, Event, Snapshot>;
  #current: State | undefined;
  #isSure = false;

  constructor(topic: Topic<State, Event, Snapshot>) {
    this.#topic = topic;
  }

  get current(): State | undefined {
    return this.#current;
  }

  /** Where to resume; undefined when only a snapshot will do. */
  get position(): Position | undefined {
    return this.#isSure ? this.#current : undefined;
  }

  /** Sequence of the last event; 0 before there is a state. */
  get sequence(): number {
    return this.#current?.sequence ?? 0;
  }

  /** Something was lost: from here on only a snapshot will do. */
  doubt(): void {
    this.#isSure = false;
  }

  /** Take a snapshot in place of everything. */
  start(snapshot: Snapshot): State {
    this.#current = this.#topic.start(snapshot);
    this.#isSure = true;
    return this.#current;
  }

  /**
   * Take a snapshot unless the state is further on in the same numbering: events that were told must not come again.
   * Return the state if it changed.
   */
  advance(snapshot: Snapshot): State | undefined {
    const { epoch, sequence } = this.#topic.start(snapshot);
    return epoch === this.#current?.epoch && sequence <= this.sequence ? undefined : this.start(snapshot);
  }

  /** Fold an event; return the state if it changed. */
  fold(event: Event): State | undefined {
    if (this.#current === undefined || event.sequence <= this.sequence) return undefined;
    this.#current = this.#topic.fold(this.#current, event);
    return this.#current;
  }

  /** Pass over an event of a type that is not known. */
  skip(sequence: number | null): void {
    if (this.#current !== undefined && sequence !== null) this.#current = skip(this.#current, sequence);
  }
}

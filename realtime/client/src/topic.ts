/** What a connection needs to know of the topic that it follows. */

import type { Position } from "./address.ts";
import type { HttpAddresses } from "./http-addresses.ts";
import type { Parse } from "./parse-frame.ts";

/** Pure: the same snapshot and events always give the same state. */
export interface Topic<State extends Position, Event extends { readonly sequence: number }, Snapshot> {
  readonly parse: Parse<Event, Snapshot>;
  /** Return the state that a snapshot carries. */
  readonly start: (snapshot: Snapshot) => State;
  /** Return the state after an event; the same object when the event was already folded. */
  readonly fold: (state: State, event: Event) => State;
  /** Where the fallbacks are, below the topic's address in the API. */
  readonly httpPaths: HttpAddresses;
}

/** Return the state at a later position, for an event of a type that this client does not know. */
export function skip<State extends Position>(state: State, sequence: number): State {
  return sequence <= state.sequence ? state : { ...state, sequence };
}

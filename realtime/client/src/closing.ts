/**
 * Decide what follows the end of a connection.
 *
 * Source: PROTOCOL.md, "Closing".
 */

import type { Closing } from "./protocol.ts";

/** Why a connection waits or is closed, when it is this side that says so and not the server. */
export type OwnReason =
  | "connection_lost"
  | "refused"
  | "silent"
  | "connect_timeout"
  | "cannot_connect"
  | "offline"
  | "missed_events"
  | "protocol_error"
  | "token_unavailable"
  | "token_expired"
  | "signed_out"
  | "unsupported_protocol"
  | "closed_here";

/** WebSocket close codes of a refusal; the second from servers that may not send the first. */
const REFUSALS: readonly number[] = [1008, 4008];

export interface Verdict {
  readonly reconnect: boolean;
  /** Why the connection ended: the server's word, or `connection_lost`. */
  readonly reason: string;
  /** The wait that the server asks for, in milliseconds; undefined when it asks for none. */
  readonly retryAfterMs: number | undefined;
}

/**
 * @param code the WebSocket close code.
 * @param closing the `closing` frame before it; undefined when the server could not send one.
 */
export function judge(code: number, closing: Closing | undefined): Verdict {
  if (closing === undefined) {
    const refused = REFUSALS.includes(code);
    const reason: OwnReason = refused ? "refused" : "connection_lost";
    return { reconnect: !refused, reason, retryAfterMs: undefined };
  }
  const refused = REFUSALS.includes(code) && closing.code !== "token_expired";
  return {
    reconnect: closing.reconnect && !refused,
    reason: closing.code,
    retryAfterMs: closing.retry_after_ms ?? undefined,
  };
}

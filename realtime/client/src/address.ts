/**
 * Where to connect and what to show there: URL, resume position and credential.
 *
 * Source: PROTOCOL.md, "Connecting", "Reconnecting".
 */

import { BEARER_SUBPROTOCOL, SUBPROTOCOL, TICKET_PREFIX } from "./protocol.ts";

/** A position in a topic's log. */
export interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

export interface Address {
  readonly url: string;
  readonly protocols: string[];
}

/**
 * Return what to hand to the `WebSocket` constructor.
 *
 * @param url absolute (ws, wss, http, https) or relative to `baseUrl`.
 * @param credential a ticket, which goes into the query, or a JWT, which goes into a subprotocol.
 * @param position the last event seen; undefined to start from a snapshot.
 * @throws TypeError when the URL is relative and there is no base.
 */
export function makeAddress(
  url: string,
  credential: string,
  position: Position | undefined,
  baseUrl: string | undefined,
): Address {
  const target = new URL(url, baseUrl);
  target.protocol = target.protocol.replace("http", "ws");
  target.hash = "";
  addPosition(target, position);
  if (!credential.startsWith(TICKET_PREFIX)) {
    return { url: target.href, protocols: [SUBPROTOCOL, BEARER_SUBPROTOCOL + credential] };
  }
  target.searchParams.set("ticket", credential);
  return { url: target.href, protocols: [SUBPROTOCOL] };
}

/** Ask for what follows a position. */
export function addPosition(target: URL, position: Position | undefined): void {
  if (position === undefined) return;
  target.searchParams.set("since", String(position.sequence));
  target.searchParams.set("epoch", position.epoch);
}

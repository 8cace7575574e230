/**
 * Choose how to reach the server: by WebSocket, and where networks let none pass, by what they do let pass.
 *
 * Source: PROTOCOL.md, "Client library"; docs/adr/0018-one-core-three-transports.md.
 */

import { EventStreamLink } from "./event-stream-link.ts";
import type { Link, LinkContext, LinkOwner } from "./link.ts";
import { PollLink } from "./poll-link.ts";
import { WebSocketLink } from "./web-socket-link.ts";

/** `sse`: server-sent events; `poll`: long-polling. */
export type TransportName = "websocket" | "sse" | "poll";

/** In the order in which they are tried: the later, the more it costs and the more networks let it pass. */
export const TRANSPORTS: readonly TransportName[] = ["websocket", "sse", "poll"];

export function makeLink(transport: TransportName, context: LinkContext, owner: LinkOwner): Link {
  if (transport === "websocket") return new WebSocketLink(context, owner);
  return transport === "sse" ? new EventStreamLink(context, owner) : new PollLink(context, owner);
}

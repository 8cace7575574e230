/** What sockets take and tell. */

import type { GetToken } from "./credentials.ts";
import type { Environment } from "./environment.ts";
import type { HttpAddresses } from "./http-addresses.ts";
import type { LoggedEvent, ProjectState } from "./protocol.ts";
import type { TransportName } from "./transports.ts";

export type UrlSource = string | (() => string | Promise<string>);

export interface SocketOptions {
  /**
   * Address of the socket, relative or absolute: `/ws/projects/<uuid>`, `/ws/notifications`. A function is asked each
   * time.
   */
  readonly url: UrlSource;
  readonly getToken: GetToken;
  /**
   * What may be used, in the order in which it is tried: the first for as long as it works. Default: WebSocket, then
   * server-sent events, then long-polling.
   */
  readonly transports?: readonly TransportName[];
  /** HTTP addresses beside the socket's, where they do not follow from it. */
  readonly http?: Partial<HttpAddresses>;
  /** Replaces parts of the world around. Default: the browser's. */
  readonly environment?: Partial<Environment>;
}

export type ProjectSocketOptions = SocketOptions;
export type NotificationSocketOptions = SocketOptions;

export type ConnectionState = "connecting" | "live" | "waiting" | "closed";

export interface Connection {
  readonly state: ConnectionState;
  /** Why it is `waiting` or `closed`: a reason of PROTOCOL.md, "Closing", or one of this side ("Client library"). */
  readonly reason: string | null;
  /** What carries it, or is tried next. */
  readonly transport: TransportName;
  /** When a `waiting` socket tries again; null when it waits for the network. */
  readonly retryAt: Date | null;
  /** Up to when the state is known to be true; null before there is one. */
  readonly dataAsOf: Date | null;
}

export interface SocketError {
  readonly code: string;
  /** The error behind it, for the console. */
  readonly error: unknown;
}

export interface ProjectSocketEvents {
  /** Each logged event once, in order. */
  readonly event: LoggedEvent;
  /** The state after a snapshot or an event. */
  readonly state: ProjectState;
  readonly connection: Connection;
  /** What went wrong on this side. The socket goes on by itself, unless `connection` says `closed`. */
  readonly error: SocketError;
}

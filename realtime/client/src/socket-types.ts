/** What sockets take and tell. */

import type { GetToken } from "./credentials.ts";
import type { Environment } from "./environment.ts";
import type { LoggedEvent, ProjectState } from "./protocol.ts";

export type UrlSource = string | (() => string | Promise<string>);

export interface SocketOptions {
  /**
   * Address of the socket, relative or absolute: `/ws/projects/<uuid>`, `/ws/notifications`. A function is asked each
   * time.
   */
  readonly url: UrlSource;
  readonly getToken: GetToken;
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

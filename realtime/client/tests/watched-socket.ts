/** A project's socket in a fake world, with a record of all that it tells. */

import type { GetToken } from "../src/credentials.ts";
import { ProjectSocket } from "../src/project-socket.ts";
import type { Connection, SocketError, SocketOptions } from "../src/socket-types.ts";
import type { FakeWorld } from "./fake-world.ts";

export class WatchedSocket {
  readonly socket: ProjectSocket;
  readonly sequences: number[] = [];
  readonly connections: Connection[] = [];
  readonly errors: SocketError[] = [];
  /** Tickets that were asked for. */
  tickets = 0;

  constructor(world: FakeWorld, options: Partial<SocketOptions> = {}) {
    const getToken: GetToken = () => `ticket.${(this.tickets += 1)}`;
    const { environment } = world;
    this.socket = new ProjectSocket({ url: "/ws/projects/5b1f", getToken, environment, ...options });
    this.socket.on("event", ({ sequence }) => this.sequences.push(sequence));
    this.socket.on("connection", (connection) => this.connections.push(connection));
    this.socket.on("error", (error) => this.errors.push(error));
  }

  /** The states that the connection went through, with the transport or the reason. */
  get path(): string[] {
    return this.connections.map(({ state, reason, transport }) => `${state} ${reason ?? transport}`);
  }
}

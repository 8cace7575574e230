/** A project's events and state, for as long as the page wants them. */

import { Emitter, type Listener } from "./emitter.ts";
import { LiveConnection } from "./live-connection.ts";
import { PROJECT_TOPIC } from "./project-topic.ts";
import type { LoggedEvent, OperationReply, ProjectState, Snapshot } from "./protocol.ts";
import type { Connection, ProjectSocketEvents, SocketOptions } from "./socket-types.ts";

export class ProjectSocket {
  readonly #emitter = new Emitter<ProjectSocketEvents>();
  readonly #live: LiveConnection<ProjectState, LoggedEvent, Snapshot>;

  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor(options: SocketOptions) {
    this.#live = new LiveConnection(PROJECT_TOPIC, options, {
      eventFolded: (event) => this.#emitter.emit("event", event),
      stateChanged: (state) => this.#emitter.emit("state", state),
      connectionChanged: (connection) => this.#emitter.emit("connection", connection),
      errorMet: (error) => this.#emitter.emit("error", error),
    });
  }

  get connection(): Connection {
    return this.#live.connection;
  }

  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state(): ProjectState | undefined {
    return this.#live.state;
  }

  /** Call a listener from now on; return the function that ends it. */
  on<Name extends keyof ProjectSocketEvents>(name: Name, listener: Listener<ProjectSocketEvents[Name]>): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Ask an operation to stop. Like all commands: waits for a connection, is repeated when the connection breaks, and
   * rejects with `CommandError`.
   */
  async cancel(operationId: string): Promise<OperationReply> {
    return (await this.#live.request({ type: "cancel", operation_id: operationId })) as unknown as OperationReply;
  }

  /** Start a failed or cancelled operation again. */
  async retry(operationId: string): Promise<OperationReply> {
    return (await this.#live.request({ type: "retry", operation_id: operationId })) as unknown as OperationReply;
  }

  /** Read the state from the database. `state` needs no such reading: it follows by itself. */
  async status(): Promise<ProjectState> {
    return (await this.#live.request({ type: "status" })) as unknown as ProjectState;
  }

  /** End it for good. */
  close(): void {
    this.#live.close();
  }
}

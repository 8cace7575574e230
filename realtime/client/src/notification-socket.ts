/** A user's notifications across all projects, in step with the user's other tabs and devices. */

import { Emitter, type Listener } from "./emitter.ts";
import { LiveConnection } from "./live-connection.ts";
import type {
  NotificationEvent,
  NotificationItem,
  NotificationSnapshot,
  NotificationState,
  ReadReply,
} from "./notification-protocol.ts";
import { toItem } from "./notification-store.ts";
import { NOTIFICATION_TOPIC } from "./notification-topic.ts";
import type { Connection, SocketError, SocketOptions } from "./socket-types.ts";

/** A notification that came, told once. Those of a snapshot do not come: they are in the state. */
export interface NotificationArrival {
  readonly notification: NotificationItem;
  /** Whether it came while there was no connection, and is told late. */
  readonly replayed: boolean;
}

export interface NotificationSocketEvents {
  readonly notification: NotificationArrival;
  /** The state after a snapshot or an event. */
  readonly state: NotificationState;
  readonly connection: Connection;
  /** What went wrong on this side. The socket goes on by itself, unless `connection` says `closed`. */
  readonly error: SocketError;
}

export class NotificationSocket {
  readonly #emitter = new Emitter<NotificationSocketEvents>();
  readonly #live: LiveConnection<NotificationState, NotificationEvent, NotificationSnapshot>;

  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor(options: SocketOptions) {
    this.#live = new LiveConnection(NOTIFICATION_TOPIC, options, {
      eventFolded: (event, replayed) => this.#tell(event, replayed),
      stateChanged: (state) => this.#emitter.emit("state", state),
      connectionChanged: (connection) => this.#emitter.emit("connection", connection),
      errorMet: (error) => this.#emitter.emit("error", error),
    });
  }

  get connection(): Connection {
    return this.#live.connection;
  }

  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state(): NotificationState | undefined {
    return this.#live.state;
  }

  /** Call a listener from now on; return the function that ends it. */
  on<Name extends keyof NotificationSocketEvents>(
    name: Name,
    listener: Listener<NotificationSocketEvents[Name]>,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  /**
   * Mark some notifications (at most 100) or all as read; the state follows with the server's event. Like all commands:
   * waits for a connection, is repeated when the connection breaks, and rejects with `CommandError`.
   */
  async markRead(notificationIds: readonly string[] | "all"): Promise<ReadReply> {
    return (await this.#live.request({ type: "read", notification_ids: notificationIds })) as unknown as ReadReply;
  }

  /** Read the state from the database. `state` needs no such reading: it follows by itself. */
  async status(): Promise<NotificationState> {
    return (await this.#live.request({ type: "status" })) as unknown as NotificationState;
  }

  /** End it for good. */
  close(): void {
    this.#live.close();
  }

  #tell(event: NotificationEvent, replayed: boolean): void {
    if (event.type === "notification") this.#emitter.emit("notification", { notification: toItem(event), replayed });
  }
}

/**
 * Commands and their replies: ids, time-outs, and the wait for a connection.
 *
 * Source: PROTOCOL.md, "Commands".
 */

import type { Clock } from "./environment.ts";
import type { Command, JsonObject, Reply } from "./protocol.ts";
import { Timer } from "./timer.ts";

/** Longest time from a call to its reply, in milliseconds, waiting for a connection included. */
export const COMMAND_TIMEOUT_MS = 30_000;
/** Most commands under way or waiting; below the server's burst, so that all may be sent at once. */
export const COMMANDS_LIMIT = 15;

/**
 * A command that was not carried out.
 *
 * `code` is the server's, or of this side: `timeout`, `disconnected`, `closed`, `queue_full`.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface PendingCommand {
  readonly text: string;
  /** Whether it may wait for a connection and be sent again on the next one. */
  readonly durable: boolean;
  readonly timer: Timer;
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: CommandError) => void;
}

export class Commands {
  readonly #clock: Clock;
  readonly #send: (text: string) => boolean;
  readonly #pending = new Map<string | number, PendingCommand>();
  #lastId = 0;

  /** @param send sends now and returns true, or returns false when there is no connection. */
  constructor(clock: Clock, send: (text: string) => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  /**
   * Send a command; resolve with the reply's result.
   *
   * @param durable whether it may wait for a connection and be repeated on the next one: for idempotent commands.
   * @throws CommandError (as rejection) when the server refuses or no reply comes.
   */
  request(command: Command, { durable }: { readonly durable: boolean }): Promise<JsonObject> {
    if (this.#pending.size >= COMMANDS_LIMIT) {
      return Promise.reject(new CommandError("queue_full", "Too many commands are waiting."));
    }
    const id = ++this.#lastId;
    const text = JSON.stringify({ ...command, id });
    return new Promise((resolve, reject) => {
      const timer = new Timer(this.#clock, () => this.#fail(id, "timeout", "The server did not answer in time."));
      this.#pending.set(id, { text, durable, timer, resolve, reject });
      timer.start(COMMAND_TIMEOUT_MS);
      if (!this.#send(text) && !durable) this.#fail(id, "disconnected", "There is no connection.");
    });
  }

  /** Hand a reply to whom it answers; false when nobody asked. */
  settle(reply: Reply): boolean {
    const pending = reply.id === null ? undefined : this.#take(reply.id);
    if (pending === undefined) return false;
    if (reply.ok) pending.resolve(reply.result);
    else pending.reject(new CommandError(reply.error.code, reply.error.message));
    return true;
  }

  /** A connection is there: send what waits for one. */
  resume(): void {
    for (const { text } of this.#pending.values()) this.#send(text);
  }

  /** The connection is lost: what cannot be repeated has failed. */
  suspend(): void {
    for (const [id, { durable }] of [...this.#pending]) {
      if (!durable) this.#fail(id, "disconnected", "The connection was lost before the reply.");
    }
  }

  /** There will be no more connection. */
  close(): void {
    for (const id of [...this.#pending.keys()]) this.#fail(id, "closed", "The socket is closed.");
  }

  #fail(id: string | number, code: string, message: string): void {
    this.#take(id)?.reject(new CommandError(code, message));
  }

  #take(id: string | number): PendingCommand | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.timer.stop();
    return pending;
  }
}

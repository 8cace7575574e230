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

/** The server's word for a command in the time of grace, when only a `refresh` is taken. */
const TOKEN_EXPIRED = "token_expired";

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
  /** The refusal of a command that is repeated under a fresh credential. */
  refusal: CommandError | undefined;
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
      const timer = new Timer(this.#clock, () => this.#timedOut(id));
      this.#pending.set(id, { text, durable, timer, refusal: undefined, resolve, reject });
      timer.start(COMMAND_TIMEOUT_MS);
      if (!this.#send(text) && !durable) this.#fail(id, "disconnected", "There is no connection.");
    });
  }

  /**
   * Hand a reply to whom it answers; false when nobody asked.
   *
   * @param isInBand whether it came on the connection, whose credential is about to be replaced; each command over HTTP
   *   has shown one of its own.
   */
  settle(reply: Reply, { isInBand }: { readonly isInBand: boolean }): boolean {
    const pending = reply.id === null ? undefined : this.#pending.get(reply.id);
    if (reply.id === null || pending === undefined) return false;
    if (reply.ok) this.#take(reply.id)?.resolve(reply.result);
    else {
      const refusal = new CommandError(reply.error.code, reply.error.message);
      if (isInBand && pending.durable && refusal.code === TOKEN_EXPIRED) pending.refusal = refusal;
      else this.#take(reply.id)?.reject(refusal);
    }
    return true;
  }

  /** A connection is there: send what waits for one. */
  resume(): void {
    for (const pending of this.#pending.values()) this.#repeat(pending);
  }

  /** The connection has a fresh credential: send what was refused for the old one. */
  repeatRefused(): void {
    for (const pending of this.#pending.values()) if (pending.refusal !== undefined) this.#repeat(pending);
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

  #repeat(pending: PendingCommand): void {
    if (this.#send(pending.text)) pending.refusal = undefined;
  }

  #timedOut(id: number): void {
    const { refusal } = this.#pending.get(id) ?? {};
    this.#fail(id, refusal?.code ?? "timeout", refusal?.message ?? "The server did not answer in time.");
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

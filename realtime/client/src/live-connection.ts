/**
 * Follow one topic, over one WebSocket at a time, for as long as the page wants it. Knows nothing of what is folded.
 *
 * Source: PROTOCOL.md.
 */

import { makeAddress, type Position } from "./address.ts";
import { retryDelayMs } from "./backoff.ts";
import { judge } from "./closing.ts";
import { Commands } from "./commands.ts";
import { CredentialError, Credentials } from "./credentials.ts";
import { type Environment, makeEnvironment } from "./environment.ts";
import { Link } from "./link.ts";
import { Monitor } from "./monitor.ts";
import type { ParsedFrame } from "./parse-frame.ts";
import { type Closing, type Command, type ControlFrame, type JsonObject, PROTOCOL_VERSION } from "./protocol.ts";
import { Refresher } from "./refresher.ts";
import type { Connection, ConnectionState, SocketError, SocketOptions, UrlSource } from "./socket-types.ts";
import { Timer } from "./timer.ts";
import { skip, type Topic } from "./topic.ts";
import { listenForWakeSignals } from "./wake-signals.ts";

/** Longest time from the first step of connecting to the state, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longest wait for the close after a `closing` frame, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 3_000;
/** A connection that held this long, in milliseconds, ends the row of failures before it. */
export const STABLE_AFTER_MS = 5_000;

/** Who is told. Each event once, in order; after it, and after each snapshot, the state. */
export interface ConnectionOwner<State, Event> {
  /** @param isReplayed whether it happened while there was no connection. */
  eventFolded(event: Event, isReplayed: boolean): void;
  stateChanged(state: State): void;
  connectionChanged(connection: Connection): void;
  errorMet(error: SocketError): void;
}

export class LiveConnection<State extends Position, Event extends { readonly sequence: number }, Snapshot> {
  readonly #topic: Topic<State, Event, Snapshot>;
  readonly #owner: ConnectionOwner<State, Event>;
  readonly #url: UrlSource;
  readonly #environment: Environment;
  readonly #credentials: Credentials;
  readonly #commands: Commands;
  readonly #monitor: Monitor;
  readonly #refresher: Refresher;
  readonly #retryTimer: Timer;
  readonly #deadline: Timer;
  readonly #stableTimer: Timer;
  readonly #stopListening: () => void;
  #connection: Omit<Connection, "dataAsOf"> = { state: "waiting", reason: null, retryAt: null };
  #dataAsOf: Date | null = null;
  #state: State | undefined;
  /** Up to where events happened while there was no connection. */
  #missedUntil = 0;
  /** Whether the state may be resumed; after a frame that could not be read only a snapshot will do. */
  #isResumable = false;
  #link: Link | undefined;
  #closing: Closing | undefined;
  /** Tells a step of an attempt that was given up from one of the present attempt. */
  #attempt = 0;
  #failures = 0;
  #isOffline = false;

  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor(
    topic: Topic<State, Event, Snapshot>,
    { url, getToken, environment = {} }: SocketOptions,
    owner: ConnectionOwner<State, Event>,
  ) {
    this.#topic = topic;
    this.#owner = owner;
    const world = makeEnvironment(environment);
    this.#url = url;
    this.#environment = world;
    this.#credentials = new Credentials(getToken);
    this.#commands = new Commands(world.clock, (text) => this.#sendIfLive(text));
    this.#monitor = new Monitor(world.clock, {
      ping: () => this.#sendIfLive("ping"),
      linkIsDead: () => this.#retry("silent"),
    });
    this.#refresher = new Refresher(world.clock, () => void this.#refresh());
    this.#retryTimer = new Timer(world.clock, () => void this.#connect());
    this.#deadline = new Timer(world.clock, () => this.#deadlinePassed());
    this.#stableTimer = new Timer(world.clock, () => {
      this.#failures = 0;
    });
    this.#stopListening = listenForWakeSignals(world, {
      wentOffline: () => this.#goOffline(),
      cameOnline: () => this.#wake(),
      becameVisible: () => this.#isOffline || this.#wake(),
    });
    queueMicrotask(() => this.#attempt === 0 && void this.#connect());
  }

  get connection(): Connection {
    return { ...this.#connection, dataAsOf: this.#dataAsOf };
  }

  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state(): State | undefined {
    return this.#state;
  }

  /**
   * Carry out an idempotent command: it waits for a connection and is repeated when the connection breaks.
   *
   * @throws CommandError (as rejection) when the server refuses or no reply comes.
   */
  request(command: Command): Promise<JsonObject> {
    return this.#commands.request(command, { durable: true });
  }

  /** End it for good. */
  close(): void {
    if (this.#connection.state !== "closed") this.#end("closed_here");
  }

  async #connect(): Promise<void> {
    this.#release();
    const attempt = this.#attempt;
    this.#closing = undefined;
    this.#deadline.start(CONNECT_TIMEOUT_MS);
    this.#change("connecting");
    try {
      const credential = await this.#credentials.get();
      const url = typeof this.#url === "string" ? this.#url : await this.#url();
      if (attempt !== this.#attempt) return;
      const position = this.#isResumable ? this.#state : undefined;
      const address = makeAddress(url, credential, position, this.#environment.baseUrl);
      this.#link = new Link(this.#environment.WebSocket, address, {
        linkMessage: (data) => this.#take(data),
        linkClosed: (code) => this.#linkClosed(code),
      });
    } catch (error) {
      if (attempt === this.#attempt) this.#connectFailed(error);
    }
  }

  #connectFailed(error: unknown): void {
    const code = error instanceof CredentialError ? error.code : "cannot_connect";
    this.#owner.errorMet({ code, error });
    if (code === "signed_out") this.#end(code);
    else this.#retry(code);
  }

  #linkClosed(code: number): void {
    const { reconnect, reason, retryAfterMs } = judge(code, this.#closing);
    if (reason === "token_expired") this.#credentials.markExpired();
    if (reconnect) this.#retry(reason, retryAfterMs);
    else this.#end(reason);
  }

  #deadlinePassed(): void {
    if (this.#closing === undefined) this.#retry("connect_timeout");
    else this.#linkClosed(1006);
  }

  #retry(reason: string, retryAfterMs?: number): void {
    this.#release();
    if (this.#isOffline) {
      this.#change("waiting", "offline");
      return;
    }
    const delayMs = retryDelayMs(this.#failures, this.#environment.random(), retryAfterMs);
    this.#failures += 1;
    this.#retryTimer.start(delayMs);
    this.#change("waiting", reason, new Date(this.#environment.clock.now() + delayMs));
  }

  #end(reason: string): void {
    this.#release();
    this.#stopListening();
    this.#commands.close();
    this.#change("closed", reason);
  }

  /** Let go of the present attempt, wherever it stands. */
  #release(): void {
    this.#attempt += 1;
    this.#link?.drop();
    this.#link = undefined;
    this.#monitor.stop();
    this.#refresher.stop();
    for (const timer of [this.#retryTimer, this.#deadline, this.#stableTimer]) timer.stop();
    this.#commands.suspend();
  }

  #goOffline(): void {
    this.#isOffline = true;
    this.#retry("offline");
  }

  #wake(): void {
    this.#isOffline = false;
    if (this.#connection.state === "waiting") void this.#connect();
    else if (this.#connection.state === "live") this.#monitor.probe();
  }

  #sendIfLive(text: string): boolean {
    if (this.#link === undefined || this.#connection.state !== "live") return false;
    this.#link.send(text);
    return true;
  }

  #take(data: unknown): void {
    this.#monitor.heard();
    if (this.#connection.state === "live") this.#dataAsOf = new Date(this.#environment.clock.now());
    const frame = this.#parse(data);
    if (frame !== undefined) this.#handle(frame);
  }

  #parse(data: unknown): ParsedFrame<Event, Snapshot> | undefined {
    try {
      return this.#topic.parse(data);
    } catch (error) {
      // What was in the frame is lost, so the state is no longer sure: a snapshot restores it.
      this.#isResumable = false;
      this.#owner.errorMet({ code: "protocol_error", error });
      this.#retry("protocol_error");
      return undefined;
    }
  }

  #handle(frame: ParsedFrame<Event, Snapshot>): void {
    if (frame.kind === "event") this.#foldEvent(frame.event);
    else if (frame.kind === "snapshot") this.#startFrom(frame.snapshot);
    else if (frame.kind === "control") this.#obey(frame.frame);
    else if (frame.kind === "unknown" && frame.sequence !== null && this.#state !== undefined) {
      this.#state = skip(this.#state, frame.sequence);
    }
  }

  #foldEvent(event: Event): void {
    if (this.#state === undefined || event.sequence <= this.#state.sequence) return;
    this.#state = this.#topic.fold(this.#state, event);
    this.#owner.eventFolded(event, event.sequence <= this.#missedUntil);
    this.#owner.stateChanged(this.#state);
  }

  #startFrom(snapshot: Snapshot): void {
    this.#state = this.#topic.start(snapshot);
    this.#isResumable = true;
    this.#goLive();
    this.#owner.stateChanged(this.#state);
  }

  #obey(frame: ControlFrame): void {
    switch (frame.type) {
      case "welcome":
        if (frame.protocol !== PROTOCOL_VERSION) return this.#end("unsupported_protocol");
        this.#missedUntil = frame.head;
        this.#monitor.start(frame.heartbeat_seconds);
        if (frame.resumed) this.#goLive();
        return;
      case "heartbeat":
        // Never with this server; a proxy that drops frames would otherwise leave us behind for good.
        if (this.#state !== undefined && frame.head > this.#state.sequence) this.#retry("missed_events", 0);
        return;
      case "token_expiring":
        return this.#refresher.notice(frame.seconds);
      case "draining":
        return;
      case "reply":
        if (!this.#commands.settle(frame) && !frame.ok) {
          this.#owner.errorMet({ code: frame.error.code, error: frame.error });
        }
        return;
      case "closing":
        this.#closing = frame;
        return this.#deadline.start(CLOSE_TIMEOUT_MS);
    }
  }

  #goLive(): void {
    this.#deadline.stop();
    this.#stableTimer.start(STABLE_AFTER_MS);
    this.#dataAsOf = new Date(this.#environment.clock.now());
    this.#change("live");
    this.#commands.resume();
  }

  async #refresh(): Promise<void> {
    const attempt = this.#attempt;
    try {
      const token = await this.#credentials.get();
      if (attempt === this.#attempt) await this.#commands.request({ type: "refresh", token }, { durable: false });
    } catch (error) {
      // The connection goes on until the old credential ends; then a new one is asked for anyway.
      if (attempt === this.#attempt) this.#owner.errorMet({ code: "refresh_failed", error });
    }
  }

  #change(state: ConnectionState, reason: string | null = null, retryAt: Date | null = null): void {
    this.#connection = { state, reason, retryAt };
    this.#owner.connectionChanged(this.connection);
  }
}

/**
 * A project's events and state, over one WebSocket at a time, for as long as the page wants them.
 *
 * Source: PROTOCOL.md.
 */

import { makeAddress } from "./address.ts";
import { retryDelayMs } from "./backoff.ts";
import { judge } from "./closing.ts";
import { Commands } from "./commands.ts";
import { CredentialError, Credentials } from "./credentials.ts";
import { Emitter, type Listener } from "./emitter.ts";
import { type Environment, makeEnvironment } from "./environment.ts";
import { Link } from "./link.ts";
import { Monitor } from "./monitor.ts";
import { type ParsedFrame, parseFrame } from "./parse-frame.ts";
import {
  type Closing,
  type ControlFrame,
  type LoggedEvent,
  type OperationReply,
  type ProjectState,
  PROTOCOL_VERSION,
} from "./protocol.ts";
import { Refresher } from "./refresher.ts";
import type {
  Connection,
  ConnectionState,
  ProjectSocketEvents,
  ProjectSocketOptions,
  UrlSource,
} from "./socket-types.ts";
import { fold, fromSnapshot, skip } from "./store.ts";
import { Timer } from "./timer.ts";
import { listenForWakeSignals } from "./wake-signals.ts";

/** Longest time from the first step of connecting to the state, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longest wait for the close after a `closing` frame, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 3_000;
/** A connection that held this long, in milliseconds, ends the row of failures before it. */
export const STABLE_AFTER_MS = 5_000;

export class ProjectSocket {
  readonly #url: UrlSource;
  readonly #environment: Environment;
  readonly #credentials: Credentials;
  readonly #emitter = new Emitter<ProjectSocketEvents>();
  readonly #commands: Commands;
  readonly #monitor: Monitor;
  readonly #refresher: Refresher;
  readonly #retryTimer: Timer;
  readonly #deadline: Timer;
  readonly #stableTimer: Timer;
  readonly #stopListening: () => void;
  #connection: Omit<Connection, "dataAsOf"> = { state: "waiting", reason: null, retryAt: null };
  #dataAsOf: Date | null = null;
  #project: ProjectState | undefined;
  /** Whether the state may be resumed; after a frame that could not be read only a snapshot will do. */
  #isResumable = false;
  #link: Link | undefined;
  #closing: Closing | undefined;
  /** Tells a step of an attempt that was given up from one of the present attempt. */
  #attempt = 0;
  #failures = 0;
  #isOffline = false;

  /** Connects at once; listeners added in the same turn miss nothing. */
  constructor({ url, getToken, environment = {} }: ProjectSocketOptions) {
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
  get state(): ProjectState | undefined {
    return this.#project;
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
    return (await this.#request({ type: "cancel", operation_id: operationId })) as unknown as OperationReply;
  }

  /** Start a failed or cancelled operation again. */
  async retry(operationId: string): Promise<OperationReply> {
    return (await this.#request({ type: "retry", operation_id: operationId })) as unknown as OperationReply;
  }

  /** Read the state from the database. `state` needs no such reading: it follows by itself. */
  async status(): Promise<ProjectState> {
    return (await this.#request({ type: "status" })) as unknown as ProjectState;
  }

  /** End it for good. */
  close(): void {
    if (this.#connection.state !== "closed") this.#end("closed_here");
  }

  #request(command: Parameters<Commands["request"]>[0]): ReturnType<Commands["request"]> {
    return this.#commands.request(command, { durable: true });
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
      const position = this.#isResumable ? this.#project : undefined;
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
    this.#emitter.emit("error", { code, error });
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

  #parse(data: unknown): ParsedFrame | undefined {
    try {
      return parseFrame(data);
    } catch (error) {
      // What was in the frame is lost, so the state is no longer sure: a snapshot restores it.
      this.#isResumable = false;
      this.#emitter.emit("error", { code: "protocol_error", error });
      this.#retry("protocol_error");
      return undefined;
    }
  }

  #handle(frame: ParsedFrame): void {
    if (frame.kind === "event") this.#foldEvent(frame.event);
    else if (frame.kind === "control") this.#obey(frame.frame);
    else if (frame.kind === "unknown" && frame.sequence !== null && this.#project !== undefined) {
      this.#project = skip(this.#project, frame.sequence);
    }
  }

  #foldEvent(event: LoggedEvent): void {
    if (this.#project === undefined || event.sequence <= this.#project.sequence) return;
    this.#project = fold(this.#project, event);
    this.#emitter.emit("event", event);
    this.#emitter.emit("state", this.#project);
  }

  #obey(frame: ControlFrame): void {
    switch (frame.type) {
      case "welcome":
        if (frame.protocol !== PROTOCOL_VERSION) return this.#end("unsupported_protocol");
        this.#monitor.start(frame.heartbeat_seconds);
        if (frame.resumed) this.#goLive();
        return;
      case "snapshot":
        this.#project = fromSnapshot(frame);
        this.#isResumable = true;
        this.#goLive();
        return this.#emitter.emit("state", this.#project);
      case "heartbeat":
        // Never with this server; a proxy that drops frames would otherwise leave us behind for good.
        if (this.#project !== undefined && frame.head > this.#project.sequence) this.#retry("missed_events", 0);
        return;
      case "token_expiring":
        return this.#refresher.notice(frame.seconds);
      case "reply":
        if (!this.#commands.settle(frame) && !frame.ok) {
          this.#emitter.emit("error", { code: frame.error.code, error: frame.error });
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
      if (attempt === this.#attempt) this.#emitter.emit("error", { code: "refresh_failed", error });
    }
  }

  #change(state: ConnectionState, reason: string | null = null, retryAt: Date | null = null): void {
    this.#connection = { state, reason, retryAt };
    this.#emitter.emit("connection", this.connection);
  }
}

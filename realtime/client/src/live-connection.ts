/**
 * Follow one topic for as long as the page wants it: over one link after another, and over two while one takes over from
 * the other. Knows nothing of what is folded.
 *
 * Source: PROTOCOL.md, "Reconnecting", "Client library"; docs/adr/0018-one-core-three-transports.md.
 */

import type { Position } from "./address.ts";
import { Addresses } from "./addresses.ts";
import { retryDelayMs } from "./backoff.ts";
import type { OwnReason } from "./closing.ts";
import { Commands } from "./commands.ts";
import { Conversation, type End, type SuccessionCause } from "./conversation.ts";
import { Credentials } from "./credentials.ts";
import { type Environment, makeEnvironment } from "./environment.ts";
import type { LinkContext } from "./link.ts";
import type { ParsedFrame } from "./parse-frame.ts";
import type { Command, JsonObject, Reply, Welcome } from "./protocol.ts";
import type { Connection, ConnectionState, SocketError, SocketOptions } from "./socket-types.ts";
import { Succession } from "./succession.ts";
import { Timer } from "./timer.ts";
import type { Topic } from "./topic.ts";
import { TopicState } from "./topic-state.ts";
import { TransportChooser } from "./transport-chooser.ts";
import { TransportMemory } from "./transport-memory.ts";
import { type TransportName, TRANSPORTS } from "./transports.ts";
import { listenForWakeSignals } from "./wake-signals.ts";

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

export class LiveConnection<
  State extends Position,
  Event extends { readonly sequence: number },
  Snapshot extends { readonly sequence: number },
> {
  readonly #topic: Topic<State, Event, Snapshot>;
  readonly #owner: ConnectionOwner<State, Event>;
  readonly #environment: Environment;
  readonly #context: LinkContext;
  readonly #state: TopicState<State, Event, Snapshot>;
  readonly #chooser: TransportChooser;
  readonly #commands: Commands;
  readonly #succession: Succession<Conversation<Event, Snapshot>>;
  readonly #retryTimer: Timer;
  readonly #stableTimer: Timer;
  readonly #upgradeTimer: Timer;
  readonly #stopListening: () => void;
  #talk: Conversation<Event, Snapshot> | undefined;
  #connection: Pick<Connection, "state" | "reason" | "retryAt"> = { state: "waiting", reason: null, retryAt: null };
  #dataAsOf: Date | null = null;
  /** Up to where events happened while there was no connection. */
  #missedUntil = 0;
  #failures = 0;
  #isOffline = false;

  /** Connects once the present turn is over. */
  constructor(
    topic: Topic<State, Event, Snapshot>,
    { url, getToken, environment = {}, transports = TRANSPORTS, http }: SocketOptions,
    owner: ConnectionOwner<State, Event>,
  ) {
    const world = makeEnvironment(environment);
    const { clock } = world;
    this.#topic = topic;
    this.#owner = owner;
    this.#environment = world;
    this.#state = new TopicState(topic);
    this.#context = {
      environment: world,
      credentials: new Credentials(getToken),
      addresses: new Addresses(url, world.baseUrl, topic.httpPaths, http),
      position: () => this.#state.position,
    };
    const allowed = world.fetch === undefined ? (["websocket"] as const) : transports;
    this.#chooser = new TransportChooser(allowed, new TransportMemory(world.storage, clock));
    this.#commands = new Commands(clock, (text) => this.#sendIfLive(text));
    this.#succession = new Succession(world, (transport) => this.#makeTalk(transport));
    this.#retryTimer = new Timer(clock, () => this.#connect());
    this.#stableTimer = new Timer(clock, () => {
      this.#failures = 0;
    });
    this.#upgradeTimer = new Timer(clock, () => this.#upgrade());
    this.#stopListening = listenForWakeSignals(world, {
      wentOffline: () => this.#goOffline(),
      cameOnline: () => this.#comeOnline(),
      becameVisible: () => this.#isOffline || this.#wake(),
    });
    queueMicrotask(() => this.#connection.state === "waiting" && !this.#isOffline && this.#connect());
  }

  get connection(): Connection {
    const transport = this.#talk?.transport ?? this.#chooser.current;
    return { ...this.#connection, transport, dataAsOf: this.#dataAsOf };
  }

  /** The state as of `connection.dataAsOf`; undefined before the first snapshot. */
  get state(): State | undefined {
    return this.#state.current;
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
    if (this.#connection.state !== "closed") this.#end("closed_here" satisfies OwnReason);
  }

  #connect(): void {
    this.#release();
    this.#talk = this.#makeTalk(this.#chooser.current);
    this.#change("connecting");
    this.#talk?.open();
  }

  #makeTalk(transport: TransportName): Conversation<Event, Snapshot> {
    const talk: Conversation<Event, Snapshot> = new Conversation(transport, this.#context, this.#topic.parse, {
      heard: () => this.#heard(),
      welcomed: (welcome) => this.#welcomed(talk, welcome),
      said: (frame) => this.#take(talk, frame),
      replied: (reply) => this.#settle(talk, reply),
      refresh: (token) => this.#refresh(token),
      refreshFailed: (error) => this.#owner.errorMet({ code: "refresh_failed", error }),
      mustSucceed: (cause) => this.#mustSucceed(talk, cause),
      ended: (end) => this.#ended(talk, end),
    });
    return talk;
  }

  async #refresh(token: string): Promise<void> {
    await this.#commands.request({ type: "refresh", token }, { durable: false });
    this.#commands.repeatRefused();
  }

  #heard(): void {
    if (this.#connection.state === "live") this.#dataAsOf = new Date(this.#environment.clock.now());
  }

  #welcomed(talk: Conversation<Event, Snapshot>, { head, resumed }: Welcome): void {
    if (talk !== this.#talk) return this.#handOverIfCaughtUp();
    this.#missedUntil = head;
    if (resumed) this.#goLive(talk);
  }

  #take(talk: Conversation<Event, Snapshot>, frame: ParsedFrame<Event, Snapshot>): void {
    if (frame.kind === "event") this.#fold(frame.event);
    else if (frame.kind === "unknown") this.#state.skip(frame.sequence);
    else if (frame.kind === "snapshot") this.#start(talk, frame.snapshot);
    if (talk === this.#succession.talk) this.#handOverIfCaughtUp();
  }

  #fold(event: Event): void {
    const state = this.#state.fold(event);
    if (state === undefined) return;
    this.#owner.eventFolded(event, event.sequence <= this.#missedUntil);
    this.#owner.stateChanged(state);
  }

  #start(talk: Conversation<Event, Snapshot>, snapshot: Snapshot): void {
    const isPresent = talk === this.#talk;
    const state = isPresent ? this.#state.start(snapshot) : this.#state.advance(snapshot);
    if (isPresent) this.#goLive(talk);
    if (state !== undefined) this.#owner.stateChanged(state);
  }

  #settle({ isInBand }: Conversation<Event, Snapshot>, reply: Reply): void {
    if (this.#commands.settle(reply, { isInBand }) || reply.ok) return;
    this.#owner.errorMet({ code: reply.error.code, error: reply.error });
  }

  #goLive({ transport }: Conversation<Event, Snapshot>): void {
    this.#stableTimer.start(STABLE_AFTER_MS);
    this.#dataAsOf = new Date(this.#environment.clock.now());
    this.#settleOn(transport);
    this.#change("live");
    this.#commands.resume();
  }

  /** A transport works: keep to it, and try the preferred one later. */
  #settleOn(transport: TransportName): void {
    this.#chooser.settle(transport);
    this.#upgradeTimer.stop();
    if (transport !== this.#chooser.preferred) this.#upgradeTimer.start(this.#chooser.nextUpgradeMs());
  }

  #upgrade(): void {
    this.#upgradeTimer.start(this.#chooser.nextUpgradeMs());
    this.#succeed(this.#chooser.preferred, "upgrade");
  }

  #mustSucceed(talk: Conversation<Event, Snapshot>, cause: SuccessionCause): void {
    if (talk === this.#succession.talk) {
      this.#successorEnded(talk, { reconnect: true, reason: cause, retryAfterMs: undefined });
      return;
    }
    // A stream that is silent longer than its heartbeats is held back on its way.
    this.#succeed(cause === "silence" ? this.#chooser.after(talk.transport) : talk.transport, cause);
  }

  #succeed(transport: TransportName, cause: SuccessionCause): void {
    if (this.#connection.state === "live") this.#succession.start(transport, cause);
  }

  /** The second link has told all that the first has: the first is needed no more. */
  #handOverIfCaughtUp(): void {
    const second = this.#succession.talk;
    if (second?.isLive === true && second.position >= this.#state.sequence) this.#handOver();
  }

  #handOver(): void {
    const before = this.#talk;
    this.#talk = this.#succession.finish() ?? before;
    before?.drop();
    // What was asked on the first link may never be answered there.
    this.#commands.suspend();
    this.#commands.resume();
    const { transport } = this.connection;
    if (transport === before?.transport) return;
    this.#settleOn(transport);
    this.#change("live");
  }

  #ended(talk: Conversation<Event, Snapshot>, end: End): void {
    // What was in a frame that cannot be read is lost, so the state is no longer sure: a snapshot restores it.
    if (end.reason === "protocol_error" && talk === this.#talk) this.#state.doubt();
    if (end.error !== undefined) this.#owner.errorMet({ code: end.reason, error: end.error });
    if (talk === this.#succession.talk) this.#successorEnded(talk, end);
    else if (talk === this.#talk) this.#presentEnded(talk, end);
  }

  #presentEnded(talk: Conversation<Event, Snapshot>, { reconnect, reason, retryAfterMs, hasTimedOut }: End): void {
    if (!reconnect) return this.#end(reason);
    // The second has still to tell what the first had told; it does so next.
    if (this.#succession.talk?.isLive === true) return this.#handOver();
    const { hasHttp } = this.#context.addresses;
    if (talk.wasTried || !hasHttp) {
      this.#chooser.ended({ hasSpoken: talk.hasSpoken, hasTimedOut: hasTimedOut === true, hasHttp });
    }
    this.#retry(reason, retryAfterMs);
  }

  #successorEnded(talk: Conversation<Event, Snapshot>, end: End): void {
    const { cause } = this.#succession;
    talk.drop();
    this.#succession.failed(end);
    // Nothing reached the server, so nothing comes from it either.
    if ((cause === "probe" || cause === "silence") && !talk.hasSpoken) this.#retry("silent" satisfies OwnReason);
  }

  #retry(reason: string, retryAfterMs?: number): void {
    this.#release();
    if (this.#isOffline) {
      this.#change("waiting", "offline" satisfies OwnReason);
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
    this.#succession.stop();
    this.#talk?.drop();
    this.#talk = undefined;
    for (const timer of [this.#retryTimer, this.#stableTimer, this.#upgradeTimer]) timer.stop();
    this.#commands.suspend();
  }

  #goOffline(): void {
    this.#isOffline = true;
    this.#retry("offline" satisfies OwnReason);
  }

  #comeOnline(): void {
    this.#chooser.networkChanged();
    this.#wake();
  }

  #wake(): void {
    this.#isOffline = false;
    if (this.#connection.state === "waiting") this.#connect();
    else if (this.#connection.state === "live") this.#talk?.probe();
  }

  #sendIfLive(text: string): boolean {
    if (this.#talk === undefined || this.#connection.state !== "live") return false;
    this.#talk.send(text);
    return true;
  }

  #change(state: ConnectionState, reason: string | null = null, retryAt: Date | null = null): void {
    this.#connection = { state, reason, retryAt };
    this.#owner.connectionChanged(this.connection);
  }
}

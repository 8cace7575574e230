/**
 * What is said on one link, from its opening to its end: whether it is live, silent, about to end. Knows the topic only
 * by its parser.
 *
 * Source: PROTOCOL.md, "Control frames", "Client library".
 */

import { judge, type OwnReason, type Verdict } from "./closing.ts";
import { CommandError } from "./commands.ts";
import { CredentialError } from "./credentials.ts";
import { type Link, type LinkContext, type LinkOwner, LOST } from "./link.ts";
import { Monitor } from "./monitor.ts";
import type { Parse, ParsedFrame } from "./parse-frame.ts";
import { type Closing, type ControlFrame, PROTOCOL_VERSION, type Reply, type Welcome } from "./protocol.ts";
import { Refresher } from "./refresher.ts";
import { Timer } from "./timer.ts";
import { makeLink, type TransportName } from "./transports.ts";

/** Longest time from the first step of connecting to the state, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longest wait for the close after a `closing` frame, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 3_000;
/** How long before its credential ends a stream is succeeded by another, in milliseconds; at half time if sooner. */
export const SUCCEED_BEFORE_MS = 30_000;
/** Longest time that browsers can set a timer to, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Why another link should take over from this one. */
export type SuccessionCause = "draining" | "credential" | "silence" | "probe" | "upgrade";

/** How a conversation ended, and what follows. */
export interface End extends Verdict {
  readonly hasTimedOut?: boolean;
  /** What went wrong on this side. */
  readonly error?: unknown;
}

/** Who is told. After `ended`, or after `drop`, nothing more is. */
export interface ConversationOwner<Event, Snapshot> {
  /** Anything at all was heard. */
  heard(): void;
  welcomed(welcome: Welcome): void;
  said(frame: Exclude<ParsedFrame<Event, Snapshot>, { readonly kind: "control" }>): void;
  replied(reply: Reply): void;
  /** Send this credential in a `refresh`; resolve when the server has taken it. */
  refresh(token: string): Promise<unknown>;
  refreshFailed(error: unknown): void;
  mustSucceed(cause: SuccessionCause): void;
  ended(end: End): void;
}

export class Conversation<
  Event extends { readonly sequence: number },
  Snapshot extends { readonly sequence: number },
> implements LinkOwner {
  readonly transport: TransportName;
  readonly #context: LinkContext;
  readonly #parse: Parse<Event, Snapshot>;
  #owner: ConversationOwner<Event, Snapshot> | undefined;
  readonly #link: Link;
  readonly #monitor: Monitor;
  readonly #refresher: Refresher;
  readonly #deadline: Timer;
  readonly #renewal: Timer;
  #closing: Closing | undefined;
  /** The credential of an accepted `refresh`. */
  #refreshed: string | undefined;
  #position = 0;
  #isLive = false;
  #hasSpoken = false;

  constructor(
    transport: TransportName,
    context: LinkContext,
    parse: Parse<Event, Snapshot>,
    owner: ConversationOwner<Event, Snapshot>,
  ) {
    const { clock } = context.environment;
    this.transport = transport;
    this.#context = context;
    this.#parse = parse;
    this.#owner = owner;
    this.#link = makeLink(transport, { ...context, position: () => this.#findPosition() }, this);
    this.#monitor = new Monitor(clock, {
      ping: () => (this.isInBand ? this.#link.send("ping") : this.#owner?.mustSucceed("silence")),
      linkIsDead: () => this.#endWith("silent"),
    });
    this.#refresher = new Refresher(clock, () => void this.#refresh());
    this.#deadline = new Timer(clock, () => this.#deadlinePassed());
    this.#renewal = new Timer(clock, () => this.#owner?.mustSucceed("credential"));
  }

  /** Whether the state is up to date, or becomes so by the events that follow at once. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Whether the server has said anything. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** Whether the server was asked anything. */
  get wasTried(): boolean {
    return this.#link.credential !== undefined;
  }

  /** Sequence up to which everything was heard on this link, or before it. */
  get position(): number {
    return this.#position;
  }

  open(): void {
    this.#deadline.start(CONNECT_TIMEOUT_MS);
    this.#link.open();
  }

  send(text: string): void {
    this.#link.send(text);
  }

  /** Ask for a sign of life: the machine may have slept or changed its network. */
  probe(): void {
    if (this.isInBand) this.#monitor.probe();
    else this.#owner?.mustSucceed("probe");
  }

  /** Leave; nothing more is heard. */
  drop(): void {
    this.#owner = undefined;
    this.#link.drop();
    this.#monitor.stop();
    this.#refresher.stop();
    this.#deadline.stop();
    this.#renewal.stop();
  }

  linkSaid(text: unknown): void {
    this.linkBreathed();
    const frame = this.#read(text);
    if (frame === undefined) return;
    this.#hasSpoken = true;
    if (frame.kind === "control") this.#obey(frame.frame);
    else this.#pass(frame);
  }

  linkBreathed(): void {
    this.#monitor.heard();
    this.#owner?.heard();
  }

  linkClosed(code: number): void {
    const verdict = judge(code, this.#closing);
    const credential = this.#refreshed ?? this.#link.credential;
    if (verdict.reason === "token_expired" && credential !== undefined) {
      this.#context.credentials.markExpired(credential);
    }
    this.#end(verdict);
  }

  linkFailed(error: unknown): void {
    const reason = error instanceof CredentialError ? error.code : "cannot_connect";
    this.#endWith(reason, { reconnect: reason !== "signed_out", error });
  }

  /** Whether commands go on the link itself; over HTTP, `ping` and `refresh` have no meaning. */
  get isInBand(): boolean {
    return this.transport === "websocket";
  }

  #findPosition(): ReturnType<LinkContext["position"]> {
    const position = this.#context.position();
    this.#position = position?.sequence ?? 0;
    return position;
  }

  #read(text: unknown): ParsedFrame<Event, Snapshot> | undefined {
    try {
      return this.#parse(text);
    } catch (error) {
      this.#endWith("protocol_error", { error });
      return undefined;
    }
  }

  #pass(frame: Exclude<ParsedFrame<Event, Snapshot>, { readonly kind: "control" }>): void {
    if (frame.kind === "event") this.#position = Math.max(this.#position, frame.event.sequence);
    else if (frame.kind === "unknown") this.#position = Math.max(this.#position, frame.sequence ?? 0);
    else if (frame.kind === "snapshot") {
      this.#position = frame.snapshot.sequence;
      this.#goLive();
    }
    this.#owner?.said(frame);
  }

  #obey(frame: ControlFrame): void {
    switch (frame.type) {
      case "welcome":
        return this.#greet(frame);
      case "heartbeat":
        // Never with this server; a proxy that drops frames would otherwise leave us behind for good.
        if (this.#isLive && frame.head > this.#position) this.#endWith("missed_events", { retryAfterMs: 0 });
        return;
      case "token_expiring":
        return this.isInBand ? this.#refresher.notice(frame.seconds) : this.#owner?.mustSucceed("credential");
      case "draining":
        return this.#owner?.mustSucceed("draining");
      case "reply":
        return this.#owner?.replied(frame);
      case "closing":
        this.#closing = frame;
        return this.#deadline.start(CLOSE_TIMEOUT_MS);
    }
  }

  #greet(welcome: Welcome): void {
    if (welcome.protocol !== PROTOCOL_VERSION) return this.#endWith("unsupported_protocol", { reconnect: false });
    this.#monitor.start(welcome.heartbeat_seconds);
    if (this.transport === "sse") {
      const leftMs = welcome.token_expires_in_seconds * 1000;
      this.#renewal.start(Math.min(LONGEST_TIMER_MS, Math.max(leftMs - SUCCEED_BEFORE_MS, leftMs / 2)));
    }
    if (welcome.resumed) this.#goLive();
    this.#owner?.welcomed(welcome);
  }

  #goLive(): void {
    this.#isLive = true;
    this.#deadline.stop();
  }

  async #refresh(): Promise<void> {
    const { credentials } = this.#context;
    let token: string | undefined;
    try {
      token = await credentials.get();
      await this.#owner?.refresh(token);
      this.#refreshed = token;
    } catch (error) {
      if (this.#owner === undefined) return;
      // The connection goes on until the old credential ends; then a new one is asked for anyway.
      const isExpired = error instanceof CommandError && error.code === "token_expired";
      if (isExpired && token !== undefined) credentials.markExpired(token);
      this.#refresher.failed();
      this.#owner.refreshFailed(error);
    }
  }

  #deadlinePassed(): void {
    if (this.#closing === undefined) this.#endWith("connect_timeout", { hasTimedOut: true });
    else this.linkClosed(LOST);
  }

  #endWith(reason: OwnReason, more: Partial<End> = {}): void {
    this.#end({ reconnect: true, retryAfterMs: undefined, ...more, reason });
  }

  #end(end: End): void {
    const heard = this.#owner;
    this.drop();
    heard?.ended(end);
  }
}

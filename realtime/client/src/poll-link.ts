/**
 * A link over long-polling: asks for what is new, again and again, and tells it in the frames that a socket would bring.
 *
 * Source: PROTOCOL.md, "Client library".
 */

import type { Position } from "./address.ts";
import { isCount, isFlag, isListOf, isRecordOf, isText } from "./checks.ts";
import { HttpLink } from "./http-link.ts";
import { ProtocolError } from "./parse-frame.ts";
import { PROTOCOL_VERSION, type Welcome } from "./protocol.ts";
import { Timer } from "./timer.ts";

/** How long the server may hold an answer back, in seconds: less than most proxies wait. */
export const POLL_WAIT_SECONDS = 25;
/** Shortest time from one question to the next, in milliseconds: each costs a credential, and news may come in a flood. */
export const POLL_PAUSE_MS = 1_000;

interface Answer {
  readonly epoch: string;
  readonly head: number;
  /** Whether `events` begin right after the position that was asked for. */
  readonly complete: boolean;
  readonly events: readonly { readonly sequence: number }[];
}

const isAnswer = isRecordOf({
  epoch: isText,
  head: isCount,
  complete: isFlag,
  events: isListOf(isRecordOf({ sequence: isCount })),
});
const isState = isRecordOf({ epoch: isText, sequence: isCount });

export class PollLink extends HttpLink {
  readonly #pause = new Timer(this.context.environment.clock, () => this.#endPause());
  #endPause: () => void = () => undefined;
  #isWelcome = false;

  override drop(): void {
    super.drop();
    this.#pause.stop();
  }

  protected override async follow(): Promise<void> {
    let position = this.context.position() ?? (await this.#readState());
    while (this.owner !== undefined) {
      const askedAt = this.context.environment.clock.now();
      position = await this.#ask(position);
      await this.#restUntil(askedAt + POLL_PAUSE_MS);
    }
  }

  /** Ask once for what follows a position; return the position after it. */
  async #ask(position: Position): Promise<Position> {
    // The first answer must come at once: it says that this works.
    const waitSeconds = this.#isWelcome ? POLL_WAIT_SECONDS : 0;
    const answer: unknown = await (await this.requests.send("events", { position, waitSeconds })).json();
    if (!isAnswer(answer)) throw new ProtocolError("This is no list of events.");
    const { complete, epoch, head, events } = answer as Answer;
    if (!complete || epoch !== position.epoch) return this.#readState();
    this.#welcome(epoch, head, true);
    this.owner?.linkBreathed();
    for (const event of events) this.owner?.linkSaid(JSON.stringify(event));
    return { epoch, sequence: events.at(-1)?.sequence ?? position.sequence };
  }

  /** Start from the state, as a snapshot does. */
  async #readState(): Promise<Position> {
    const state: unknown = await (await this.requests.send("state")).json();
    if (!isState(state)) throw new ProtocolError("This is no state.");
    const { epoch, sequence } = state as Position;
    this.#welcome(epoch, sequence, false);
    this.owner?.linkSaid(JSON.stringify({ ...(state as Position), type: "snapshot" }));
    return { epoch, sequence };
  }

  #welcome(epoch: string, head: number, resumed: boolean): void {
    if (this.#isWelcome) return;
    this.#isWelcome = true;
    const welcome: Welcome = {
      type: "welcome",
      protocol: PROTOCOL_VERSION,
      session: "",
      epoch,
      head,
      heartbeat_seconds: POLL_WAIT_SECONDS,
      // Each request brings its own credential.
      token_expires_in_seconds: 0,
      resumed,
    };
    this.owner?.linkSaid(JSON.stringify(welcome));
  }

  #restUntil(instant: number): Promise<void> {
    return new Promise((resolve) => {
      this.#endPause = resolve;
      const restMs = Math.max(0, instant - this.context.environment.clock.now());
      if (this.owner !== undefined) this.#pause.start(restMs);
    });
  }
}

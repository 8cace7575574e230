/**
 * A link over server-sent events. It reads the stream by `fetch`: an `EventSource` cannot show a credential but in the
 * URL, and comes back by itself with the old one.
 *
 * Source: PROTOCOL.md, "Client library".
 */

import { EventStreamParser } from "./event-stream-parser.ts";
import { HttpLink } from "./http-link.ts";
import type { Heartbeat } from "./protocol.ts";

const HEARTBEAT = /^heartbeat (\d+)$/;

export class EventStreamLink extends HttpLink {
  protected override async follow(): Promise<void> {
    const response = await this.requests.send("stream", { position: this.context.position() });
    const isStream = response.headers.get("Content-Type")?.startsWith("text/event-stream") ?? false;
    if (!isStream || response.body === null) throw new TypeError("This is no stream of events.");
    const parser = new EventStreamParser({
      message: (data) => this.owner?.linkSaid(data),
      comment: (text) => this.#hearComment(text),
    });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.push(decoder.decode(chunk.value, { stream: true }));
    }
  }

  /** A heartbeat is a comment here, because an `EventSource` would tell its page of a message. */
  #hearComment(text: string): void {
    const [, head] = HEARTBEAT.exec(text) ?? [];
    if (head === undefined) return this.owner?.linkBreathed();
    const heartbeat: Heartbeat = { type: "heartbeat", head: Number(head) };
    this.owner?.linkSaid(JSON.stringify(heartbeat));
  }
}

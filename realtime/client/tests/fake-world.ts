/**
 * A browser and a server under the test's control: fake WebSockets, fake window events, a fixed random number. Time is
 * vitest's fake timers.
 *
 * To play a server: `const server = await world.nextServer(); server.say(frame); server.close(1012)`.
 */

import { vi } from "vitest";

import type { DocumentLike, Environment, WebSocketLike } from "../src/environment.ts";

/** The server's side of one connection. */
export class FakeServer implements WebSocketLike {
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  readonly url: URL;
  readonly protocols: readonly string[];
  /** What the client sent. */
  readonly received: string[] = [];
  /** Whether the client has closed. */
  isLeft = false;

  constructor(url: string, protocols: readonly string[]) {
    this.url = new URL(url);
    this.protocols = protocols;
  }

  /** Client → server. */
  send(text: string): void {
    this.received.push(text);
  }

  /** Client → server. */
  close(): void {
    this.isLeft = true;
  }

  /** Server → client. */
  say(frame: object | string): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.onmessage?.({ data } as never);
  }

  /** The connection ends; the client's own name for it is `close`, hence the other one here. */
  hangUp(code: number): void {
    this.onclose?.({ code } as never);
  }

  get commands(): Record<string, unknown>[] {
    return this.received.filter((text) => text !== "ping").map((text) => JSON.parse(text) as Record<string, unknown>);
  }
}

class FakeDocument extends EventTarget implements DocumentLike {
  visibilityState = "visible";
}

export class FakeWorld {
  readonly servers: FakeServer[] = [];
  readonly window = new EventTarget();
  readonly document = new FakeDocument();
  random = 0.5;

  get environment(): Partial<Environment> {
    const { servers, window, document } = this;
    return {
      random: () => this.random,
      baseUrl: "https://tenderwire.test/projects/5b1f/",
      window,
      document,
      WebSocket: class {
        constructor(url: string, protocols: string[]) {
          const server = new FakeServer(url, protocols);
          servers.push(server);
          return server;
        }
      } as never,
    };
  }

  /** Let the client get its credential and open the socket; return the newest one. */
  async nextServer(): Promise<FakeServer> {
    await vi.advanceTimersByTimeAsync(0); // a retry that is due starts
    await vi.advanceTimersByTimeAsync(0); // and has its credential and URL
    const server = this.servers.at(-1);
    if (server === undefined) throw new Error("The client has opened no socket.");
    return server;
  }

  /** Let time pass, in milliseconds. */
  async wait(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  say(type: "online" | "offline"): void {
    this.window.dispatchEvent(new Event(type));
  }

  show(visibility: "visible" | "hidden"): void {
    this.document.visibilityState = visibility;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}

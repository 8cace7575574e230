/**
 * A browser and a server under the test's control: fake WebSockets, fake HTTP, fake window events, a fixed random number.
 * Time is vitest's fake timers.
 *
 * To play a server: `const server = await world.nextServer(); server.say(frame); server.close(1012)`.
 */

import { vi } from "vitest";

import type { DocumentLike, Environment, StorageLike, WebSocketLike } from "../src/environment.ts";
import { FakeExchange } from "./fake-http.ts";

/** The server's side of one connection. */
export class FakeServer implements WebSocketLike {
  onmessage: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  readonly url: URL;
  readonly protocols: readonly string[];
  /** What the client sent. */
  readonly received: string[] = [];
  /** Whether the client has closed, and with which code. */
  isLeft = false;
  leftWith: number | undefined;

  constructor(url: string, protocols: readonly string[]) {
    this.url = new URL(url);
    this.protocols = protocols;
  }

  /** Client → server. */
  send(text: string): void {
    this.received.push(text);
  }

  /** Client → server. */
  close(code?: number): void {
    this.isLeft = true;
    this.leftWith = code;
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
  /** Requests over HTTP, in their order. */
  readonly exchanges: FakeExchange[] = [];
  /** Whether this browser knows `fetch`. */
  hasFetch = false;
  storage: StorageLike | undefined;
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
      fetch: this.hasFetch ? (url, init) => this.#fetch(url, init) : undefined,
      storage: this.storage,
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
    await this.nextTurn();
    const server = this.servers.at(-1);
    if (server === undefined) throw new Error("The client has opened no socket.");
    return server;
  }

  /** Let the client make its next request to an address, and return the newest to it. */
  async nextExchange(path: string): Promise<FakeExchange> {
    await this.nextTurn();
    const exchange = this.exchanges.filter(({ url }) => url.pathname.endsWith(path)).at(-1);
    if (exchange === undefined) throw new Error(`The client has not asked ${path}.`);
    return exchange;
  }

  /** Let all that is due happen, without time passing. */
  async nextTurn(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await vi.advanceTimersByTimeAsync(0);
  }

  /** Let time pass, in milliseconds. */
  async wait(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    const exchange = new FakeExchange(url, init);
    this.exchanges.push(exchange);
    return exchange.response;
  }

  say(type: "online" | "offline"): void {
    this.window.dispatchEvent(new Event(type));
  }

  show(visibility: "visible" | "hidden"): void {
    this.document.visibilityState = visibility;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}

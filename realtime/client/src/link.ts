/** One WebSocket from opening to end. After `drop`, or its own end, it says nothing more to its owner. */

import type { Address } from "./address.ts";
import type { WebSocketConstructor, WebSocketLike } from "./environment.ts";

/** Who is told; each link ends with at most one `linkClosed`. */
export interface LinkOwner {
  linkMessage(data: unknown): void;
  linkClosed(code: number): void;
}

export class Link {
  readonly #socket: WebSocketLike;
  #owner: LinkOwner | undefined;

  /** @throws DOMException when the browser refuses the URL or the subprotocols. */
  constructor(WebSocket: WebSocketConstructor, { url, protocols }: Address, owner: LinkOwner) {
    this.#owner = owner;
    this.#socket = new WebSocket(url, protocols);
    this.#socket.onmessage = (event: { readonly data: unknown }) => this.#owner?.linkMessage(event.data);
    this.#socket.onclose = (event: { readonly code: number }) => {
      const heard = this.#owner;
      this.#owner = undefined;
      heard?.linkClosed(event.code);
    };
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Close without waiting: on a dead link the browser's own close event may take a minute. */
  drop(): void {
    this.#owner = undefined;
    this.#socket.close();
  }
}

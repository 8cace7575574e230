/**
 * A link over a WebSocket.
 *
 * Source: PROTOCOL.md, "Connecting".
 */

import { makeAddress } from "./address.ts";
import type { WebSocketLike } from "./environment.ts";
import type { Link, LinkContext, LinkOwner } from "./link.ts";

/** The close code of somebody who leaves of his own accord. */
const NORMAL_CLOSURE = 1000;

export class WebSocketLink implements Link {
  readonly #context: LinkContext;
  #owner: LinkOwner | undefined;
  #socket: WebSocketLike | undefined;
  credential: string | undefined;

  constructor(context: LinkContext, owner: LinkOwner) {
    this.#context = context;
    this.#owner = owner;
  }

  open(): void {
    void this.#open();
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  /** On a dead link the browser's own close event may take a minute; nobody waits for it. */
  drop(): void {
    this.#owner = undefined;
    this.#socket?.close(NORMAL_CLOSURE);
  }

  async #open(): Promise<void> {
    try {
      const { credentials, addresses } = this.#context;
      const credential = await credentials.get();
      const url = await addresses.socket();
      if (this.#owner !== undefined) this.#connect(url, credential);
    } catch (error) {
      this.#owner?.linkFailed(error);
    }
  }

  /** @throws DOMException when the browser refuses the URL or the subprotocols. */
  #connect(socketUrl: string, credential: string): void {
    const { environment, position } = this.#context;
    const { url, protocols } = makeAddress(socketUrl, credential, position(), environment.baseUrl);
    this.credential = credential;
    this.#socket = new environment.WebSocket(url, protocols);
    this.#socket.onmessage = (event: { readonly data: unknown }) => this.#owner?.linkSaid(event.data);
    this.#socket.onclose = (event: { readonly code: number }) => {
      const heard = this.#owner;
      this.#owner = undefined;
      heard?.linkClosed(event.code);
    };
  }
}

/**
 * Send commands by HTTP, one request each, and hand back the replies as the frames that a socket would bring.
 *
 * Source: PROTOCOL.md, "Commands", "Client library".
 */

import { CredentialError } from "./credentials.ts";
import { HttpRefusal } from "./http-refusal.ts";
import { HttpRequests } from "./http-requests.ts";
import type { LinkContext } from "./link.ts";
import type { Reply } from "./protocol.ts";

export interface HttpCommandsOwner {
  replied(text: string): void;
  /** The server did not get it, or could not answer: nobody knows which. */
  lost(): void;
}

export class HttpCommands {
  readonly #context: LinkContext;
  readonly #requests: HttpRequests;
  #owner: HttpCommandsOwner | undefined;

  constructor(context: LinkContext, owner: HttpCommandsOwner) {
    this.#context = context;
    this.#requests = new HttpRequests(context);
    this.#owner = owner;
  }

  send(text: string): void {
    void this.#send(text);
  }

  drop(): void {
    this.#owner = undefined;
    this.#requests.abort();
  }

  async #send(text: string): Promise<void> {
    try {
      this.#owner?.replied(await this.#post(text));
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) this.#owner?.lost();
      else this.#owner?.replied(refuse(text, code, (error as Error).message));
    }
  }

  /** A credential that has just expired is replaced once; it did not carry the command out. */
  async #post(text: string): Promise<string> {
    const post = async () => (await this.#requests.send("commands", { body: text })).text();
    try {
      return await post();
    } catch (error) {
      if (!(error instanceof HttpRefusal && error.status === 401)) throw error;
      const { credential } = this.#requests;
      if (credential !== undefined) this.#context.credentials.markExpired(credential);
      return post();
    }
  }
}

/** Return the code of an error that another try on another link would not mend. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof CredentialError) return error.code;
  return error instanceof HttpRefusal && error.status !== 503 ? error.code : undefined;
}

function refuse(command: string, code: string, message: string): string {
  const { id } = JSON.parse(command) as { readonly id: number };
  const reply: Reply = { type: "reply", id, ok: false, error: { code, message } };
  return JSON.stringify(reply);
}

/** What the two links over HTTP share: they listen by requests, and send each command by a request of its own. */

import { CredentialError } from "./credentials.ts";
import { AddressError } from "./http-addresses.ts";
import { HttpCommands } from "./http-commands.ts";
import { HttpRefusal, toClosing } from "./http-refusal.ts";
import { HttpRequests } from "./http-requests.ts";
import { type Link, type LinkContext, type LinkOwner, LOST } from "./link.ts";

export abstract class HttpLink implements Link {
  protected readonly context: LinkContext;
  protected readonly requests: HttpRequests;
  /** Undefined once it is over. */
  protected owner: LinkOwner | undefined;
  readonly #commands: HttpCommands;

  constructor(context: LinkContext, owner: LinkOwner) {
    this.context = context;
    this.owner = owner;
    this.requests = new HttpRequests(context);
    this.#commands = new HttpCommands(context, {
      replied: (text) => this.owner?.linkSaid(text),
      lost: () => this.#close(LOST),
    });
  }

  get credential(): string | undefined {
    return this.requests.credential;
  }

  open(): void {
    void this.#run();
  }

  send(text: string): void {
    this.#commands.send(text);
  }

  drop(): void {
    this.owner = undefined;
    this.requests.abort();
    this.#commands.drop();
  }

  /** Listen, and tell the owner, until the link ends; what is thrown says why. */
  protected abstract follow(): Promise<void>;

  async #run(): Promise<void> {
    try {
      await this.follow();
      this.#close(LOST);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof CredentialError || error instanceof AddressError) {
      const heard = this.owner;
      this.drop();
      heard?.linkFailed(error);
    } else if (error instanceof HttpRefusal) {
      const { closing, closeCode } = toClosing(error);
      this.owner?.linkSaid(JSON.stringify(closing));
      this.#close(closeCode);
    } else this.#close(LOST);
  }

  #close(code: number): void {
    const heard = this.owner;
    this.drop();
    heard?.linkClosed(code);
  }
}

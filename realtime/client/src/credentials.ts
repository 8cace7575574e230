/** Ask the page for tickets or tokens, and never show the server one that it has refused as expired. */

import type { OwnReason } from "./closing.ts";

/**
 * Gives a fresh credential: a one-time ticket (`ticket.…`) or a JWT access token; null when nobody is signed in any
 * more. Asked anew for each connection, each refresh and each HTTP request.
 */
export type GetToken = () => string | null | Promise<string | null>;

/** The page had no credential to give: `signed_out` ends the socket, the others are tried again. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
  readonly code: OwnReason & ("signed_out" | "token_unavailable" | "token_expired");

  constructor(code: CredentialError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Expired credentials to remember: more than a page can have in use at once. */
const REMEMBERED = 8;

export class Credentials {
  readonly #getToken: GetToken;
  readonly #expired = new Set<string>();

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** @throws CredentialError when there is none, or only one that has expired. */
  async get(): Promise<string> {
    const credential = await this.#ask();
    if (credential === null) throw new CredentialError("signed_out", "Nobody is signed in.");
    if (this.#expired.has(credential)) throw new CredentialError("token_expired", "The token is still an expired one.");
    return credential;
  }

  /** The server says that this one has expired. */
  markExpired(credential: string): void {
    this.#expired.add(credential);
    const [oldest] = this.#expired;
    if (this.#expired.size > REMEMBERED && oldest !== undefined) this.#expired.delete(oldest);
  }

  async #ask(): Promise<string | null> {
    try {
      return await this.#getToken();
    } catch (cause) {
      throw new CredentialError("token_unavailable", "No token could be had.", { cause });
    }
  }
}

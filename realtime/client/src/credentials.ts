/** Ask the page for tickets or tokens, and never show the server one that it has just refused as expired. */

/**
 * Gives a fresh credential: a one-time ticket (`ticket.…`) or a JWT access token; null when nobody is signed in any
 * more. Asked anew for each connection and each refresh.
 */
export type GetToken = () => string | null | Promise<string | null>;

/** The page had no credential to give: `signed_out` ends the socket, the others are tried again. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
  readonly code: "signed_out" | "token_unavailable" | "token_expired";

  constructor(code: CredentialError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export class Credentials {
  readonly #getToken: GetToken;
  #last: string | undefined;
  #expired: string | undefined;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** @throws CredentialError when there is none, or only the one that has expired. */
  async get(): Promise<string> {
    const credential = await this.#ask();
    if (credential === null) throw new CredentialError("signed_out", "Nobody is signed in.");
    if (credential === this.#expired) throw new CredentialError("token_expired", "The token is still the expired one.");
    this.#last = credential;
    return credential;
  }

  /** The server says that the last one has expired. */
  markExpired(): void {
    this.#expired = this.#last;
  }

  async #ask(): Promise<string | null> {
    try {
      return await this.#getToken();
    } catch (cause) {
      throw new CredentialError("token_unavailable", "No token could be had.", { cause });
    }
  }
}

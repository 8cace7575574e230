/** The addresses of one socket, over whatever transport; asked anew for each connection. */

import { AddressError, findHttpAddresses, type HttpAddresses } from "./http-addresses.ts";
import type { UrlSource } from "./socket-types.ts";

export class Addresses {
  readonly #url: UrlSource;
  readonly #findHttp: (url: string) => HttpAddresses;
  #hasHttp = true;

  /**
   * @param paths where the HTTP addresses are, below that of the topic in the API.
   * @param given HTTP addresses that do not follow from the socket's.
   */
  constructor(
    url: UrlSource,
    baseUrl: string | undefined,
    paths: HttpAddresses,
    given: Partial<HttpAddresses> | undefined,
  ) {
    this.#url = url;
    this.#findHttp = (socketUrl) => findHttpAddresses(socketUrl, baseUrl, paths, given);
  }

  /** Whether there are HTTP addresses beside the last URL that was asked for. */
  get hasHttp(): boolean {
    return this.#hasHttp;
  }

  /** Return the URL of the socket. */
  async socket(): Promise<string> {
    const url = typeof this.#url === "string" ? this.#url : await this.#url();
    try {
      this.#findHttp(url);
      this.#hasHttp = true;
    } catch {
      this.#hasHttp = false;
    }
    return url;
  }

  /** @throws AddressError when there are none, or the socket's URL could not be had. */
  async http(): Promise<HttpAddresses> {
    try {
      return this.#findHttp(await this.socket());
    } catch (cause) {
      throw cause instanceof AddressError ? cause : new AddressError("The URL could not be had.", { cause });
    }
  }
}

/** The requests of one HTTP link: each with a fresh credential, all of them ended together. */

import { addPosition, type Position } from "./address.ts";
import { AddressError, type HttpAddresses } from "./http-addresses.ts";
import { readRefusal } from "./http-refusal.ts";
import type { LinkContext } from "./link.ts";

/** What is asked, and how. */
export interface HttpRequest {
  readonly position?: Position | undefined;
  /** Longest time that the server may hold the answer back, in seconds. */
  readonly waitSeconds?: number;
  /** Makes it a POST of JSON. */
  readonly body?: string;
}

export class HttpRequests {
  readonly #context: LinkContext;
  readonly #leaving = new AbortController();
  /** The one that was shown last. */
  credential: string | undefined;

  constructor(context: LinkContext) {
    this.#context = context;
  }

  /**
   * Return a good answer.
   *
   * @throws CredentialError when there is no credential.
   * @throws AddressError when there is no address.
   * @throws HttpRefusal when the server refuses.
   * @throws TypeError when nothing, or nothing of the server's own, came back.
   */
  async send(where: keyof HttpAddresses, { position, waitSeconds, body }: HttpRequest = {}): Promise<Response> {
    const { credentials, addresses, environment } = this.#context;
    const { fetch } = environment;
    if (fetch === undefined) throw new AddressError("There is no fetch here.");
    const credential = await credentials.get();
    const url = new URL((await addresses.http())[where]);
    addPosition(url, position);
    if (waitSeconds !== undefined) url.searchParams.set("wait", String(waitSeconds));
    this.credential = credential;
    const headers: Record<string, string> = { Authorization: `Bearer ${credential}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(url.href, {
      method: body === undefined ? "GET" : "POST",
      headers,
      body: body ?? null,
      cache: "no-store",
      signal: this.#leaving.signal,
    });
    if (response.ok) return response;
    throw (await readRefusal(response)) ?? new TypeError(`Something on the way answered ${response.status}.`);
  }

  /** End all of them. */
  abort(): void {
    this.#leaving.abort();
  }
}

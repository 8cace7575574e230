/** A part of the page that the server renders, fetched anew whenever it no longer shows what it should. */

import { ApiError } from "./api.ts";
import { refreshFragments } from "./fragments.ts";

/** Wait before a part is asked for again, when the server could not give it, in milliseconds. */
const RETRY_MS = 3_000;

export interface PanelOptions {
  readonly url: string;
  /** What the part in the page reflects already. */
  readonly key: string;
  /** Called with the fresh parts once they are in the page. */
  readonly onFresh: (parts: readonly HTMLElement[]) => void;
  /** Fetches the address and swaps its parts in; `refreshFragments` unless a test brings its own. */
  readonly fetchParts?: (url: string) => Promise<readonly HTMLElement[]>;
}

export class LivePanel {
  readonly #options: PanelOptions;
  /** What the part should reflect, and what it reflects; null when nobody can say. */
  #wanted: string;
  #shown: string | null;
  #isFetching = false;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#wanted = this.#shown = options.key;
  }

  /** Make the part reflect what `key` names; an empty key names nothing that could be fetched. */
  follow(key: string): void {
    this.#wanted = key;
    if (key === "") this.#shown = "";
    else void this.#catchUp();
  }

  /** Fetch it although nothing is known to have changed. */
  refresh(): void {
    this.#shown = null;
    void this.#catchUp();
  }

  /** One request at a time; what changed meanwhile is fetched by one more. */
  async #catchUp(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      while (this.#shown !== this.#wanted) await this.#fetch();
    } catch (error) {
      if (isTemporary(error)) setTimeout(() => void this.#catchUp(), RETRY_MS);
    } finally {
      this.#isFetching = false;
    }
  }

  async #fetch(): Promise<void> {
    const key = this.#wanted;
    const { url, onFresh, fetchParts = refreshFragments } = this.#options;
    const parts = await fetchParts(url);
    this.#shown = key;
    onFresh(parts);
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

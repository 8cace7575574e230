/** Texts that were typed and not saved, kept in this browser so that a closed tab loses nothing. */

export interface Draft {
  readonly text: string;
  /** Version of the section that was being edited. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

const PREFIX = "tenderwire.section.";

export class DraftStore {
  readonly #key: string;
  readonly #storage: Storage | null;

  /** @param storage null where the browser keeps nothing: then nothing is kept. */
  constructor(sectionId: string, storage: Storage | null) {
    this.#key = `${PREFIX}${sectionId}`;
    this.#storage = storage;
  }

  read(): Draft | null {
    try {
      const draft = JSON.parse(this.#storage?.getItem(this.#key) ?? "null") as Draft | null;
      return typeof draft?.text === "string" && typeof draft.version === "number" ? draft : null;
    } catch {
      return null;
    }
  }

  write(draft: Draft): void {
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(draft));
    } catch {
      // The storage is full: the text is still in the page.
    }
  }

  drop(): void {
    this.#storage?.removeItem(this.#key);
  }
}

/** The browser's storage; null where the browser refuses it. */
export function findStorage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

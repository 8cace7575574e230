import { describe, expect, test } from "vitest";

import { shorten } from "../src/difference.ts";
import { DraftStore } from "../src/draft-store.ts";
import { countWords, sayWords } from "../src/words.ts";

/** A browser's storage that may be full. */
class FakeStorage implements Storage {
  readonly #items = new Map<string, string>();
  isFull = false;

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  key(): string | null {
    return null;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.isFull) throw new DOMException("full", "QuotaExceededError");
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

describe("words", () => {
  test.each([
    ["", 0],
    ["Notre équipe compte 12 ingénieurs.", 5],
    ["**L’acheteur** : rendez-vous, 1 h 30", 5],
    ["- | — … !", 0],
    ["Nous [à compléter : effectif [au 1er mai]] sommes", 2],
    ["👩‍💻 cœur", 1],
  ])("of %j: %i", (text, count) => {
    expect(countWords(text)).toBe(count);
  });

  test("are said in the singular and the plural", () => {
    expect([sayWords(0), sayWords(1), sayWords(2)]).toEqual(["0 mot", "1 mot", "2 mots"]);
  });
});

describe("a draft", () => {
  const draft = { text: "Un texte", version: 3, savedAt: 12 };

  test("is kept for its own section until it is dropped", () => {
    const storage = new FakeStorage();
    const drafts = new DraftStore("a", storage);

    drafts.write(draft);

    expect(new DraftStore("a", storage).read()).toEqual(draft);
    expect(new DraftStore("b", storage).read()).toBeNull();
    drafts.drop();
    expect(drafts.read()).toBeNull();
  });

  test("is nothing where the browser keeps nothing, is full, or holds nonsense", () => {
    const full = new FakeStorage();
    full.isFull = true;
    const odd = new FakeStorage();
    odd.setItem("tenderwire.section.a", "{");

    for (const storage of [null, full, odd]) {
      const drafts = new DraftStore("a", storage);
      if (storage !== odd) drafts.write(draft);
      expect(drafts.read()).toBeNull();
    }
  });
});

describe("a difference", () => {
  const long = "mot ".repeat(200);

  test("shows all that changed and only the ends of what did not", () => {
    const pieces = shorten([
      { change: "equal", text: long },
      { change: "delete", text: long },
      { change: "equal", text: long },
      { change: "insert", text: "fin" },
      { change: "equal", text: long },
    ]);

    expect(pieces.map(({ change }) => change)).toEqual(["equal", "delete", "equal", "insert", "equal"]);
    expect(pieces[0]?.text.startsWith("\n[…]\n")).toBe(true);
    expect(pieces[1]?.text).toBe(long);
    expect(pieces[2]?.text).toMatch(/^mot .*mot \n\[…\]\n mot .*mot $/s);
    expect(pieces[4]?.text.endsWith("\n[…]\n")).toBe(true);
  });

  test("leaves short pieces as they are", () => {
    const pieces = [{ change: "equal", text: "court" }] as const;

    expect(shorten(pieces)).toEqual(pieces);
  });
});

/** A `sessionStorage` with room for one value. */

import type { StorageLike } from "../src/environment.ts";

export class FakeStorage implements StorageLike {
  value: string | null = null;
  /** Whether it throws, as some browsers' do. */
  isBroken = false;

  getItem(): string | null {
    this.#check();
    return this.value;
  }

  setItem(_key: string, value: string): void {
    this.#check();
    this.value = value;
  }

  #check(): void {
    if (this.isBroken) throw new DOMException("Not here.", "SecurityError");
  }
}

/** Choose a passage of the library for a requirement that somebody answers by hand. */

import { ApiError, post } from "./api.ts";
import { announce, need, setText } from "./dom.ts";
import { refreshFragments } from "./fragments.ts";

/** A pause in the typing, in milliseconds, after which the library is searched. */
const PAUSE_MS = 250;

export interface PickedFor {
  /** The button that asked; known again by its id once its row is fresh. */
  readonly openerId: string;
  readonly requirementId: string;
  readonly code: string;
  readonly text: string;
}

export class PassagePicker {
  readonly #dialog = need<HTMLDialogElement>("[data-picker]");
  readonly #search = need<HTMLInputElement>("[data-picker-search]", this.#dialog);
  readonly #matrixUrl: string;
  readonly #onAttached: (requirementId: string) => Promise<void>;
  #requirementId = "";
  #openerId = "";
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Tells the answer to the newest search from a late one. */
  #asked = 0;

  /** @param onAttached called once the passage is attached, before the dialog closes. */
  constructor(matrixUrl: string, onAttached: (requirementId: string) => Promise<void>) {
    this.#matrixUrl = matrixUrl;
    this.#onAttached = onAttached;
    need("[data-picker-close]", this.#dialog).addEventListener("click", () => this.#dialog.close());
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => void this.#find(), PAUSE_MS);
    });
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
  }

  open({ openerId, requirementId, code, text }: PickedFor): void {
    this.#openerId = openerId;
    this.#requirementId = requirementId;
    setText(need("[data-picker-code]", this.#dialog), code);
    setText(need("[data-picker-requirement]", this.#dialog), text);
    this.#search.value = "";
    this.#dialog.showModal();
    this.#search.focus();
    void this.#find();
  }

  #clicked({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-picker-choose]") : null;
    if (button !== null) void this.#attach(button.dataset["pickerChoose"] ?? "");
  }

  async #find(): Promise<void> {
    const asked = (this.#asked += 1);
    const query = new URLSearchParams({ q: this.#search.value.trim() });
    await this.#try(async () => {
      await refreshFragments(
        `${this.#matrixUrl}${this.#requirementId}/passages/?${query}`,
        () => asked === this.#asked,
      );
    });
  }

  async #attach(itemId: string): Promise<void> {
    await this.#try(async () => {
      await post(`/api/requirements/${this.#requirementId}/matches/`, { item_id: itemId });
      await this.#onAttached(this.#requirementId);
      this.#dialog.close();
      document.getElementById(this.#openerId)?.focus({ preventScroll: true });
      announce("Passage joint.");
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    const problem = need("[data-picker-problem]", this.#dialog);
    setText(problem, "");
    try {
      await act();
    } catch (error) {
      setText(problem, error instanceof ApiError ? error.message : String(error));
    }
  }
}

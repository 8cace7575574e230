/**
 * The editor of a section's text. Nobody overwrites what they have not seen: a text is saved over the version that it
 * was made from, and if another one is there by now, both are shown.
 */

import { ApiError, get, post, send } from "./api.ts";
import { type Piece, showDifference } from "./difference.ts";
import { need, setText } from "./dom.ts";
import type { DraftStore } from "./draft-store.ts";
import { formatDuration, formatNumber } from "./format.ts";
import { countWords } from "./words.ts";

/** Wait after the last key before the draft is kept, in milliseconds. */
const DRAFT_PAUSE_MS = 400;

interface Saved {
  readonly text: string;
  readonly version: number;
}

export interface EditorOptions {
  readonly sectionId: string;
  readonly wordsBudget: number;
  readonly drafts: DraftStore;
  /** Called when the editor opens and closes. */
  readonly onOpen: (isOpen: boolean) => void;
  /** Called when a text was stored. */
  readonly onSaved: () => void;
}

export class SectionEditor {
  readonly #root = need("[data-editor]");
  readonly #options: EditorOptions;
  readonly #url: string;
  readonly #area = need<HTMLTextAreaElement>("[data-editor-text]");
  /** What the text in the editor was made from; null while the editor is closed. */
  #base: Saved | null = null;
  #conflict: Saved | null = null;
  #isSaving = false;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#url = `/api/sections/${options.sectionId}/`;
    this.#area.addEventListener("input", () => this.#typed());
    this.#on("save", () => this.#save());
    this.#on("close", () => this.close());
    this.#on("draft-use", () => this.#useDraft());
    this.#on("draft-drop", () => this.#dropDraft());
    this.#on("compare", () => this.#compareWithNewest());
    this.#listen("[data-conflict-merge]", () => this.#merge());
    this.#listen("[data-conflict-theirs]", () => this.#takeTheirs());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => this.#isDirty() && event.preventDefault());
    addEventListener("pagehide", () => this.#keepDraft());
  }

  get isOpen(): boolean {
    return this.#base !== null;
  }

  /** @throws ApiError when the section could not be read. */
  async open(): Promise<void> {
    this.#start(await this.#read());
    this.#root.hidden = false;
    this.#options.onOpen(true);
    this.#offerDraft();
    this.#area.focus();
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollTop = 0;
  }

  /** Close it; a text that was not saved is kept in this browser. */
  close(): void {
    this.#keepDraft();
    this.#base = null;
    this.#root.hidden = true;
    this.#showConflict(null);
    this.#options.onOpen(false);
  }

  /** The section has a version that came from somebody else, or from this editor's own saving. */
  follow(version: number): void {
    if (this.#base === null || this.#isSaving || version <= this.#base.version) return;
    if (this.#isDirty()) this.#part("changed").hidden = this.#conflict !== null;
    else void this.#attempt(async () => this.#start(await this.#read()));
  }

  #part<T extends HTMLElement = HTMLElement>(name: string): T {
    return need<T>(`[data-editor-${name}]`, this.#root);
  }

  #on(name: string, act: () => unknown): void {
    this.#listen(`[data-editor-${name}]`, act);
  }

  #listen(selector: string, act: () => unknown): void {
    need(selector, this.#root).addEventListener("click", () => void this.#attempt(act));
  }

  /** Whatever goes wrong is said, and the text stays. */
  async #attempt(act: () => unknown): Promise<void> {
    this.#say("problem", "");
    try {
      await act();
    } catch (error) {
      this.#say("problem", error instanceof Error ? error.message : String(error));
    }
  }

  async #read(): Promise<Saved> {
    const { text, version } = (await get(this.#url)) as Saved;
    return { text, version };
  }

  /** Begin anew from a stored text. */
  #start(saved: Saved): void {
    this.#base = saved;
    this.#area.value = saved.text;
    this.#part("changed").hidden = true;
    this.#part("draft").hidden = true;
    this.#showConflict(null);
    this.#say("problem", "");
    this.#render();
  }

  #isDirty(): boolean {
    return this.#base !== null && this.#area.value !== normalise(this.#base.text);
  }

  #typed(): void {
    this.#render();
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => this.#keepDraft(), DRAFT_PAUSE_MS);
  }

  #render(): void {
    const words = countWords(this.#area.value);
    setText(this.#part("words"), formatNumber(words));
    this.#part("words").classList.toggle("over", words > this.#options.wordsBudget);
    this.#say("state", this.#describe());
    this.#part<HTMLButtonElement>("save").disabled = this.#isSaving || !this.#isDirty() || this.#conflict !== null;
  }

  #describe(): string {
    if (this.#isSaving) return "Enregistrement…";
    if (this.#isDirty()) return "Modifications non enregistrées";
    return (this.#base?.version ?? 0) > 0 ? `Version ${this.#base?.version ?? 0}, à jour` : "";
  }

  #say(name: string, sentence: string): void {
    setText(this.#part(name), sentence);
  }

  #pressed(event: KeyboardEvent): void {
    if (!this.isOpen || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void this.#attempt(() => this.#save());
  }

  async #save(): Promise<void> {
    const base = this.#base;
    if (base === null || this.#isSaving || !this.#isDirty() || this.#conflict !== null) return;
    const text = this.#area.value;
    this.#keepDraft();
    this.#setSaving(true);
    try {
      const { version } = (await send("PATCH", this.#url, { text, version: base.version })) as Saved;
      this.#base = { text, version };
      this.#part("changed").hidden = true;
      // What was typed during the request is kept as a new draft.
      this.#keepDraft();
      this.#options.onSaved();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "section_changed") throw error;
      await this.#showConflict(readTheirs(error), error.details["author"]?.[0] ?? "");
    } finally {
      this.#setSaving(false);
    }
  }

  #setSaving(isSaving: boolean): void {
    this.#isSaving = isSaving;
    this.#render();
  }

  async #compareWithNewest(): Promise<void> {
    await this.#showConflict(await this.#read(), "");
    this.#render();
  }

  /** Show both texts; null for none. */
  async #showConflict(theirs: Saved | null, author = ""): Promise<void> {
    this.#conflict = theirs;
    const view = need("[data-conflict]", this.#root);
    view.hidden = theirs === null;
    if (theirs === null) return;
    this.#part("changed").hidden = true;
    setText(need("[data-conflict-author]", view), author === "" ? "quelqu’un d’autre" : author);
    setText(need("[data-conflict-version]", view), String(theirs.version));
    const answer = (await post(`${this.#url}diff/`, { text: this.#area.value })) as {
      readonly pieces: readonly Piece[];
    };
    showDifference(need("[data-conflict-text]", view), answer.pieces);
    view.scrollIntoView({ block: "nearest" });
  }

  /** Go on with one's own text; what is saved next replaces the version that was just seen. */
  #merge(): void {
    this.#base = this.#conflict;
    void this.#showConflict(null);
    this.#keepDraft();
    this.#render();
    this.#area.focus();
  }

  /** Go on with the stored text; one's own is offered as a draft. */
  #takeTheirs(): void {
    const theirs = this.#conflict;
    if (theirs === null) return;
    this.#keepDraft();
    this.#start(theirs);
    this.#offerDraft();
    this.#area.focus();
  }

  #keepDraft(): void {
    clearTimeout(this.#draftTimer);
    const { drafts } = this.#options;
    // An older draft that nobody has decided on is not overwritten.
    if (this.#base === null || !this.#part("draft").hidden) return;
    if (this.#isDirty()) drafts.write({ text: this.#area.value, version: this.#base.version, savedAt: Date.now() });
    else drafts.drop();
  }

  #offerDraft(): void {
    const draft = this.#options.drafts.read();
    const isNews = draft !== null && normalise(draft.text) !== this.#area.value;
    this.#part("draft").hidden = !isNews;
    if (draft !== null) this.#say("draft-age", `il y a ${formatDuration((Date.now() - draft.savedAt) / 1000)}`);
  }

  /** It was made from another version if one was saved since: saving it then shows both. */
  #useDraft(): void {
    const draft = this.#options.drafts.read();
    if (draft === null || this.#base === null) return;
    this.#area.value = draft.text;
    this.#base = { ...this.#base, version: draft.version };
    this.#part("draft").hidden = true;
    this.#render();
    this.#area.focus();
  }

  #dropDraft(): void {
    this.#options.drafts.drop();
    this.#part("draft").hidden = true;
    this.#area.focus();
  }
}

function readTheirs({ details }: ApiError): Saved {
  return { text: details["text"]?.[0] ?? "", version: Number(details["version"]?.[0] ?? 0) };
}

/** A text area has no other ends of lines. */
function normalise(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

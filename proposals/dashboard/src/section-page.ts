/** The page of one section: reads, shows what is being written, and hands over to the editor. */

import { ProjectSocket, type ProjectState, type SectionState } from "../../../realtime/client/src/index.ts";
import { get, post } from "./api.ts";
import { everySecond } from "./clock.ts";
import { ConnectionPill } from "./connection-pill.ts";
import { type Piece, showDifference } from "./difference.ts";
import { announce, need, setText } from "./dom.ts";
import { DraftStore, findStorage } from "./draft-store.ts";
import { LivePanel } from "./live-panel.ts";
import { LiveText } from "./live-text.ts";
import type { SectionConfig } from "./section-config.ts";
import { SectionEditor } from "./section-editor.ts";
import { SourceCard } from "./source-card.ts";
import { getTicket } from "./ticket.ts";

const GONE = "Cette section a été retirée du plan.";
const REWRITE = "Rédiger à nouveau cette section ? Le texte actuel restera dans les versions.";
const REWRITE_EDITED =
  "Cette section a été modifiée par une personne. La rédiger à nouveau ? Le texte actuel restera dans les versions.";

export class SectionPage {
  readonly #root = need("[data-section-page]");
  readonly #config: SectionConfig;
  readonly #url: string;
  readonly #socket: ProjectSocket;
  readonly #pill = new ConnectionPill();
  readonly #live = new LiveText(need("[data-writing]"));
  readonly #editor: SectionEditor;
  readonly #panel: LivePanel;
  #section: SectionState;
  #generationId: string | null = null;
  #showsSources = true;
  #isAsking = false;

  constructor(config: SectionConfig) {
    this.#config = config;
    this.#url = `/api/sections/${config.section_id}/`;
    this.#section = config.section;
    this.#panel = new LivePanel({
      url: config.panel_url,
      key: keyOf(config.section),
      onFresh: () => this.#refreshed(),
    });
    this.#editor = new SectionEditor({
      sectionId: config.section_id,
      wordsBudget: config.section.words_budget,
      drafts: new DraftStore(config.section_id, findStorage()),
      onOpen: (isOpen) => this.#showEditor(isOpen),
      onSaved: () => announce("Texte enregistré."),
    });
    new SourceCard(this.#root, need("[data-source-card]"));
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    this.#root.addEventListener("change", (event) => this.#changed(event));
    this.#live.show(config.section);
    this.#socket = this.#connect();
    everySecond(() => this.#pill.show(this.#socket.connection));
  }

  #connect(): ProjectSocket {
    const socket = new ProjectSocket({ url: `/ws/projects/${this.#config.project_id}`, getToken: getTicket });
    socket.on("state", (state) => this.#follow(state));
    socket.on("connection", (connection) => {
      this.#pill.show(connection);
      this.#root.dataset["live"] = String(connection.state === "live");
    });
    return socket;
  }

  #follow({ sections, operations }: ProjectState): void {
    const generation = operations.find(({ kind, finished_at }) => kind === "generation" && finished_at === null);
    this.#generationId = generation?.status === "cancelling" ? null : (generation?.operation_id ?? null);
    need("[data-cancel]").hidden = this.#generationId === null;
    const section = sections.find(({ section_id }) => section_id === this.#config.section_id);
    if (section === undefined) this.#vanish();
    else this.#show(section);
  }

  #show(section: SectionState): void {
    const before = this.#section;
    this.#section = section;
    this.#live.show(section);
    this.#panel.follow(keyOf(section));
    this.#editor.follow(section.version);
    if (before.status === "writing" && section.status === "written") announce("La section est rédigée.");
  }

  #vanish(): void {
    this.#live.hide();
    this.#complain(GONE);
    for (const button of this.#root.querySelectorAll<HTMLButtonElement>("[data-actions] button"))
      button.disabled = true;
  }

  #refreshed(): void {
    this.#showEditor(this.#editor.isOpen);
    const toggle = this.#root.querySelector<HTMLInputElement>("[data-show-sources]");
    if (toggle !== null) toggle.checked = this.#showsSources;
  }

  #showEditor(isOpen: boolean): void {
    const edit = this.#root.querySelector<HTMLButtonElement>("[data-edit]");
    edit?.setAttribute("aria-expanded", String(isOpen));
    this.#root.classList.toggle("is-editing", isOpen);
    if (!isOpen && document.activeElement === document.body) edit?.focus();
  }

  #changed({ target }: Event): void {
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-show-sources]")) return;
    this.#showsSources = target.checked;
    this.#root.classList.toggle("hides-sources", !target.checked);
  }

  #clicked({ target }: Event): void {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>("button") : null;
    if (button !== null && !button.disabled) void this.#attempt(() => this.#act(button));
  }

  async #act({ dataset }: HTMLButtonElement): Promise<void> {
    if ("edit" in dataset) await this.#editor.open();
    if ("write" in dataset) await this.#write(dataset["edited"] === "true");
    if ("cancel" in dataset) await post(`/api/operations/${this.#generationId ?? ""}/cancel/`);
    const { lock, versionCompare, versionRestore } = dataset;
    if (lock !== undefined) await post(`${this.#url}${lock}/`);
    if (versionCompare !== undefined) await this.#compare(versionCompare);
    if (versionRestore !== undefined) await this.#restore(versionRestore);
  }

  /** One thing at a time; what goes wrong is said. */
  async #attempt(act: () => Promise<void>): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#complain("");
    try {
      await act();
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isAsking = false;
    }
  }

  #complain(sentence: string): void {
    const problem = need("[data-problem]");
    problem.hidden = sentence === "";
    setText(problem, sentence);
  }

  /** Asked twice with the same key, it is done once. */
  async #write(isEdited: boolean): Promise<void> {
    if (this.#section.version > 0 && !confirm(isEdited ? REWRITE_EDITED : REWRITE)) return;
    const order = { kind: "generation", section_ids: [this.#config.section_id] };
    const key = { "Idempotency-Key": crypto.randomUUID() };
    await post(`/api/projects/${this.#config.project_id}/operations/`, order, key);
  }

  async #compare(number: string): Promise<void> {
    const current = this.#section.version;
    const answer = (await get(`${this.#url}diff/?from=${number}&to=${current}`)) as {
      readonly pieces: readonly Piece[];
    };
    setText(need("[data-difference-title]"), `De la version ${number} à la version ${current}`);
    showDifference(need("[data-difference-text]"), answer.pieces);
    need<HTMLDialogElement>("[data-difference]").showModal();
  }

  async #restore(number: string): Promise<void> {
    if (!confirm(`Rétablir la version ${number} ? Le texte actuel restera dans les versions.`)) return;
    await post(`${this.#url}versions/${number}/restore/`, { version: this.#section.version });
  }
}

/** What the parts that the server renders depend on; the text as it is written is none of it. */
function keyOf({ text, ...shown }: SectionState): string {
  return JSON.stringify(shown);
}

/** The page of the plan: sections are added, removed, moved, measured, given requirements, then saved as a whole. */

import {
  type OperationState,
  ProjectSocket,
  type ProjectState,
  type SectionState,
} from "../../../realtime/client/src/index.ts";
import { ApiError, get, post, send } from "./api.ts";
import { everySecond } from "./clock.ts";
import { ConnectionPill } from "./connection-pill.ts";
import { announce, make, need, setText } from "./dom.ts";
import { formatNumber } from "./format.ts";
import * as model from "./plan-model.ts";
import type { Plan, PlanLimits, PlanSection, Requirement } from "./plan-model.ts";
import { makeRows } from "./plan-row.ts";
import { getTicket } from "./ticket.ts";
import { sayWords } from "./words.ts";

interface PlanAnswer {
  readonly plan_version: string;
  readonly page_limit: number | null;
  readonly sections: readonly Omit<PlanSection, "key">[];
}

export interface PlanConfig extends PlanAnswer, PlanLimits {
  readonly project_id: string;
  readonly title: string;
  readonly project_url: string;
  readonly requirements: readonly Requirement[];
  readonly status_labels: Readonly<Record<string, string>>;
}

const DISCARD = "Vos modifications du plan ne sont pas enregistrées. Les abandonner ?";
const REPLACE = "Les sections qui ne sont pas encore rédigées seront remplacées par le plan proposé. Continuer ?";
const REMOVE_WRITTEN = "Cette section est déjà rédigée : son texte et toutes ses versions seront supprimés avec elle.";

export function readPlanConfig(): PlanConfig {
  return JSON.parse(need("#plan-config").textContent ?? "") as PlanConfig;
}

export class PlanPage {
  readonly #root = need("[data-plan-page]");
  readonly #rows = need("[data-plan-rows]");
  readonly #config: PlanConfig;
  readonly #url: string;
  readonly #socket: ProjectSocket;
  readonly #pill = new ConnectionPill();
  readonly #unfolded = new Set<string>();
  #limits: PlanLimits;
  #version: string;
  /** The plan as it is stored, and as the person has it. */
  #stored: Plan;
  #plan: Plan;
  #added = 0;
  #isBusy = false;
  #isAsking = false;
  /** What the sections' events said last; null before the first. */
  #outline: string | null = null;
  /** A change was told while a request was under way. */
  #hasNews = false;

  constructor(config: PlanConfig) {
    this.#config = config;
    this.#url = `/api/projects/${config.project_id}/`;
    this.#limits = config;
    this.#version = config.plan_version;
    this.#stored = this.#plan = withKeys(config.sections);
    this.#listen();
    this.#render();
    this.#socket = new ProjectSocket({ url: `/ws/projects/${config.project_id}`, getToken: getTicket });
    this.#socket.on("state", (state) => this.#follow(state));
    this.#socket.on("connection", (connection) => {
      this.#pill.show(connection);
      this.#root.dataset["live"] = String(connection.state === "live");
    });
    everySecond(() => this.#pill.show(this.#socket.connection));
  }

  #listen(): void {
    const on = (name: string, act: () => unknown): void =>
      need(`[data-${name}]`, this.#root).addEventListener("click", () => void this.#attempt(act));
    on("plan-add", () => this.#add());
    on("plan-save", () => this.#save());
    on("plan-start", () => this.#start());
    on("plan-reload", () => this.#reload());
    on("propose", () => this.#propose());
    this.#rows.addEventListener("click", ({ target }) => this.#clicked(target));
    this.#rows.addEventListener("keydown", (event) => this.#pressed(event));
    addEventListener("beforeunload", (event) => this.#isDirty() && event.preventDefault());
  }

  #clicked(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-act]") : null;
    const key = button?.closest<HTMLElement>("[data-key]")?.dataset["key"];
    if (button === null || key === undefined) return;
    switch (button.dataset["act"]) {
      case "up":
        return this.#move(key, -1);
      case "down":
        return this.#move(key, 1);
      case "remove":
        return this.#remove(key);
      case "unfold":
        if (!this.#unfolded.delete(key)) this.#unfolded.add(key);
        return this.#render();
    }
  }

  #pressed(event: KeyboardEvent): void {
    const key = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key]")?.dataset["key"] : "";
    if (key === undefined || key === "" || !event.altKey || this.#isBusy) return;
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#move(key, event.key === "ArrowUp" ? -1 : 1);
  }

  #move(key: string, steps: -1 | 1): void {
    this.#setPlan(model.move(this.#plan, key, steps));
    const place = this.#plan.findIndex((section) => section.key === key) + 1;
    announce(`Section ${place} sur ${this.#plan.length}.`);
  }

  #add(): void {
    this.#added += 1;
    const key = `new-${this.#added}`;
    this.#setPlan(model.add(this.#plan, key));
    need(`#title-${key}`).focus();
  }

  #remove(key: string): void {
    const section = this.#plan.find((candidate) => candidate.key === key);
    if (section !== undefined && section.version > 0 && !confirm(REMOVE_WRITTEN)) return;
    const place = this.#plan.findIndex((candidate) => candidate.key === key);
    this.#setPlan(model.remove(this.#plan, key));
    const next = this.#plan[Math.min(place, this.#plan.length - 1)];
    const focused = next === undefined ? "[data-plan-add]" : `#title-${CSS.escape(next.key)}`;
    need(focused, this.#root).focus();
    announce("Section retirée du plan ; rien n’est encore enregistré.");
  }

  #setPlan(plan: Plan): void {
    this.#plan = plan;
    this.#render();
  }

  /** A field was typed into: everything but the field itself is shown anew. */
  #typed(plan: Plan): void {
    this.#plan = plan;
    this.#renderSummary();
  }

  #isDirty(): boolean {
    return !model.isSame(this.#plan, this.#stored);
  }

  #render(): void {
    const focused = document.activeElement?.id ?? "";
    const last = this.#plan.length;
    const rows = this.#plan.flatMap((section, index) => {
      const place = { number: index + 1, isLast: index + 1 === last, isUnfolded: this.#unfolded.has(section.key) };
      return makeRows(section, place, this.#rowContext());
    });
    this.#rows.replaceChildren(...rows);
    need("[data-plan-empty]", this.#root).hidden = last > 0;
    this.#renderSummary();
    this.#refocus(focused);
  }

  #rowContext(): Parameters<typeof makeRows>[2] {
    return {
      requirements: this.#config.requirements,
      statusLabels: this.#config.status_labels,
      sectionsUrl: `${this.#config.project_url}sections/`,
      isDisabled: this.#isBusy,
      change: (key, fields) => this.#typed(model.change(this.#plan, key, fields)),
      assign: (key, id, isAssigned) => this.#setPlan(model.assign(this.#plan, key, id, isAssigned)),
    };
  }

  /** The rows are new: the keyboard goes where it was, or to the button's neighbour when that is off now. */
  #refocus(id: string): void {
    const twin = id === "" ? null : document.getElementById(id);
    if (!(twin instanceof HTMLElement) || twin === document.activeElement) return;
    const isOff = twin instanceof HTMLButtonElement && twin.disabled;
    (isOff ? twin.parentElement?.querySelector<HTMLElement>("button:not(:disabled)") : twin)?.focus();
  }

  #renderSummary(): void {
    const isDirty = this.#isDirty();
    const fault = model.findFault(this.#plan);
    this.#renderLength();
    this.#renderLoose();
    need<HTMLButtonElement>("[data-plan-add]").disabled = this.#isBusy;
    need<HTMLButtonElement>("[data-plan-save]").disabled = !isDirty || fault !== "" || this.#isBusy || this.#isAsking;
    const canStart = this.#plan.length > 0 && fault === "" && !this.#isBusy && !this.#isAsking;
    need<HTMLButtonElement>("[data-plan-start]").disabled = !canStart;
    need("[data-plan-busy]").hidden = !this.#isBusy;
    need("[data-plan-changed-loss]").hidden = !isDirty;
    setText(need("[data-plan-state]"), isDirty ? fault || "Modifications non enregistrées" : "");
  }

  #renderLength(): void {
    const { words, pages, share } = model.measure(this.#plan, this.#limits);
    const limit = this.#limits.page_limit;
    setText(need("[data-plan-length]"), `${sayWords(words)}, environ ${pages} pages`);
    need("[data-plan-bar]").toggleAttribute("hidden", share === null);
    const fill = need("[data-plan-fill]");
    fill.setAttribute("width", `${Math.min(100, Math.round((share ?? 0) * 100))}%`);
    fill.classList.toggle("measure__fill--poor", (share ?? 0) > 1);
    setText(need("[data-plan-length-hint]"), describeLimit(limit, share));
  }

  #renderLoose(): void {
    const loose = model.findLoose(this.#plan, this.#config.requirements);
    need("[data-plan-loose]").hidden = loose.length === 0;
    const many = loose.length > 1;
    setText(need("[data-plan-loose-count]"), `${formatNumber(loose.length)} exigence${many ? "s" : ""} sans section`);
    const items = loose.map(({ code, text }) => make("li", "", `${code} · ${text}`));
    need("[data-plan-loose-list]").replaceChildren(...items);
  }

  async #attempt(act: () => unknown): Promise<void> {
    if (this.#isAsking) return;
    this.#setAsking(true);
    setText(need("[data-plan-problem]"), "");
    try {
      await act();
    } catch (error) {
      if (error instanceof ApiError && error.code === "plan_changed") need("[data-plan-changed]").hidden = false;
      setText(need("[data-plan-problem]"), error instanceof Error ? error.message : String(error));
    } finally {
      this.#setAsking(false);
    }
  }

  #setAsking(isAsking: boolean): void {
    this.#isAsking = isAsking;
    this.#renderSummary();
    if (!isAsking && this.#hasNews) void this.#lookAgain();
  }

  async #save(): Promise<void> {
    const order = model.toOrder(this.#plan, this.#stored, this.#version);
    this.#take((await send("PUT", `${this.#url}plan/`, order)) as PlanAnswer);
    announce("Plan enregistré.");
  }

  async #propose(): Promise<void> {
    if (this.#isDirty() && !confirm(DISCARD)) return;
    if (this.#stored.length > 0 && !confirm(REPLACE)) return;
    this.#take((await post(`${this.#url}plan/propose/`, {})) as PlanAnswer);
    announce(`Plan proposé : ${this.#plan.length} sections.`);
  }

  async #start(): Promise<void> {
    if (this.#isDirty()) await this.#save();
    await post(`${this.#url}operations/`, { kind: "generation" }, { "Idempotency-Key": crypto.randomUUID() });
    location.assign(`${this.#config.project_url}#memoire`);
  }

  async #reload(): Promise<void> {
    this.#take((await get(`${this.#url}sections/`)) as PlanAnswer);
  }

  /** Show a stored plan in the place of the one that was edited. */
  #take(answer: PlanAnswer): void {
    this.#version = answer.plan_version;
    this.#limits = { ...this.#limits, page_limit: answer.page_limit };
    this.#stored = this.#plan = withKeys(answer.sections);
    need("[data-plan-changed]").hidden = true;
    this.#render();
  }

  #follow({ operations, sections }: ProjectState): void {
    const isBusy = operations.some(isGenerating);
    const outline = JSON.stringify(sections.map(outlineOf));
    const isNews = this.#outline === null || outline !== this.#outline;
    this.#outline = outline;
    if (isBusy !== this.#isBusy) {
      this.#isBusy = isBusy;
      this.#render();
    }
    this.#hasNews ||= isNews;
    if (this.#hasNews && !this.#isAsking) void this.#lookAgain();
  }

  /** Somebody changed a section, maybe this page: look whether the plan is still the one that is shown. */
  async #lookAgain(): Promise<void> {
    this.#hasNews = false;
    const answer = (await get(`${this.#url}sections/`).catch(() => null)) as PlanAnswer | null;
    this.#hasNews ||= this.#isAsking;
    if (answer === null || this.#isAsking) return;
    if (!this.#isDirty()) this.#take(answer);
    else if (answer.plan_version !== this.#version) need("[data-plan-changed]").hidden = false;
  }
}

function withKeys(sections: PlanAnswer["sections"]): Plan {
  return sections.map((section) => ({ ...section, key: section.id ?? "" }));
}

function isGenerating({ kind, finished_at }: OperationState): boolean {
  return kind === "generation" && finished_at === null;
}

/** What of a section the plan shows. */
function outlineOf({ section_id, order, title, status, version, locked, words_budget }: SectionState): unknown[] {
  return [section_id, order, title, status, version, locked, words_budget];
}

function describeLimit(limit: number | null, share: number | null): string {
  if (limit === null || share === null) return "Le règlement n’impose pas de nombre de pages.";
  const room = share > 1 ? "au-delà de ce que le règlement permet" : "couverture et sommaire compris";
  return `Le règlement permet ${limit} pages : ${Math.round(share * 100)} %, ${room}.`;
}

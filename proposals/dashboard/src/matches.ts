/** The matrix of requirements and passages: filter, accept, reject, take a decision back, attach by hand. */

import { ApiError, post } from "./api.ts";
import { announce, need, setText } from "./dom.ts";
import { refreshFragments } from "./fragments.ts";
import { PassagePicker } from "./passage-picker.ts";
import { RowFilter } from "./row-filter.ts";

const SAID: Readonly<Record<string, string>> = {
  accept: "Passage retenu.",
  reject: "Passage écarté.",
  reset: "Décision annulée.",
};

export class Matches {
  readonly #root = need("#correspondances");
  readonly #matrixUrl: string;
  readonly #filter = new RowFilter(this.#root);
  readonly #picker: PassagePicker;

  constructor(matrixUrl: string) {
    this.#matrixUrl = matrixUrl;
    this.#picker = new PassagePicker(matrixUrl, (requirementId) => this.#refreshRequirement(requirementId));
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    // Does not bubble; also comes when a part that was unfolded before has been exchanged.
    this.#root.addEventListener("toggle", (event) => this.#toggled(event), { capture: true });
    this.#filter.apply();
  }

  /** Take in fresh rows. */
  refreshed(): void {
    this.#filter.apply();
  }

  #clicked({ target }: Event): void {
    if (!(target instanceof Element)) return;
    const share = target.closest<HTMLElement>("[data-coverage-filter]");
    if (share !== null) this.#filter.choose("strength", share.dataset["coverageFilter"] ?? "");
    const attach = target.closest("[data-attach]");
    if (attach !== null) this.#openPicker(attach);
    const button = target.closest<HTMLElement>("[data-verdict]");
    const match = button?.closest<HTMLElement>("[data-match]") ?? null;
    if (button !== null && match !== null) void this.#decide(match, button);
  }

  #openPicker(button: Element): void {
    const row = button.closest<HTMLElement>("[data-requirement-id]");
    if (row === null) return;
    this.#picker.open({
      openerId: button.id,
      requirementId: row.dataset["requirementId"] ?? "",
      code: need(".match-row__code", row).textContent ?? "",
      text: need(".match-row__text", row).textContent ?? "",
    });
  }

  #toggled({ target }: Event): void {
    if (!(target instanceof HTMLDetailsElement) || !target.open) return;
    if (target.matches("[data-others-missing]")) void this.#loadOthers(target);
  }

  async #loadOthers(details: HTMLDetailsElement): Promise<void> {
    try {
      await this.#refreshRow(details);
    } catch (error) {
      setText(need("[data-others-state]", details), error instanceof ApiError ? error.message : String(error));
    }
  }

  async #decide(match: HTMLElement, button: HTMLElement): Promise<void> {
    if (match.ariaBusy === "true") return;
    // A decision that is pressed again is taken back.
    const verdict = button.ariaPressed === "true" ? "reset" : (button.dataset["verdict"] ?? "");
    match.ariaBusy = "true";
    showProblem(match, "");
    try {
      await post(`/api/matches/${match.dataset["match"] ?? ""}/${verdict}/`);
      await this.#refreshRow(match);
      announce(SAID[verdict] ?? "");
    } catch (error) {
      showProblem(match, error instanceof ApiError ? error.message : String(error));
    } finally {
      match.ariaBusy = "false";
    }
  }

  /** The row stays in sight, even where the filter would hide it: it was just worked on. */
  async #refreshRow(part: HTMLElement): Promise<void> {
    const row = part.closest<HTMLElement>("[data-requirement-id]");
    if (row !== null) await this.#refreshRequirement(row.dataset["requirementId"] ?? "");
  }

  async #refreshRequirement(requirementId: string): Promise<void> {
    await refreshFragments(`${this.#matrixUrl}${requirementId}/`);
  }
}

function showProblem(match: HTMLElement, sentence: string): void {
  const problem = need(".match__problem", match);
  problem.hidden = sentence === "";
  setText(problem, sentence);
}

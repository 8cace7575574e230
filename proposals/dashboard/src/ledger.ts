/** The ledger of requirements: filter, approve, reject. */

import { ApiError, post } from "./api.ts";
import { announce, need, setText } from "./dom.ts";
import { RowFilter } from "./row-filter.ts";

type Verdict = "approved" | "rejected";

const ACTIONS: Readonly<Record<Verdict, string>> = { approved: "approve", rejected: "reject" };
const VERDICTS: Readonly<Record<Verdict, string>> = { approved: "validée", rejected: "écartée" };

/** Make the ledger in a part of the page work, if there is one. */
export function initLedger(root: ParentNode): void {
  const section = root.querySelector<HTMLElement>("[data-ledger]");
  if (section !== null && section.querySelector("[data-requirement]") !== null) new Ledger(section);
}

class Ledger {
  readonly #section: HTMLElement;
  readonly #rows: readonly HTMLElement[];

  constructor(section: HTMLElement) {
    this.#section = section;
    this.#rows = [...section.querySelectorAll<HTMLElement>("[data-requirement]")];
    section.addEventListener("click", (event) => this.#clicked(event));
    new RowFilter(section).apply();
    this.#countReviewed();
  }

  #countReviewed(): void {
    const reviewed = this.#rows.filter((row) => row.dataset["status"] !== "proposed").length;
    const text = `${reviewed} revue${reviewed > 1 ? "s" : ""} sur ${this.#rows.length}`;
    setText(need("[data-ledger-reviewed]", this.#section), text);
  }

  #clicked(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-review]") : null;
    const row = button?.closest<HTMLElement>("[data-requirement]") ?? null;
    if (button !== null && row !== null) void this.#review(row, button.dataset["review"] as Verdict);
  }

  async #review(row: HTMLElement, verdict: Verdict): Promise<void> {
    if (row.dataset["status"] === verdict || row.ariaBusy === "true") return;
    row.ariaBusy = "true";
    showProblem(row, "");
    try {
      await post(`/api/requirements/${row.dataset["requirement"] ?? ""}/${ACTIONS[verdict]}/`);
      this.#mark(row, verdict);
    } catch (error) {
      showProblem(row, error instanceof ApiError ? error.message : String(error));
    } finally {
      row.ariaBusy = "false";
    }
  }

  /** The row stays in sight, even where the filter would hide it: it was just worked on. */
  #mark(row: HTMLElement, verdict: Verdict): void {
    row.dataset["status"] = verdict;
    for (const button of row.querySelectorAll<HTMLElement>("[data-review]")) {
      button.ariaPressed = String(button.dataset["review"] === verdict);
    }
    this.#countReviewed();
    announce(`${need(".requirement__code", row).textContent ?? ""} ${VERDICTS[verdict]}.`);
  }
}

function showProblem(row: HTMLElement, sentence: string): void {
  const problem = need("[data-requirement-problem]", row);
  problem.hidden = sentence === "";
  setText(problem, sentence);
}

/** The plan of a proposal while a person edits it. Pure: every change gives a new plan. */

export interface Requirement {
  readonly id: string;
  readonly code: string;
  readonly text: string;
  /** Met by papers, dates or prices, not by the text of a section. */
  readonly is_outside: boolean;
}

export interface PlanSection {
  /** Null for one that is not saved yet. */
  readonly id: string | null;
  /** Names the row in the page, also before it is saved. */
  readonly key: string;
  readonly title: string;
  readonly words_budget: number;
  readonly guidance: string;
  readonly criterion: { readonly name: string; readonly weight: number | null; readonly unit: string | null } | null;
  readonly requirement_ids: readonly string[];
  readonly status: string;
  readonly version: number;
  readonly locked: boolean;
}

export type Plan = readonly PlanSection[];

export const MIN_WORDS = 50;
export const MAX_WORDS = 20_000;
const NEW_WORDS = 400;

export interface PlanLimits {
  readonly page_limit: number | null;
  readonly words_per_page: number;
  readonly pages_before_the_text: number;
}

export interface PlanLength {
  readonly words: number;
  readonly pages: number;
  /** Of the pages that are allowed, 0–1 and above; null without a limit. */
  readonly share: number | null;
}

export function add(plan: Plan, key: string): Plan {
  const blank = { title: "", guidance: "", criterion: null, requirement_ids: [], words_budget: NEW_WORDS };
  return [...plan, { ...blank, id: null, key, status: "planned", version: 0, locked: false }];
}

export function remove(plan: Plan, key: string): Plan {
  return plan.filter((section) => section.key !== key);
}

export function change(plan: Plan, key: string, fields: Partial<PlanSection>): Plan {
  return plan.map((section) => (section.key === key ? { ...section, ...fields } : section));
}

/** Move a section up (-1) or down (1); at the end it stays. */
export function move(plan: Plan, key: string, steps: -1 | 1): Plan {
  const from = plan.findIndex((section) => section.key === key);
  const to = from + steps;
  const [moved, other] = [plan[from], plan[to]];
  if (moved === undefined || other === undefined) return plan;
  return plan.map((section, index) => (index === from ? other : index === to ? moved : section));
}

/** Give a requirement to a section, or take it back. */
export function assign(plan: Plan, key: string, requirementId: string, isAssigned: boolean): Plan {
  const section = plan.find((candidate) => candidate.key === key);
  const others = (section?.requirement_ids ?? []).filter((id) => id !== requirementId);
  return change(plan, key, { requirement_ids: isAssigned ? [...others, requirementId] : others });
}

export function measure(plan: Plan, limits: PlanLimits): PlanLength {
  const words = plan.reduce((total, { words_budget }) => total + words_budget, 0);
  const pages = Math.ceil(words / limits.words_per_page) + limits.pages_before_the_text;
  return { words, pages, share: limits.page_limit === null ? null : pages / limits.page_limit };
}

/** The requirements that a section should cover and none does. */
export function findLoose(plan: Plan, requirements: readonly Requirement[]): readonly Requirement[] {
  const assigned = new Set(plan.flatMap(({ requirement_ids }) => requirement_ids));
  return requirements.filter(({ id, is_outside }) => !is_outside && !assigned.has(id));
}

/** The first thing that keeps a plan from being saved, as a sentence; empty when nothing does. */
export function findFault(plan: Plan): string {
  const faulty = plan.findIndex(({ title, words_budget }) => title.trim() === "" || !isLength(words_budget));
  const section = plan[faulty];
  if (section === undefined) return "";
  const place = `La section ${faulty + 1}`;
  return section.title.trim() === ""
    ? `${place} n’a pas de titre.`
    : `${place} doit avoir de ${MIN_WORDS} à 20 000 mots.`;
}

/** What the API takes: the plan in order, and the written sections that shall go. */
export function toOrder(plan: Plan, before: Plan, version: string): object {
  const staying = new Set(plan.map(({ id }) => id));
  const gone = before.filter((section) => section.version > 0 && !staying.has(section.id));
  const sections = plan.map(({ id, title, words_budget, guidance, requirement_ids }) => {
    const row = { title: title.trim(), words_budget, guidance, requirement_ids };
    return id === null ? row : { id, ...row };
  });
  return { plan_version: version, sections, removed: gone.map(({ id }) => id) };
}

export function isSame(one: Plan, other: Plan): boolean {
  return JSON.stringify(one.map(comparable)) === JSON.stringify(other.map(comparable));
}

function comparable({ id, key, title, words_budget, guidance, requirement_ids }: PlanSection): unknown[] {
  return [id ?? key, title, words_budget, guidance, [...requirement_ids].sort()];
}

function isLength(words: number): boolean {
  return Number.isInteger(words) && words >= MIN_WORDS && words <= MAX_WORDS;
}

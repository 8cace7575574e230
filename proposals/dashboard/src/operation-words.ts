/** What an operation does and what came of it, in words. Pure: the same state always gives the same text. */

import type { JsonObject, OperationState, OperationStatus } from "../../../realtime/client/src/index.ts";
import { formatDuration, formatNumber, formatPercent } from "./format.ts";

const UNFINISHED: readonly OperationStatus[] = ["pending", "running", "cancelling"];
const WAITING_STEP = "En file d’attente…";
/** What a service names as the last requirement or section. */
const LAST = "Complete";

/** A field of a result, with the words for one and for many. */
type Total = readonly [field: string, one: string, many: string];

const TOTALS: Readonly<Record<string, readonly Total[]>> = {
  rc_analysis: [
    ["criteria_total", "critère", "critères"],
    ["documents_total", "pièce à remettre", "pièces à remettre"],
    ["requirements_total", "exigence", "exigences"],
    ["warnings_total", "point d’attention", "points d’attention"],
  ],
  matching: [
    ["strong_total", "exigence couverte", "exigences couvertes"],
    ["partial_total", "partielle", "partielles"],
    ["gaps_total", "manque", "manques"],
    ["expired_total", "passage périmé", "passages périmés"],
  ],
  generation: [
    ["sections_written", "section rédigée", "sections rédigées"],
    ["words_total", "mot", "mots"],
    ["gaps_total", "point à compléter", "points à compléter"],
    ["violations_total", "mention sans source", "mentions sans source"],
  ],
  document_generation: [["gaps_total", "point à compléter", "points à compléter"]],
};

export function isUnfinished(operation: OperationState | undefined): boolean {
  return operation !== undefined && UNFINISHED.includes(operation.status);
}

/** What it does at this moment: "R-012 Disponibilité du service – 12 sur 59". */
export function sayStep(operation: OperationState): string {
  if (operation.status === "pending") return WAITING_STEP;
  const { step } = operation;
  if (step === null || operation.status === "failed") return "";
  if (operation.kind === "matching") return sayMatching(step);
  if (operation.kind === "generation") return sayGeneration(step);
  return textOf(step, "message");
}

/** What came out, in numbers: "4 critères · 18 pièces à remettre · 59 exigences". */
export function sayResult(operation: OperationState): string {
  const { kind, result } = operation;
  if (operation.status !== "succeeded" || result === null) return "";
  const totals = (TOTALS[kind] ?? []).flatMap(([field, one, many]) => count(numberOf(result, field), one, many));
  return [...saySpecial(kind, result), ...totals, ...sayQuality(result)].join(" · ");
}

/** How long it has been running, or ran, in seconds; null before it started. */
export function elapsedSeconds(operation: OperationState, nowMs: number): number | null {
  if (operation.started_at === null) return null;
  const end = operation.finished_at === null ? nowMs : Date.parse(operation.finished_at);
  return Math.max(0, (end - Date.parse(operation.started_at)) / 1000);
}

export function sayElapsed(operation: OperationState | undefined, nowMs: number): string {
  const seconds = operation === undefined ? null : elapsedSeconds(operation, nowMs);
  return seconds === null ? "" : formatDuration(seconds);
}

/** The engine that made the result; "" when the result does not say. */
export function sayEngine(
  operation: OperationState | undefined,
  labels: Readonly<Record<string, string>> = {},
): string {
  if (operation?.status !== "succeeded" || operation.result === null) return "";
  const engine = textOf(operation.result, "engine");
  return labels[engine] ?? engine;
}

/** The kinds whose result is older than that of a kind before them. */
export function findOutdated(kinds: readonly string[], operations: readonly OperationState[]): ReadonlySet<string> {
  const outdated = new Set<string>();
  let newest = "";
  for (const kind of kinds) {
    const operation = operations.find((candidate) => candidate.kind === kind);
    if (operation?.status !== "succeeded" || operation.finished_at === null) continue;
    if ((operation.started_at ?? operation.created_at) < newest) outdated.add(kind);
    if (operation.finished_at > newest) newest = operation.finished_at;
  }
  return outdated;
}

function sayMatching(step: JsonObject): string {
  const current = textOf(step, "current_requirement");
  const done = `${numberOf(step, "requirements_completed") ?? 0} sur ${numberOf(step, "requirements_total") ?? 0}`;
  return current === "" || current === LAST ? `${done} exigences` : `${current} – ${done}`;
}

function sayGeneration(step: JsonObject): string {
  const current = textOf(step, "current_section");
  const done = `${numberOf(step, "sections_completed") ?? 0} sections sur ${numberOf(step, "sections_total") ?? 0}`;
  const quality = numberOf(step, "quality_score");
  const parts = [current === LAST ? "" : current, done, quality === null ? "" : `qualité ${formatPercent(quality)}`];
  return parts.filter((part) => part !== "").join(" – ");
}

function saySpecial(kind: string, result: JsonObject): readonly string[] {
  if (kind !== "document_generation") return [];
  const version = numberOf(result, "version");
  const { documents, not_produced: missing } = result;
  return [
    ...(Array.isArray(documents) ? count(documents.length, "document", "documents") : []),
    ...(Array.isArray(missing) ? count(missing.length, "document manquant", "documents manquants") : []),
    ...(version === null ? [] : [`version ${version}`]),
    ...sayPages(result),
  ];
}

/** Some pages, such as the cover, may not count against the limit. */
function sayPages(result: JsonObject): readonly string[] {
  const limit = numberOf(result, "page_limit");
  if (limit === null) return count(numberOf(result, "pages"), "page", "pages");
  const counted = numberOf(result, "pages_counted");
  const goal = result["over_limit"] === true ? `pour ${limit} permises` : `sur ${limit} permises`;
  return count(counted, "page", "pages").map((said) => `${said} ${goal}`);
}

function sayQuality(result: JsonObject): readonly string[] {
  const quality = numberOf(result, "quality_score");
  return quality === null ? [] : [`qualité ${formatPercent(quality)}`];
}

/** Nothing is said of what there is none of. */
function count(total: number | null, one: string, many: string): readonly string[] {
  return total === null || total === 0 ? [] : [`${formatNumber(total)} ${total > 1 ? many : one}`];
}

function textOf(source: JsonObject, field: string): string {
  const value = source[field];
  return typeof value === "string" ? value : "";
}

function numberOf(source: JsonObject, field: string): number | null {
  const value = source[field];
  return typeof value === "number" ? value : null;
}

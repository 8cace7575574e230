/** An import as the server tells it, and how far it is in one bar: first the file's way, then its reading. */

/** What `GET /api/library/imports/<id>/` answers, as far as it is shown. */
export interface ImportState {
  readonly id: string;
  readonly status: "running" | "succeeded" | "failed";
  readonly progress: number;
  readonly message: string;
  readonly created_total: number;
  readonly duplicates_total: number;
  readonly error: { readonly code: string; readonly error: string } | null;
}

/** The part of the bar that the upload fills, in percent. */
const UPLOAD_PERCENT = 20;

export function uploadPercent(loaded: number, total: number): number {
  return total > 0 ? Math.floor((UPLOAD_PERCENT * loaded) / total) : 0;
}

export function readingPercent(progress: number): number {
  return UPLOAD_PERCENT + Math.floor(((100 - UPLOAD_PERCENT) * progress) / 100);
}

/** "23 passages ajoutés, 2 déjà présents". */
export function describeResult({ created_total: created, duplicates_total: known }: ImportState): string {
  if (created === 0 && known > 0) return "Rien à ajouter : tous ces passages sont déjà dans la bibliothèque.";
  const added = created === 1 ? "1 passage ajouté" : `${created} passages ajoutés`;
  if (known === 0) return added;
  return `${added}, ${known} déjà ${known === 1 ? "présent" : "présents"}`;
}

/** Send a file to the library and follow what the server does with it, also when the answer gets lost on its way. */

import { ApiError, csrfToken, toApiError } from "./api.ts";
import type { ImportState } from "./library-import-state.ts";

export interface ImportListener {
  onUpload(loaded: number, total: number): void;
  onRead(state: ImportState): void;
}

const POLL_MS = 500;
/** How often an import is asked for in vain after the connection broke, before it counts as lost. */
const LOST_AFTER = 20;
const LOST = "La connexion a été coupée pendant l’envoi. Réessayez.";

/**
 * Upload a form and return the finished import.
 *
 * @param url of all imports; that of one is below it.
 * @param id chosen by the caller, and in the form as `id`.
 * @throws ApiError with the reason, as a French sentence.
 */
export async function sendImport(
  url: string,
  id: string,
  form: FormData,
  listener: ImportListener,
): Promise<ImportState> {
  const upload = new Upload(url, form, listener);
  void follow(`${url}${id}/`, upload, listener);
  try {
    return await upload.answer;
  } catch (error) {
    // The file may have arrived although its answer did not.
    if (error instanceof ApiError && error.code === "network" && upload.isSent) return await outcome(`${url}${id}/`);
    throw error;
  }
}

/** fetch() tells nothing of an upload under way; XMLHttpRequest does. */
class Upload {
  readonly answer: Promise<ImportState>;
  isSent = false;
  isAnswered = false;

  constructor(url: string, form: FormData, listener: ImportListener) {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => listener.onUpload(loaded, total));
    request.upload.addEventListener("load", () => (this.isSent = true));
    this.answer = new Promise((resolve, reject) => {
      request.addEventListener("loadend", () => {
        this.isAnswered = true;
        if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as ImportState);
        else reject(toApiError(request.status, request.responseText));
      });
    });
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.send(form);
  }
}

/** Ask how far the import is for as long as its upload waits for an answer. */
async function follow(url: string, upload: Upload, listener: ImportListener): Promise<void> {
  while (!upload.isAnswered) {
    await pause();
    const state = upload.isSent ? await ask(url) : null;
    if (state !== null && !upload.isAnswered) listener.onRead(state);
  }
}

async function outcome(url: string): Promise<ImportState> {
  for (let missed = 0; missed < LOST_AFTER;) {
    const state = await ask(url);
    if (state?.status === "succeeded") return state;
    if (state?.status === "failed")
      throw new ApiError(422, state.error?.code ?? "unexpected", state.error?.error ?? LOST);
    if (state === null) missed += 1;
    await pause();
  }
  throw new ApiError(0, "network", LOST);
}

/** Return the import; null when it is not there yet, or cannot be asked for now. */
async function ask(url: string): Promise<ImportState | null> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    return response.ok ? ((await response.json()) as ImportState) : null;
  } catch {
    return null;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

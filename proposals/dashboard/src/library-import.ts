/** The import page: files dropped or chosen go into the library one after the other, each with its own progress. */

import { getFragment } from "./api.ts";
import { announce, make, need, setText } from "./dom.ts";
import { makeUuid } from "./ids.ts";
import { sendImport } from "./library-import-request.ts";
import { describeResult, readingPercent, uploadPercent, type ImportState } from "./library-import-state.ts";

const OVER = "dropzone--over";
const PAST_IMPORTS = "[data-past-imports]";

export class LibraryImportPage {
  readonly #zone: HTMLFormElement;
  readonly #input = need<HTMLInputElement>("[data-import-input]");
  readonly #list = need("[data-imports]");
  readonly #maxBytes: number;
  /** One file after the other: what two files share is found by the second. */
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(zone: HTMLFormElement) {
    this.#zone = zone;
    this.#maxBytes = Number(zone.dataset["maxBytes"]);
    zone.addEventListener("submit", (event) => event.preventDefault());
    this.#input.addEventListener("change", () => {
      this.#take(this.#input.files);
      this.#input.value = "";
    });
    this.#listenForDrops();
    window.addEventListener("beforeunload", (event) => {
      if (this.#waiting > 0) event.preventDefault();
    });
  }

  #listenForDrops(): void {
    // A file dropped beside the zone must not replace the page.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
    let depth = 0;
    this.#zone.addEventListener("dragenter", () => this.#zone.classList.toggle(OVER, (depth += 1) > 0));
    this.#zone.addEventListener("dragleave", () => this.#zone.classList.toggle(OVER, (depth -= 1) > 0));
    this.#zone.addEventListener("drop", (event) => {
      depth = 0;
      this.#zone.classList.remove(OVER);
      this.#take(event.dataTransfer?.files ?? null);
    });
  }

  #take(files: FileList | null): void {
    for (const file of files ?? []) {
      const row = new ImportRow(file.name, this.#zone.dataset["itemsUrl"] ?? "");
      this.#list.append(row.element);
      const form = withoutEmpty(new FormData(this.#zone));
      this.#waiting += 1;
      this.#queue = this.#queue.then(() => this.#import(file, form, row));
    }
  }

  async #import(file: File, form: FormData, row: ImportRow): Promise<void> {
    try {
      row.succeed(await this.#send(file, form, row));
    } catch (error) {
      row.fail(error instanceof Error ? error.message : String(error));
    }
    this.#waiting -= 1;
    await refreshPastImports();
  }

  #send(file: File, form: FormData, row: ImportRow): Promise<ImportState> {
    if (file.size > this.#maxBytes) throw new Error(tooBig(this.#maxBytes));
    const id = makeUuid();
    form.set("id", id);
    form.set("file", file);
    return sendImport(this.#zone.action, id, form, row);
  }
}

/** One file on its way into the library. */
class ImportRow {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #itemsUrl: string;
  readonly #state: HTMLElement;
  readonly #bar: HTMLElement;

  constructor(name: string, itemsUrl: string) {
    this.#name = name;
    this.#itemsUrl = itemsUrl;
    this.element = need("li", need<HTMLTemplateElement>("[data-import-template]").content).cloneNode(
      true,
    ) as HTMLElement;
    setText(need(".upload__name", this.element), name);
    this.#state = need(".upload__state", this.element);
    this.#bar = need("[role=progressbar]", this.element);
    this.#bar.setAttribute("aria-label", `Import de ${name}`);
  }

  onUpload(loaded: number, total: number): void {
    this.#show(uploadPercent(loaded, total), loaded < total ? "Envoi…" : "Lecture…");
  }

  onRead({ progress, message }: ImportState): void {
    this.#show(readingPercent(progress), message || "Lecture…");
  }

  succeed(state: ImportState): void {
    const result = describeResult(state);
    this.#end("upload--done", result);
    if (state.created_total > 0) {
      const link = make("a", "upload__link", "Voir ces passages") as HTMLAnchorElement;
      link.href = `${this.#itemsUrl}?import_id=${state.id}`;
      this.element.append(link);
    }
    announce(`${this.#name} : ${result}`);
  }

  fail(sentence: string): void {
    this.#end("upload--failed", "Refusé");
    this.element.append(make("p", "upload__error", sentence));
    announce(`${this.#name} : ${sentence}`);
  }

  #end(modifier: string, words: string): void {
    this.element.classList.add(modifier);
    this.#bar.hidden = true;
    setText(this.#state, words);
  }

  #show(percent: number, words: string): void {
    this.#bar.setAttribute("aria-valuenow", String(percent));
    need(".progress__fill", this.#bar).setAttribute("width", `${percent}%`);
    setText(this.#state, words);
  }
}

/** What was left open is not said at all: the file's own values count. */
function withoutEmpty(form: FormData): FormData {
  for (const [name, value] of [...form]) if (value === "") form.delete(name);
  return form;
}

async function refreshPastImports(): Promise<void> {
  try {
    const fresh = need(PAST_IMPORTS, await getFragment(location.href));
    need(PAST_IMPORTS).replaceWith(document.importNode(fresh, true));
  } catch {
    // The rows above say what became of the files; the list is only a record of them.
  }
}

function tooBig(maxBytes: number): string {
  return `Ce fichier dépasse la taille permise (${Math.floor(maxBytes / 1024 / 1024)} Mo).`;
}

/** Upload by drag and drop or by button, each file with its own progress and its own error. */

import { csrfToken, toApiError } from "./api.ts";
import { announce, make, need, setText } from "./dom.ts";

export interface UploadOptions {
  readonly maxBytes: number;
  /** Called after each file that was stored. */
  readonly onStored: () => void;
}

const OVER = "dropzone--over";
const PROGRESS_TEMPLATE = "[data-upload-template]";

export class Uploads {
  readonly #zone = need<HTMLFormElement>("[data-dropzone]");
  readonly #input = need<HTMLInputElement>("[data-upload-input]");
  readonly #kind = need<HTMLSelectElement>("[data-upload-kind]");
  readonly #list = need("[data-uploads]");
  readonly #options: UploadOptions;
  /** One file after the other: the newest RC is the last one that somebody chose. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: UploadOptions) {
    this.#options = options;
    this.#input.addEventListener("change", () => {
      this.#take(this.#input.files);
      this.#input.value = "";
    });
    this.#zone.addEventListener("submit", (event) => event.preventDefault());
    this.#listenForDrops();
  }

  /** Propose the kind that the project still lacks. */
  propose(kind: string): void {
    if (document.activeElement !== this.#kind) this.#kind.value = kind;
  }

  #listenForDrops(): void {
    // A file dropped beside the zone must not replace the page.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
    let depth = 0;
    this.#zone.addEventListener("dragenter", () => this.#mark((depth += 1) > 0));
    this.#zone.addEventListener("dragleave", () => this.#mark((depth -= 1) > 0));
    this.#zone.addEventListener("drop", (event) => {
      depth = 0;
      this.#mark(false);
      this.#take(event.dataTransfer?.files ?? null);
    });
  }

  #mark(isOver: boolean): void {
    this.#zone.classList.toggle(OVER, isOver);
  }

  #take(files: FileList | null): void {
    for (const file of files ?? []) {
      const row = new UploadRow(file.name);
      this.#list.append(row.element);
      const kind = this.#kind.value;
      this.#queue = this.#queue.then(() => this.#upload(file, kind, row));
    }
  }

  async #upload(file: File, kind: string, row: UploadRow): Promise<void> {
    try {
      if (file.size > this.#options.maxBytes) throw new Error(tooBig(this.#options.maxBytes));
      await send(this.#zone.action, file, kind, row);
      row.remove();
      announce(`${file.name} : document déposé.`);
      this.#options.onStored();
    } catch (error) {
      row.fail(error instanceof Error ? error.message : String(error));
    }
  }
}

/** One file on its way. */
class UploadRow {
  readonly element: HTMLElement;
  readonly #name: string;
  readonly #state: HTMLElement;
  readonly #bar: HTMLElement;

  constructor(name: string) {
    this.#name = name;
    const template = need<HTMLTemplateElement>(PROGRESS_TEMPLATE);
    this.element = need("li", template.content).cloneNode(true) as HTMLElement;
    setText(need(".upload__name", this.element), name);
    this.#state = need(".upload__state", this.element);
    this.#bar = need("[role=progressbar]", this.element);
    this.#bar.setAttribute("aria-label", `Envoi de ${name}`);
    setText(this.#state, "en attente");
  }

  progress(percent: number): void {
    this.#bar.setAttribute("aria-valuenow", String(percent));
    need(".progress__fill", this.#bar).setAttribute("width", `${percent}%`);
    setText(this.#state, percent < 100 ? `${percent} %` : "vérification…");
  }

  fail(sentence: string): void {
    this.element.classList.add("upload--failed");
    this.#bar.hidden = true;
    setText(this.#state, "refusé");
    const dismiss = make("button", "button button--small upload__dismiss", "Fermer") as HTMLButtonElement;
    dismiss.type = "button";
    dismiss.setAttribute("aria-label", `Fermer l’erreur sur ${this.#name}`);
    dismiss.addEventListener("click", () => {
      this.remove();
      need("[data-upload-input]").focus();
    });
    this.element.append(make("p", "upload__error", sentence), dismiss);
    announce(`${this.#name} : ${sentence}`);
  }

  remove(): void {
    this.element.remove();
  }
}

/** fetch() tells nothing of an upload under way; XMLHttpRequest does. */
function send(url: string, file: File, kind: string, row: UploadRow): Promise<void> {
  const body = new FormData();
  body.append("kind", kind);
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      row.progress(total > 0 ? Math.floor((100 * loaded) / total) : 0);
    });
    request.addEventListener("loadend", () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(toApiError(request.status, request.responseText));
    });
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.send(body);
  });
}

function tooBig(maxBytes: number): string {
  return `Ce fichier dépasse la taille permise (${Math.floor(maxBytes / 1024 / 1024)} Mo).`;
}

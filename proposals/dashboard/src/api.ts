/** The REST calls of the pages, with the session of the page; one error type with a sentence to show. */

type Details = Readonly<Record<string, readonly string[]>>;

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string; readonly details?: Details | null };
}

const NO_NETWORK = "Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.";
const UNEXPECTED = "Le serveur a répondu de façon inattendue. Réessayez.";

/** A request that failed; `message` is a French sentence to show. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  /** What the answer tells beside: the fields that are wrong, or what is there now. */
  readonly details: Details;

  constructor(status: number, code: string, message: string, details: Details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** Whether nobody is signed in any more. */
  get isSignedOut(): boolean {
    return this.status === 401 || this.code === "not_authenticated";
  }
}

/** @throws ApiError */
export async function get(path: string): Promise<unknown> {
  const response = await request(path, { headers: { Accept: "application/json" } });
  return parse(await response.text());
}

/** @throws ApiError */
export function post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<unknown> {
  return send("POST", path, body, headers);
}

/** Send and wait for nothing: also when the page is being left. What fails is lost. */
export function sendAndLeave(path: string, body: object): void {
  void fetch(path, { ...withBody("POST", body), credentials: "same-origin", keepalive: true }).catch(() => undefined);
}

/** @throws ApiError */
export async function send(
  method: "POST" | "PUT" | "PATCH",
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await request(path, withBody(method, body, headers));
  return parse(await response.text());
}

function withBody(method: string, body: object, headers: Record<string, string> = {}): RequestInit {
  return {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), ...headers },
    body: JSON.stringify(body),
  };
}

/**
 * Return a part of a page. It is parsed as a document of its own, in which no script runs.
 *
 * @throws ApiError
 */
export async function getFragment(path: string): Promise<Document> {
  const response = await request(path, { headers: { Accept: "text/html" } });
  if (response.redirected) throw new ApiError(401, "not_authenticated", "Votre session est terminée.");
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Return the error that an answer of the API tells. */
export function toApiError(status: number, text: string): ApiError {
  if (status === 0) return new ApiError(0, "network", NO_NETWORK);
  const { code, message, details } = (parse(text) as ErrorBody | null)?.error ?? {};
  return new ApiError(status, code ?? "unexpected", message ?? UNEXPECTED, details ?? {});
}

/** Read anew each time: logging in again in another tab changes it. */
export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: "same-origin", ...init }).catch(() => null);
  if (response === null) throw toApiError(0, "");
  if (!response.ok) throw toApiError(response.status, await response.text());
  return response;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

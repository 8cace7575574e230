/** What a field of a frame may be: small predicates, and their combinations. */

export type Check = (value: unknown) => boolean;
/** The fields that a frame or a record must have; others pass, because a later server may add them. */
export type Checks = Readonly<Record<string, Check>>;
/** One check for each field of a frame but its `type`, so that the compiler misses none. */
export type ChecksOf<Frame> = { readonly [Field in Exclude<keyof Frame, "type">]: Check };
/** The checks of several frames by their type. */
export type ChecksByType<Frames extends { readonly type: string }> = {
  readonly [Type in Frames["type"]]: ChecksOf<Extract<Frames, { readonly type: Type }>>;
};

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export const isText: Check = (value) => typeof value === "string";
export const isFlag: Check = (value) => typeof value === "boolean";
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
export const isPercent: Check = (value) => isCount(value) && Number(value) <= 100;
export const isSeconds: Check = (value) => typeof value === "number" && value >= 0;
export const isScore: Check = (value) => isSeconds(value) && Number(value) <= 1;
export const isUuid: Check = (value) => typeof value === "string" && UUID.test(value);
export const isTimestamp: Check = (value) => typeof value === "string" && TIMESTAMP.test(value);
export const isId: Check = (value) => isText(value) || Number.isSafeInteger(value);

export function isOneOf(...values: readonly string[]): Check {
  const allowed: ReadonlySet<unknown> = new Set(values);
  return (value) => allowed.has(value);
}

export function orNull(check: Check): Check {
  return (value) => value === null || check(value);
}

export function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

export function isRecordOf(checks: Checks): Check {
  return (value) => isObject(value) && findBadField(value, checks) === undefined;
}

/** Return the name of a field that fails its check; undefined when there is none. */
export function findBadField(fields: Record<string, unknown>, checks: Checks): string | undefined {
  return Object.keys(checks).find((name) => checks[name]?.(fields[name]) !== true);
}

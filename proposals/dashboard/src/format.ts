/** Durations and instants as French pages say them. */

const NBSP = "\u00a0";
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "12 s", "3 min 05 s", "1 h 02 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole}${NBSP}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}${NBSP}min${NBSP}${twoDigits(whole % MINUTE)}${NBSP}s`;
  return `${Math.floor(whole / HOUR)}${NBSP}h${NBSP}${twoDigits(Math.floor((whole % HOUR) / MINUTE))}${NBSP}min`;
}

/** "environ 12 s": an estimate, rounded the more the longer it is. */
export function formatEstimate(seconds: number): string {
  if (seconds < 1) return "moins d’une seconde";
  if (seconds < 20) return `environ ${formatDuration(seconds)}`;
  if (seconds < MINUTE - 2.5) return `environ ${formatDuration(Math.round(seconds / 5) * 5)}`;
  if (seconds < HOUR) return `environ ${Math.round(seconds / MINUTE)}${NBSP}min`;
  return `environ ${Math.round(seconds / HOUR)}${NBSP}h`;
}

/** "20:31:07", in the time zone of the person. */
export function formatClock(instant: Date): string {
  return instant.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "à l’instant", "il y a 5 min", "hier", "il y a 3 j", then the date. */
export function formatAgo(instant: Date, now: Date): string {
  const seconds = (now.getTime() - instant.getTime()) / 1000;
  if (seconds < MINUTE) return "à l’instant";
  if (seconds < HOUR) return `il y a ${Math.floor(seconds / MINUTE)}${NBSP}min`;
  if (seconds < DAY) return `il y a ${Math.floor(seconds / HOUR)}${NBSP}h`;
  const days = Math.floor(seconds / DAY);
  if (days === 1) return "hier";
  return days < 7 ? `il y a ${days}${NBSP}j` : instant.toLocaleDateString("fr-FR", { day: "numeric", month: "long" });
}

/** "4 210", with a space that does not break. */
export function formatNumber(value: number): string {
  return value.toLocaleString("fr-FR");
}

/** "82 %" for a share of 0.82. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)}${NBSP}%`;
}

export interface CountdownPart {
  readonly value: string;
  readonly unit: string;
}

/** Days, hours, minutes and seconds that are left. */
export function countdownParts(leftMs: number): readonly CountdownPart[] {
  const left = Math.max(0, Math.floor(leftMs / 1000));
  const days = Math.floor(left / DAY);
  return [
    { value: String(days), unit: days > 1 ? "jours" : "jour" },
    { value: twoDigits(Math.floor((left % DAY) / HOUR)), unit: "h" },
    { value: twoDigits(Math.floor((left % HOUR) / MINUTE)), unit: "min" },
    { value: twoDigits(left % MINUTE), unit: "s" },
  ];
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

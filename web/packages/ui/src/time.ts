// Times and sizes as people read them, by `Intl` in the interface's language.
import { locale } from './text';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(time: number, options: Intl.DateTimeFormatOptions): string {
  const key = locale() + JSON.stringify(options);
  let found = formats.get(key);
  if (!found)
    formats.set(key, (found = new Intl.DateTimeFormat(locale(), { ...options, hourCycle: options.hour ? 'h23' : undefined })));
  return found.format(time);
}

const dayStart = (time: number) => new Date(time).setHours(0, 0, 0, 0);
/** Whole calendar days from `time` to `now`; rounding takes out daylight saving. */
const daysAgo = (time: number, now: number) => Math.round((dayStart(now) - dayStart(time)) / 86_400_000);
const sameYear = (time: number, now: number) => new Date(time).getFullYear() === new Date(now).getFullYear();

/** 08:05 */
export const clock = (time: number): string => format(time, { hour: '2-digit', minute: '2-digit' });

function relativeDay(days: number): string {
  const text = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-days, 'day');
  return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
}

/** For lists: 08:05 · 昨天 · 周一 · 3月5日 · 2024/3/5 */
export function listTime(time: number, now = Date.now()): string {
  const days = daysAgo(time, now);
  if (days <= 0) return clock(time);
  if (days === 1) return relativeDay(1);
  if (days < 7) return format(time, { weekday: 'short' });
  return sameYear(time, now)
    ? format(time, { month: 'short', day: 'numeric' })
    : format(time, { year: 'numeric', month: 'numeric', day: 'numeric' });
}

/** For day separators: 今天 · 昨天 · 3月5日 周四 · 2024年3月5日 */
export function dayLabel(time: number, now = Date.now()): string {
  const days = daysAgo(time, now);
  if (days === 0 || days === 1) return relativeDay(days);
  return sameYear(time, now)
    ? format(time, { month: 'long', day: 'numeric', weekday: 'short' })
    : format(time, { year: 'numeric', month: 'long', day: 'numeric' });
}

/** Full date and time, for tooltips and details. */
export const fullTime = (time: number): string => format(time, { dateStyle: 'long', timeStyle: 'short' });

/** 5 分钟前 · 2小时前 · 昨天 · 3月5日 */
export function ago(time: number, now = Date.now()): string {
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 60) return relative.format(-Math.max(minutes, 0), 'minute');
  if (daysAgo(time, now) === 0) return relative.format(-Math.floor(minutes / 60), 'hour');
  const days = daysAgo(time, now);
  return days < 7 ? relative.format(-days, 'day') : listTime(time, now);
}

/** 1.4 MB; decimal units, as file managers of phones show them. */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  const digits = power === 0 ? 0 : 1;
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(count / 1000 ** power);
  return `${number} ${['B', 'KB', 'MB', 'GB'][power]}`;
}

/** 1,234 in the language's way. */
export const number = (value: number): string => new Intl.NumberFormat(locale()).format(value);

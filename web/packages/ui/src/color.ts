// Colour arithmetic: sRGB and OKLCH, WCAG contrast, and the accent's tokens derived from one colour.

export type Rgb = readonly [red: number, green: number, blue: number];
export type Scheme = 'light' | 'dark';

/** Reads `#rrggbb`; undefined for anything else. */
export function parseHex(text: string): Rgb | undefined {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  if (!match) return undefined;
  return [1, 2, 3].map((at) => parseInt(match[at] ?? '0', 16) / 255) as unknown as Rgb;
}

export function toHex(rgb: Rgb): string {
  const part = (value: number) =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${rgb.map(part).join('')}`;
}

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const gamma = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * Math.max(value, 0) ** (1 / 2.4) - 0.055);

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** WCAG 2 contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [one, other].map((hex) => luminance(parseHex(hex) ?? [0, 0, 0])) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** OKLCH to the nearest sRGB colour, chroma reduced until it fits. Björn Ottosson's matrices. */
export function oklch(lightness: number, chroma: number, hue: number): string {
  for (let c = chroma; ; c -= 0.005) {
    const rgb = oklabToRgb(lightness, c * Math.cos((hue * Math.PI) / 180), c * Math.sin((hue * Math.PI) / 180));
    if (c <= 0 || rgb.every((value) => value >= -0.001 && value <= 1.001)) return toHex(rgb);
  }
}

function oklabToRgb(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The OKLCH coordinates of a `#rrggbb` colour. */
export function toOklch(hex: string): { lightness: number; chroma: number; hue: number } {
  const [r, g, b] = (parseHex(hex) ?? [0, 0, 0]).map(linear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const labA = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const labB = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(labA, labB),
    hue: ((Math.atan2(labB, labA) * 180) / Math.PI + 360) % 360,
  };
}

/** The lightest (or darkest) shade of a hue, from `start` in small steps, that keeps `ratio` against all `grounds`. */
function readable(chroma: number, hue: number, start: number, step: number, grounds: readonly string[], ratio = 4.6): string {
  for (let lightness = start; lightness > 0 && lightness < 1; lightness += step) {
    const hex = oklch(lightness, chroma, hue);
    if (grounds.every((ground) => contrast(hex, ground) >= ratio)) return hex;
  }
  return step > 0 ? '#ffffff' : '#000000';
}

export type AccentTokens = Readonly<
  Record<
    '--accent' | '--accent-hover' | '--on-accent' | '--accent-text' | '--accent-soft' | '--bubble-own' | '--bubble-own-2',
    string
  >
>;

/**
 * What one colour becomes in a theme: a fill that white text can stand on, text of that hue for all surfaces, and pale
 * tints for the selected row and the own bubble. Readable whatever colour an operator chooses.
 */
export function accentTokens(hex: string, scheme: Scheme): AccentTokens {
  const { chroma: wanted, hue, lightness } = toOklch(hex);
  const chroma = Math.min(wanted, 0.17);
  const light = scheme === 'light';
  // A brand's own dark red stays that red; only what white text cannot stand on is darkened, and what would drown in the dark theme lifted.
  const accent = readable(chroma, hue, Math.min(0.58, Math.max(lightness, light ? 0.3 : 0.46)), -0.005, ['#ffffff']);
  const tint = Math.min(chroma, 0.13);
  const soft = light ? oklch(0.945, tint * 0.24, hue) : oklch(0.325, tint * 0.42, hue);
  const own = light ? oklch(0.93, tint * 0.3, hue) : oklch(0.345, tint * 0.48, hue);
  const ownDeep = light ? oklch(0.895, tint * 0.42, hue) : oklch(0.375, tint * 0.5, hue);
  const grounds = light ? ['#f1f3f5', soft, own] : ['#262d33', soft, own];
  const text = readable(chroma, hue, light ? 0.56 : 0.7, light ? -0.005 : 0.005, grounds);
  return {
    '--accent': accent,
    '--accent-hover': darker(accent, 0.04),
    '--on-accent': '#ffffff',
    '--accent-text': text,
    '--accent-soft': soft,
    '--bubble-own': own,
    '--bubble-own-2': ownDeep,
  };
}

function darker(hex: string, by: number): string {
  const { lightness, chroma, hue } = toOklch(hex);
  return oklch(lightness - by, chroma, hue);
}

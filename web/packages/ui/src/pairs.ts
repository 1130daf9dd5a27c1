// Which text stands on which ground. The contrast test reads this; a component that needs a new pair declares it here.

const grounds = ['--surface', '--surface-2', '--chat', '--raised', '--hover', '--pressed', '--bubble', '--bubble-2'] as const;
const tinted = ['--accent-soft', '--bubble-own', '--bubble-own-2'] as const;

/** Text pairs: at least 4.5:1 in both themes and with every accent. */
export const textPairs: readonly (readonly [text: string, ground: string])[] = [
  ...[...grounds, ...tinted].flatMap(
    (ground) =>
      [
        ['--text', ground],
        ['--text-2', ground],
      ] as const,
  ),
  ...(['--surface', '--surface-2', '--chat', '--raised', '--hover', '--bubble', '--accent-soft', '--bubble-own'] as const).map(
    (ground) => ['--accent-text', ground] as const,
  ),
  ...(['--surface', '--raised', '--hover', '--bubble', '--bubble-own', '--danger-soft'] as const).map(
    (ground) => ['--danger-text', ground] as const,
  ),
  ['--on-accent', '--accent'],
  ['--on-accent', '--accent-hover'],
  ['--on-danger', '--danger'],
  ['--on-danger', '--danger-hover'],
  ['--on-muted', '--muted'],
  ['--on-tip', '--tip'],
  ['--warning-text', '--warning-soft'],
  ['--warning-text', '--surface'],
  ['--success-text', '--success-soft'],
  ['--success-text', '--surface'],
  ['--text', '--danger-soft'],
  ['--text', '--warning-soft'],
];

/** Graphics that carry meaning (field borders, the online dot): at least 3:1. */
export const graphicPairs: readonly (readonly [mark: string, ground: string])[] = [
  ['--border-strong', '--surface'],
  ['--border-strong', '--raised'],
  ['--online', '--surface'],
  ['--accent', '--surface'],
];

// The rules of the tree: no file imports itself in a circle, the surface has no code, lower layers do not know higher ones.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'));
const text = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** What a file needs when it is loaded: neither types nor what is imported later. */
function needs(file: string): string[] {
  const imports = text.get(file)!.matchAll(/^(?:import|export) (?!type)[^;]*? from '(\.[^']+)';/gm);
  return [...imports].map(([, path]) => `${relative(root, join(root, dirname(file), path!))}.ts`);
}

test('no circle of imports', () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    expect(path, `${path.join(' → ')} → ${file}`).not.toContain(file);
    if (done.has(file)) return;
    for (const next of needs(file)) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(done.size).toBe(files.length);
});

const LAYERS: Readonly<Record<string, readonly string[]>> = {
  api: [],
  base: ['api', 'xml'],
  xml: [],
  storage: ['api'],
  stream: ['api', 'base', 'xml'],
};

test.each(Object.entries(LAYERS))('%s imports only from below', (layer, below) => {
  for (const file of files.filter((f) => f.startsWith(`${layer}/`))) {
    for (const [, path] of text.get(file)!.matchAll(/ from '(\.[^']+)';/g)) {
      const other = relative(root, join(root, dirname(file), path!)).split('/')[0]!;
      expect([layer, ...below], `${file} imports ${path}`).toContain(other);
    }
  }
});

test('every file says in its first line what it is, and is short', () => {
  for (const [file, code] of text) {
    expect(code, file).toMatch(/^\/\/ \S/);
    expect(code.split('\n').length, file).toBeLessThanOrEqual(400);
  }
});

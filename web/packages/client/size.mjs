// How large the SDK is in an app, gzipped: what is loaded at once, and what is loaded when first used. `node size.mjs`
// fails over budget.
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';

const BUDGET = 25 * 1024;
const source = new URL('src/index.ts', import.meta.url).pathname;
const bundle = await rolldown({
  input: 'app',
  platform: 'browser',
  tsconfig: new URL('tsconfig.json', import.meta.url).pathname,
  transform: { target: 'es2022' },
  preserveEntrySignatures: false,
  plugins: [{
    name: 'app',
    resolveId: (id) => (id === 'app' ? id : null),
    load: (id) => (id === 'app' ? `import { createClient, fetchBranding, ClientError } from ${JSON.stringify(source)}; Object.assign(globalThis, { createClient, fetchBranding, ClientError })` : null),
  }],
});
// Names without a hash: the size is that of the code alone, the same for the same code.
const { output: chunks } = await bundle.generate({ format: 'es', minify: true, comments: false, chunkFileNames: '[name].js' });
const size = (chunk) => gzipSync(chunk.code, { level: 9 }).length;
const sum = (list) => list.reduce((total, chunk) => total + size(chunk), 0);
const needed = new Set(chunks.filter((c) => c.isEntry).flatMap((chunk) => [chunk.fileName, ...chunk.imports]));
const [atOnce, later] = [chunks.filter((c) => needed.has(c.fileName)), chunks.filter((c) => !needed.has(c.fileName))];
for (const chunk of chunks) console.log(`  ${atOnce.includes(chunk) ? 'at once' : 'later'}: ${chunk.name} ${size(chunk)}`);
console.log(`at once ${sum(atOnce)} bytes gzipped, budget ${BUDGET}; when first used ${sum(later)}`);
if (process.env.OUT) for (const chunk of chunks) writeFileSync(`${process.env.OUT}/${chunk.fileName}`, chunk.code);
if (sum(atOnce) > BUDGET) process.exit(1);

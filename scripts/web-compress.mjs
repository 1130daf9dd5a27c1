// Puts a gzip and a brotli form beside each file of a folder where they are smaller: web-compress.mjs FOLDER
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const forms = {
  ".gz": (bytes) => gzipSync(bytes, { level: 9 }),
  ".br": (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
};

for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || /\.(gz|br|map)$/.test(file)) continue;
  const bytes = readFileSync(file);
  for (const [suffix, compress] of Object.entries(forms)) {
    const smaller = compress(bytes);
    // What saves less than a tenth (pictures, fonts) is not worth its place in the binary.
    if (smaller.length < bytes.length * 0.9) writeFileSync(file + suffix, smaller);
    else rmSync(file + suffix, { force: true });
  }
}

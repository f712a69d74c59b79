// SPDX-License-Identifier: Apache-2.0
// Writes .br and .gz beside every text asset of dist/, so the server only ever sends ready bytes.
import { readdirSync, readFileSync, writeFileSync, statSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const isText = /\.(js|css|svg|html|json|webmanifest)$/;
// Vite's manifest serves the budget gate only; it is kept outside what the server publishes
const manifest = join(dist, 'manifest.json');
writeFileSync(new URL('../dist-manifest.json', import.meta.url), readFileSync(manifest));
rmSync(manifest);

function walk(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (isText.test(name)) {
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(
        `${path}.br`,
        brotliCompressSync(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        }),
      );
    }
  }
}
walk(dist);

// SPDX-License-Identifier: Apache-2.0
// Writes .br and .gz beside every text asset of dist/, so the server only ever sends ready bytes.
import { readdirSync, readFileSync, writeFileSync, statSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
// not the document: it is under a kilobyte, and a page that is never compressed has no BREACH to discuss
const isText = /\.(js|css|svg|json|webmanifest)$/;
// Vite's manifest serves the budget gate only: a name with a dot goes with the bundle, and the server never publishes it
renameSync(join(dist, 'manifest.json'), join(dist, '.manifest.json'));

function walk(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path);
    else if (isText.test(name) && !name.startsWith('.')) {
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

// SPDX-License-Identifier: Apache-2.0
// What a commit must wait for: every 100 ms 8 KB are appended to a file and flushed, for --seconds.
// out: "p50_ms p99_ms max_ms count" of the flush. Write and flush block: this process does nothing else.
import { openSync, writeSync, fdatasyncSync, closeSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: { file: { type: 'string' }, seconds: { type: 'string' } } });
const fd = openSync(o.file, 'w', 0o600);
const block = Buffer.alloc(8192, 1);
const times = [];
const end = performance.now() + Number(o.seconds) * 1000;
for (let due = performance.now(); due < end; due = Math.max(due + 100, performance.now())) {
  const wait = due - performance.now();
  if (wait > 0) await new Promise((done) => { setTimeout(done, wait); });
  const begun = performance.now();
  writeSync(fd, block);
  fdatasyncSync(fd);
  times.push(performance.now() - begun);
}
closeSync(fd);
rmSync(o.file);
times.sort((a, b) => a - b);
const q = (p) => times[Math.min(times.length - 1, Math.floor(times.length * p))].toFixed(1);
console.log(`${q(0.5)} ${q(0.99)} ${q(1)} ${times.length}`);

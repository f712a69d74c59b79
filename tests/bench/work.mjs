// SPDX-License-Identifier: Apache-2.0
// Reads request log lines; out: "work_ms flush_ms both_ms count", each the p99 of its own: the work from the head of the request to the
// end of its transaction, the flush after it, and the two together, all without padding.
import { createInterface } from 'node:readline';

const work = [], flush = [], both = [];
for await (const line of createInterface({ input: process.stdin })) {
  const r = JSON.parse(line);
  if (r.status >= 300) continue;
  work.push(r.work_ms ?? r.ms);
  flush.push(r.flush_ms ?? 0);
  both.push((r.work_ms ?? r.ms) + (r.flush_ms ?? 0));
}
const p99 = (times) => (times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0).toFixed(1);
console.log(`${p99(work)} ${p99(flush)} ${p99(both)} ${both.length}`);

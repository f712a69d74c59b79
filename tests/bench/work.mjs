// SPDX-License-Identifier: Apache-2.0
// Reads request log lines; out: "p99_ms count" of the work: from the whole request to the ready answer, without padding.
import { createInterface } from 'node:readline';

const times = [];
for await (const line of createInterface({ input: process.stdin })) {
  const r = JSON.parse(line);
  if (r.status < 300) times.push(r.work_ms ?? r.ms);
}
times.sort((a, b) => a - b);
console.log(`${(times[Math.floor(times.length * 0.99)] ?? 0).toFixed(1)} ${times.length}`);

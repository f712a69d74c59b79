// SPDX-License-Identifier: Apache-2.0
// What the measures that act as a person share: calls in his session, and the end of a job.
import { request } from 'node:https';
import { randomUUID } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';

// out: call(method, path, body, file) with that session's cookie and token, where file is the path of a list to hand in; fails on any refusal
export async function caller(url, cookie, caFile) {
  const ca = readFileSync(caFile);
  let csrf = '';
  const call = (method, path, body, file) => new Promise((done, fail) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const length = file ? statSync(file).size : Buffer.byteLength(text);
    const rq = request(url + path, { method, ca, headers: { Cookie: `__Host-s=${cookie}`, Origin: url, 'X-CSRF-Token': csrf,
      'Idempotency-Key': randomUUID(), ...(length ? { 'Content-Type': file ? 'text/csv' : 'application/json', 'Content-Length': length } : {}) } }, (r) => {
      let s = ''; r.on('data', (d) => { s += d; });
      r.on('end', () => { if (r.statusCode >= 300) fail(new Error(`${method} ${path}: ${r.statusCode} ${s}`)); else done(s ? JSON.parse(s) : null); });
    });
    rq.on('error', fail);
    if (file) createReadStream(file).pipe(rq); else rq.end(text);
  });
  const session = await call('GET', '/v1/session');
  csrf = session.csrf ?? session.csrf_token;
  return call;
}

export const sleep = (ms) => new Promise((r) => { setTimeout(r, ms); });

export async function ended(call, id) {
  for (;;) {
    const job = await call('GET', `/v1/jobs/${id}`);
    if (job.state === 'FAILED' || job.state === 'CANCELLED') throw new Error(`job ${job.kind}: ${job.state} ${job.error ?? ''}`);
    if (job.state === 'DONE') return job;
    await sleep(100);
  }
}

// SPDX-License-Identifier: Apache-2.0
// What a page asks first is asked while its code is still on the way: an answer is handed out once, and only while it is
// fresh. A refusal is never handed out, so that the caller asks again and hears it itself.
const FRESH_MS = 10_000;
const kept = new Map<string, { at: number; answer: Promise<Response> }>();

export function askAhead(path: string, lang: string): void {
  const answer = fetch(path, { headers: { 'Accept-Language': lang } });
  answer.catch(() => undefined);
  kept.set(path, { at: Date.now(), answer });
}

/** Instead of fetch: the answer asked ahead, or the network. */
export async function answerOf(request: Request): Promise<Response> {
  const path = request.url.slice(location.origin.length);
  const found = request.method === 'GET' ? kept.get(path) : undefined;
  if (found) {
    kept.delete(path);
    const answer = Date.now() - found.at < FRESH_MS ? await found.answer.catch(() => null) : null;
    if (answer?.ok) return answer;
  }
  return fetch(request);
}

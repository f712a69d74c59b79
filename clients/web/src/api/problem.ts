// SPDX-License-Identifier: Apache-2.0
// A refusal as the server writes it (RFC 9457), and the two failures the server cannot write: no network, no sense.

export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly rule: string;
  readonly field: string;
  readonly next: string;
  readonly requestId: string;
  readonly info: Record<string, unknown>;

  /** body: parsed problem+json, or anything else when a proxy answered in the server's place. */
  constructor(status: number, body: unknown) {
    const b = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const text = (name: string): string => (typeof b[name] === 'string' ? (b[name] as string) : '');
    super(text('title') || `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.title = text('title');
    this.rule = /^R\d/.test(text('rule')) ? text('rule') : ''; // an RFC is for programs: only the network's own rules are said to people
    this.field = text('field');
    this.next = text('next');
    this.requestId = text('request_id');
    this.slug = text('type').split('/').pop()?.split('#').pop() ?? '';
    this.info = (typeof b.info === 'object' && b.info !== null ? b.info : {}) as Record<string, unknown>;
    this.detail = Array.isArray(this.info.dealers) ? this.info.dealers.join(', ') : text('detail');       // R35: who is asked first
  }

  /** True when the request never reached a server: it may be sent again with the same key. */
  get isOffline(): boolean {
    return this.status === 0;
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, { title: '', detail: String(error) });
}

// SPDX-License-Identifier: Apache-2.0
// Results of calls that have not reached the server: kept in this tab, shown, sent again under their own keys.
import { newKey, post } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { CallCounters, CallResult } from '../../api/types';

export interface Waiting {
  key: string;
  callId: string;
  name: string;
  body: { result: CallResult; call_back_at?: string; note?: string };
}

const STORE = 'call-results';
const RETRY_MS = 4_000;

class CallQueue {
  items = $state<Waiting[]>(read());
  counters = $state.raw<CallCounters | null>(null);
  refused = $state.raw<{ item: Waiting; problem: Problem } | null>(null);
  #isSending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Puts a result in and tries to send at once; resolves when it is either accepted or known to wait. */
  async put(callId: string, name: string, body: Waiting['body']): Promise<void> {
    this.items = [...this.items, { key: newKey(), callId, name, body }];
    this.#keep();
    await this.send();
  }

  /** Oldest first, one at a time; a refusal leaves the queue and is shown, a lost connection keeps it. */
  async send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    try {
      while (this.items.length) {
        const item = this.items[0] as Waiting;
        try {
          const answer = await post<{ counters: CallCounters }>('/v1/calls/{call_id}/result', { path: { call_id: item.callId }, body: item.body, key: item.key });
          this.counters = answer.counters;
        } catch (error) {
          const problem = asProblem(error);
          if (problem.isOffline || problem.status === 503 || problem.status === 401) {
            this.#timer = setTimeout(() => void this.send(), RETRY_MS);
            return;
          }
          this.refused = { item, problem };
        }
        this.items = this.items.slice(1);
        this.#keep();
      }
    } finally {
      this.#isSending = false;
    }
  }

  #keep(): void {
    try {
      if (this.items.length) sessionStorage.setItem(STORE, JSON.stringify(this.items));
      else sessionStorage.removeItem(STORE);
    } catch {
      // without storage the queue lives as long as the page
    }
  }
}

function read(): Waiting[] {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? '[]') as Waiting[];
  } catch {
    return [];
  }
}

export const callQueue = new CallQueue();
addEventListener('online', () => void callQueue.send());
addEventListener('beforeunload', (event) => {
  if (callQueue.items.length) event.preventDefault();
});

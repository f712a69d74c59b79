// SPDX-License-Identifier: Apache-2.0
// Server-sent events: progress, notices, leads. The browser resumes by Last-Event-ID itself; after three failures in a
// row the client asks for jobs every five seconds until the stream is back.
import { session } from './session.svelte';

type Kind = 'job' | 'notice' | 'campaign' | 'lead' | 'task' | 'call' | 'session.revoked' | 'poll';
type Listener = (payload: Record<string, unknown>) => void;

const FAILURES_UNTIL_POLLING = 3;
const POLL_MS = 5_000;
const RETRY_MS = 15_000;

class Live {
  /** 'on' stream runs, 'poll' fallback, 'off' not started */
  state = $state<'off' | 'on' | 'poll'>('off');
  #listeners = new Map<Kind, Set<Listener>>();
  #source: EventSource | null = null;
  #failures = 0;
  #poll: ReturnType<typeof setInterval> | undefined;

  start(): void {
    if (this.#source) return;
    const source = new EventSource('/v1/events');
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.state = 'on';
      this.#stopPolling();
    };
    source.onerror = () => {
      this.#failures += 1;
      if (this.#failures < FAILURES_UNTIL_POLLING && source.readyState !== EventSource.CLOSED) return;
      source.close();
      this.#source = null;
      this.#startPolling();
      setTimeout(() => {
        if (session.who && !session.isLost) this.start();
      }, RETRY_MS);
    };
    for (const kind of ['job', 'notice', 'campaign', 'lead', 'task', 'call', 'session.revoked'] as Kind[]) {
      source.addEventListener(kind, (event) => this.#tell(kind, parse((event as MessageEvent<string>).data)));
    }
  }

  stop(): void {
    this.#source?.close();
    this.#source = null;
    this.#stopPolling();
    this.state = 'off';
  }

  /** Returns the way to stop listening, so an $effect can hand it back. */
  on(kind: Kind, listener: Listener): () => void {
    const set = this.#listeners.get(kind) ?? new Set();
    set.add(listener);
    this.#listeners.set(kind, set);
    return () => set.delete(listener);
  }

  #tell(kind: Kind, payload: Record<string, unknown>): void {
    for (const listener of this.#listeners.get(kind) ?? []) listener(payload);
  }

  #startPolling(): void {
    this.state = 'poll';
    this.#poll ??= setInterval(() => this.#tell('poll', {}), POLL_MS);
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const live = new Live();

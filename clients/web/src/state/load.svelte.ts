// SPDX-License-Identifier: Apache-2.0
// One answer of the server with its states: loading, there, refused, stale. Screens draw it with <Loaded>.
import { untrack } from 'svelte';
import { asProblem, type Problem } from '../api/problem';

export class Loaded<T> {
  data = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  isBusy = $state(false);
  /** an event said that the server has something newer than what is drawn */
  isStale = $state(false);
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  #running: AbortController | null = null;

  constructor(ask: (signal: AbortSignal) => Promise<T>) {
    this.#ask = ask;
  }

  /** An effect that calls it depends on nothing read here: name the dependencies before the call. */
  load(): Promise<void> {
    return untrack(() => this.#go());
  }

  async #go(): Promise<void> {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    this.isBusy = true;
    try {
      const data = await this.#ask(mine.signal);
      if (mine.signal.aborted) return;
      this.data = data;
      this.problem = null;
      this.isStale = false;
    } catch (error) {
      if (mine.signal.aborted) return;
      this.problem = asProblem(error);
      if (this.problem.status === 404) this.data = null; // what is gone, or no longer the caller's to see, is not shown on
    } finally {
      if (this.#running === mine) this.isBusy = false;
    }
  }

  /** Forgets what is drawn: the next load is of something else. */
  clear(): void {
    this.#running?.abort();
    this.data = null;
    this.problem = null;
    this.isStale = false;
  }

  set(data: T): void {
    this.data = data;
    this.problem = null;
  }
}

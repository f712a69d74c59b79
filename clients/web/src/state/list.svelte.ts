// SPDX-License-Identifier: Apache-2.0
// A long list: keyset pages kept in memory, a cursor for the keyboard, a selection. The order of ids stays known to
// the record, so J and K walk the list it was opened from.
import { untrack } from 'svelte';
import { asProblem, type Problem } from '../api/problem';
import type { Page } from '../api/types';

export class PagedList<T> {
  rows = $state.raw<T[]>([]);
  estimate = $state<number | null>(null);
  problem = $state.raw<Problem | null>(null);
  isBusy = $state(false);
  isLoaded = $state(false);
  cursor = $state(-1);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  next = $state<string | null>(null);
  readonly idOf: (row: T) => string;
  readonly #ask: (after: string | null, signal: AbortSignal) => Promise<Page<T>>;
  #running: AbortController | null = null;
  #anchor = -1;

  constructor(ask: (after: string | null, signal: AbortSignal) => Promise<Page<T>>, idOf: (row: T) => string) {
    this.#ask = ask;
    this.idOf = idOf;
  }

  /** First page of a new filter (an effect that calls it depends on nothing here); rows stay drawn until the answer is there, so nothing jumps. */
  load(): Promise<void> {
    return untrack(() => this.#first());
  }

  async #first(): Promise<void> {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    this.isBusy = true;
    try {
      const page = await this.#ask(null, mine.signal);
      if (mine.signal.aborted) return;
      this.rows = page.items;
      this.next = page.next ?? null;
      this.estimate = page.estimate ?? null;
      this.problem = null;
      this.isLoaded = true;
      this.cursor = Math.min(this.cursor, page.items.length - 1);
    } catch (error) {
      if (!mine.signal.aborted) this.problem = asProblem(error);
    } finally {
      if (this.#running === mine) this.isBusy = false;
    }
  }

  more(): Promise<void> {
    return untrack(() => this.#further());
  }

  async #further(): Promise<void> {
    if (this.isBusy || !this.next || this.problem) return;
    const mine = new AbortController();
    this.#running = mine;
    this.isBusy = true;
    try {
      const page = await this.#ask(this.next, mine.signal);
      if (mine.signal.aborted) return;
      const known = new Set(this.rows.map(this.idOf));
      this.rows = [...this.rows, ...page.items.filter((row) => !known.has(this.idOf(row)))];
      this.next = page.next ?? null;
    } catch (error) {
      if (!mine.signal.aborted) this.problem = asProblem(error);
    } finally {
      if (this.#running === mine) this.isBusy = false;
    }
  }

  move(step: number): void {
    if (!this.rows.length) return;
    this.cursor = Math.max(0, Math.min(this.rows.length - 1, this.cursor + step));
    if (this.cursor > this.rows.length - 15) void this.more();
  }

  get current(): T | undefined {
    return this.rows[this.cursor];
  }

  toggle(index: number): void {
    const row = this.rows[index];
    if (!row) return;
    const next = new Set(this.chosen);
    const id = this.idOf(row);
    if (next.has(id)) next.delete(id);
    else next.add(id);
    this.chosen = next;
    this.#anchor = index;
  }

  /** Shift X: everything between the last ticked row and this one. */
  range(index: number): void {
    const from = this.#anchor < 0 ? index : this.#anchor;
    const next = new Set(this.chosen);
    for (const row of this.rows.slice(Math.min(from, index), Math.max(from, index) + 1)) next.add(this.idOf(row));
    this.chosen = next;
  }

  chooseLoaded(isOn: boolean): void {
    this.chosen = new Set(isOn ? this.rows.map(this.idOf) : []);
  }
}

/** The list a record was opened from: kept while the record is read. */
export const trail = $state<{ ids: string[]; back: string }>({ ids: [], back: '/clients' });

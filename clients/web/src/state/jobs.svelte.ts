// SPDX-License-Identifier: Apache-2.0
// Long work of this person: what runs, how fast, what came out. Fed by events, by polling when the stream is gone.
import { get, post } from '../api/client';
import type { Job, Page } from '../api/types';
import { live } from './live.svelte';

const ENDED = new Set(['DONE', 'FAILED', 'CANCELLED']);

export interface SeenJob extends Job {
  /** units a second, from the last two sights */
  rate?: number;
  seenAt?: number;
}

class Jobs {
  items = $state<SeenJob[]>([]);
  #waiting = new Map<string, (job: Job) => void>();

  get running(): SeenJob[] {
    return this.items.filter((job) => !ENDED.has(job.state));
  }

  async load(): Promise<void> {
    const page = await get<Page<Job>>('/v1/jobs', { query: { limit: 20 } });
    for (const job of [...page.items].reverse()) this.#see(job);
  }

  start(): void {
    void this.load().catch(() => undefined);
    live.on('job', (payload) => {
      const job = payload as unknown as Job;
      this.#see(job);
      if (ENDED.has(job.state)) void this.#fetch(job.id);
    });
    live.on('poll', () => {
      if (this.running.length || this.#waiting.size) void this.load().catch(() => undefined);
    });
  }

  /** Waits for the end of a job just ordered; asks the server itself in case the event came earlier. */
  async wait(id: string): Promise<Job> {
    const done = new Promise<Job>((resolve) => this.#waiting.set(id, resolve));
    await this.#fetch(id);
    const asker = setInterval(() => void this.#fetch(id), 4_000);
    return done.finally(() => clearInterval(asker));
  }

  find(id: string | null | undefined): SeenJob | undefined {
    return id ? this.items.find((job) => job.id === id) : undefined;
  }

  async cancel(id: string): Promise<void> {
    await post('/v1/jobs/{job_id}/cancel', { path: { job_id: id } });
    await this.#fetch(id);
  }

  hide(id: string): void {
    this.items = this.items.filter((job) => job.id !== id);
  }

  async #fetch(id: string): Promise<void> {
    const job = await get<Job>('/v1/jobs/{job_id}', { path: { job_id: id } }).catch(() => null);
    if (job) this.#see(job);
  }

  #see(job: Job): void {
    const old = this.find(job.id);
    const now = Date.now();
    let rate = old?.rate;
    const more = (job.done ?? 0) - (old?.done ?? 0);
    if (old?.seenAt && now - old.seenAt > 400 && more > 0) rate = (more * 1000) / (now - old.seenAt);
    const seen: SeenJob = { ...old, ...job, rate, seenAt: now };
    this.items = old ? this.items.map((item) => (item.id === job.id ? seen : item)) : [seen, ...this.items].slice(0, 30);
    if (ENDED.has(job.state)) {
      this.#waiting.get(job.id)?.(seen);
      this.#waiting.delete(job.id);
    }
  }
}

export const jobs = new Jobs();

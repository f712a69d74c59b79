// SPDX-License-Identifier: Apache-2.0
// Counts in the rail: overdue tasks, leads that wait, unread notices. Asked at the start, then only when an event says so.
import { get } from '../../api/client';
import type { Lead, Notice, Page, Task } from '../../api/types';
import { live } from '../../state/live.svelte';
import { may } from '../../state/session.svelte';

class Badges {
  tasks = $state(0);
  leads = $state(0);
  notices = $state.raw<Notice[]>([]);

  get unread(): number {
    return this.notices.filter((notice) => !notice.read_at).length;
  }

  start(): () => void {
    void this.#tasks();
    void this.#leads();
    void this.loadNotices();
    const stops = [
      live.on('task', () => void this.#tasks()),
      live.on('lead', () => void this.#leads()),
      live.on('notice', () => void this.loadNotices()),
      live.on('poll', () => void this.loadNotices()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async loadNotices(): Promise<void> {
    const page = await get<Page<Notice>>('/v1/notices', { query: { limit: 30 } }).catch(() => null);
    if (page) this.notices = page.items;
  }

  async #tasks(): Promise<void> {
    if (!may('tasks')) return;
    const page = await get<Page<Task>>('/v1/tasks', {
      query: { scope: 'mine', state: 'OPEN', due_before: new Date().toISOString(), limit: 100 },
    }).catch(() => null);
    if (page) this.tasks = page.items.length;
  }

  async #leads(): Promise<void> {
    if (!may('leads')) return;
    const page = await get<Page<Lead>>('/v1/leads', { query: { limit: 100 } }).catch(() => null);
    if (page) this.leads = page.items.length;
  }
}

export const badges = new Badges();

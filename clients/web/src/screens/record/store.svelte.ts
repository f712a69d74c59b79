// SPDX-License-Identifier: Apache-2.0
// One open record: the person, the stream of what happened, and the acts that change them.
import { get, patch, post } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Contact, Page, Person, Right, TimelineItem } from '../../api/types';
import { words } from '../../i18n';
import { PagedList } from '../../state/list.svelte';
import { Loaded } from '../../state/load.svelte';
import { toasts } from '../../state/toast.svelte';

export class RecordStore {
  readonly id: string;
  /** which part of the stream is shown; all of it is loaded */
  kind = $state('');
  readonly person: Loaded<Person>;
  readonly timeline: PagedList<TimelineItem>;

  constructor(id: string) {
    this.id = id;
    const path = { person_id: id };
    this.person = new Loaded((signal) => get<Person>('/v1/people/{person_id}', { path, signal }));
    this.timeline = new PagedList<TimelineItem>(
      (after, signal) => get<Page<TimelineItem>>('/v1/people/{person_id}/timeline', { path, query: { limit: 100, after }, signal }),
      (item) => item.kind + item.id,
    );
  }

  load(): void {
    void this.person.load();
    void this.timeline.load();
  }

  /** Whether an act just done took the person out of the caller's sight. */
  async isGone(): Promise<boolean> {
    try {
      await get<Person>('/v1/people/{person_id}', { path: { person_id: this.id } });
      return false;
    } catch (error) {
      return asProblem(error).status === 404;
    }
  }

  /** Runs an act, says so, reads the record again; a refusal is shown with its rule. */
  async act(run: () => Promise<unknown>, said: string): Promise<boolean> {
    try {
      await run();
      toasts.show(said, { tone: 'good' });
      this.load();
      return true;
    } catch (error) {
      toasts.refuse(error);
      return false;
    }
  }

  async editPerson(change: Record<string, unknown>): Promise<void> {
    const before = this.person.data;
    if (!before) return;
    const path = { person_id: this.id };
    const answer = await patch<{ version: number }>('/v1/people/{person_id}', { path, version: before.version, body: change });
    const old = Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof Person] ?? null]));
    this.load();
    toasts.show(words('people').record.saved, {
      tone: 'good',
      undo: async () => {
        await patch('/v1/people/{person_id}', { path, version: answer.version, body: old });
        this.load();
      },
    });
  }

  async editContact(contact: Contact, change: Record<string, unknown>): Promise<void> {
    const path = { person_id: this.id, contact_id: contact.id };
    const answer = await patch<{ version: number }>('/v1/people/{person_id}/contacts/{contact_id}', { path, version: contact.version, body: change });
    const old = Object.fromEntries(Object.keys(change).map((name) => [name, contact[name as keyof Contact]]));
    this.load();
    toasts.show(words('people').record.saved, {
      tone: 'good',
      undo: async () => {
        await patch('/v1/people/{person_id}/contacts/{contact_id}', { path, version: answer.version, body: old });
        this.load();
      },
    });
  }

  right(right: Right, verb: 'accept' | 'decline' | 'lost' | 'hold' | 'deliver' | 'cancel-order' | 'seat', body: Record<string, unknown>): Promise<unknown> {
    return post(`/v1/rights/{right_id}/${verb}`, { path: { right_id: right.id }, body });
  }
}

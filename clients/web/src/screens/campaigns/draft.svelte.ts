// SPDX-License-Identifier: Apache-2.0
// A campaign being written: what is typed, what is saved, what is still missing.
import { get, patch, post } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { Campaign, Segment } from '../../api/types';
import { go } from '../../state/router.svelte';
import { isRole } from '../../state/session.svelte';
import { fromDefinition, isComplete, newGroup, toDefinition, type Group } from '../segments/tree';

export const STEPS = ['audience', 'message', 'check', 'launch'] as const;
export type Step = (typeof STEPS)[number];

/** R71: what each line of business speaks of; head office may speak of the brand, safety and loyalty in any. */
export const TOPICS: Record<string, string[]> = {
  SALES: ['models', 'trade_in', 'test_drive', 'finance', 'thanks', 'delivery', 'brand', 'safety', 'loyalty'],
  AFTERSALES: ['service_due', 'recall', 'tyres', 'parts', 'repair_quote', 'brand', 'safety', 'loyalty'],
  RELATION: ['greeting', 'survey', 'news', 'brand', 'safety', 'loyalty'],
};
export const needsOccasion = (topic: string): boolean => topic === 'greeting' || topic === 'survey';

export class CampaignDraft {
  id = $state('');
  version = $state(0);
  name = $state('');
  grp = $state(isRole('marketer') ? 'RELATION' : 'SALES');
  kind = $state(isRole('marketer') ? 4 : 3);
  brand = $state('');
  channel = $state<'EMAIL' | 'CALL'>('EMAIL');
  group = $state<Group>(newGroup());
  subject = $state('');
  body = $state('');
  script = $state('');
  lockDays = $state(14);
  startsAt = $state('');
  topic = $state('');
  occasion = $state('');
  isDirect = $state(false);
  problem = $state.raw<Problem | null>(null);
  isBusy = $state(false);
  #saved = '';

  constructor(from: Campaign | null) {
    if (from) this.take(from);
    else this.#saved = '';
  }

  take(from: Campaign): void {
    this.id = from.id;
    this.version = from.version;
    this.name = from.name;
    this.grp = from.grp;
    this.kind = from.class;
    this.brand = from.brand_id ? String(from.brand_id) : '';
    this.channel = from.channel;
    this.group = fromDefinition(from.definition);
    this.subject = from.subject ?? '';
    this.body = from.body ?? '';
    this.script = from.script ?? '';
    this.lockDays = from.lock_days ?? 14;
    this.startsAt = from.starts_at ?? '';
    this.topic = from.topic ?? '';
    this.occasion = from.occasion ?? '';
    this.isDirect = from.is_direct ?? false;
    this.#saved = JSON.stringify(this.#bodyOf());
  }

  async useSegment(id: string): Promise<void> {
    const segment = await get<Segment>('/v1/segments/{segment_id}', { path: { segment_id: id } }).catch(() => null);
    if (!segment) return;
    this.group = fromDefinition(segment.definition);
    if (!this.name) this.name = segment.name;
  }

  #bodyOf(): Record<string, unknown> {
    return {
      name: this.name.trim(),
      grp: this.grp,
      class: this.kind,
      brand_id: Number(this.brand), // 0: of any brand; absent would leave it as it was
      channel: this.channel,
      definition: toDefinition(this.group),
      subject: this.channel === 'EMAIL' ? this.subject.trim() || undefined : undefined,
      body: this.channel === 'EMAIL' ? this.body.trim() || undefined : undefined,
      script: this.channel === 'CALL' ? this.script.trim() || undefined : undefined,
      lock_days: this.lockDays,
      starts_at: this.startsAt || undefined,
      topic: (TOPICS[this.grp] ?? []).includes(this.topic) ? this.topic : '',
      occasion: needsOccasion(this.topic) ? this.occasion.trim() : '',
      is_direct: this.isDirect,
    };
  }

  get isAudienceReady(): boolean {
    return this.name.trim() !== '' && isComplete(this.group) && (!needsOccasion(this.topic) || this.occasion.trim() !== '');
  }

  get isMessageReady(): boolean {
    return this.channel === 'EMAIL' ? this.subject.trim() !== '' && this.body.trim() !== '' : this.script.trim() !== '';
  }

  get isChanged(): boolean {
    return JSON.stringify(this.#bodyOf()) !== this.#saved;
  }

  /** Keeps what is typed; true when the server has it. */
  async save(): Promise<boolean> {
    if (!this.isAudienceReady) return false;
    if (!this.isChanged && this.id) return true;
    const body = this.#bodyOf();
    return this.run(async () => {
      const answer = this.id
        ? await patch<Campaign>('/v1/campaigns/{campaign_id}', { path: { campaign_id: this.id }, version: this.version, body })
        : await post<Campaign>('/v1/campaigns', { body });
      const isFirst = !this.id;
      this.id = answer.id;
      this.version = answer.version;
      this.#saved = JSON.stringify(body);
      if (isFirst) go(`/campaigns/${answer.id}?step=message`, { replace: true });
    });
  }

  async run(act: () => Promise<void>): Promise<boolean> {
    this.isBusy = true;
    this.problem = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}

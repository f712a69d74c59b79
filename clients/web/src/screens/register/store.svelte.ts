// SPDX-License-Identifier: Apache-2.0
// Registration: keys and consent first, a counted probe, then the rest. A change of a key voids the verdict.
import { newKey, post } from '../../api/client';
import { asProblem, type Problem } from '../../api/problem';
import type { ProbeAnswer, Registration } from '../../api/types';

export const PURPOSES = ['walk_in', 'incoming_call', 'web_request', 'customer_request', 'referral', 'exhibition'] as const;
export const CHANNELS = ['EMAIL', 'SMS', 'CALL'] as const;

export class RegisterStore {
  kind = $state<'PERSON' | 'COMPANY'>('PERSON');
  phone = $state('');
  email = $state('');
  vin = $state('');
  plate = $state('');
  inn = $state('');
  kpp = $state('');
  passport = $state('');
  licence = $state('');
  surname = $state('');
  brand = $state('');
  line = $state('NEW');
  purpose = $state('');
  consent = $state('');
  name = $state('');
  given = $state('');
  patronymic = $state('');
  city = $state('');
  born = $state('');
  interest = $state('');
  source = $state('');
  channels = $state<string[]>([]);
  seat = $state('');

  verdict = $state.raw<ProbeAnswer | null>(null);
  result = $state.raw<Registration | null>(null);
  problem = $state.raw<Problem | null>(null);
  isBusy = $state(false);
  wasChecked = $state(false);
  #checkedKeys = '';
  #saveKey = newKey();

  get keys(): Record<string, unknown> {
    return {
      phone: this.phone.trim() || undefined,
      email: this.email.trim() || undefined,
      vin: this.vin.trim().toUpperCase() || undefined,
      plate: this.plate.trim() || undefined,
      inn: this.kind === 'COMPANY' ? this.inn.trim() || undefined : undefined,
      kpp: this.kind === 'COMPANY' && this.inn.trim() ? this.kpp.trim() || undefined : undefined,
      surname: this.kind === 'PERSON' ? this.surname.trim() || undefined : undefined,
      brand_id: Number(this.brand) || undefined,
      line: this.line,
    };
  }

  /** Fields without which the server may not be asked (R26). */
  get missing(): string[] {
    const out: string[] = [];
    if (!this.phone.trim() && !this.email.trim() && !(this.kind === 'COMPANY' && this.inn.trim())) out.push('phone');
    if (!this.brand) out.push('brand_id');
    if (!this.purpose) out.push('purpose');
    if (!this.consent.trim()) out.push('consent_evidence');
    return out;
  }

  /** The verdict still speaks about what stands in the fields. */
  get isFresh(): boolean {
    return this.verdict !== null && this.#checkedKeys === JSON.stringify(this.keys);
  }

  get isFree(): boolean {
    return this.isFresh && this.verdict?.verdict === 'FREE';
  }

  get isConflict(): boolean {
    return this.isFresh && this.verdict?.verdict !== 'FREE';
  }

  async check(): Promise<void> {
    this.wasChecked = true;
    if (this.missing.length || this.isBusy) return;
    await this.#run(async () => {
      const keys = this.keys;
      this.verdict = await post<ProbeAnswer>('/v1/probes', { body: { ...keys, purpose: this.purpose, consent_evidence: this.consent.trim() } });
      this.#checkedKeys = JSON.stringify(keys);
      this.#saveKey = newKey();
    });
  }

  async save(): Promise<void> {
    if (!this.isFree || this.isBusy) return;
    await this.#run(async () => {
      const isPerson = this.kind === 'PERSON';
      const answer = await post<Registration>('/v1/registrations', {
        key: this.#saveKey,
        body: {
          ...this.keys,
          kind: this.kind,
          name: isPerson ? undefined : this.name.trim() || undefined,
          given_name: isPerson ? this.given.trim() || undefined : undefined,
          patronymic: isPerson ? this.patronymic.trim() || undefined : undefined,
          born_on: isPerson ? this.born || undefined : undefined,
          passport: isPerson ? this.passport.trim() || undefined : undefined,
          licence: isPerson ? this.licence.trim() || undefined : undefined,
          city: this.city.trim() || undefined,
          source: this.source || this.purpose,
          occasion: this.purpose,
          interest: this.interest.trim() || undefined,
          consent_evidence: this.consent.trim(),
          consent_channels: this.channels,
          seat_id: this.seat || undefined,
        },
      });
      this.passport = this.licence = '';
      if (answer.verdict === 'FREE' || answer.state) this.result = answer;
      else {
        // somebody was faster between check and save: the same card as after a check
        this.verdict = answer;
        this.#checkedKeys = JSON.stringify(this.keys);
      }
    });
  }

  async wait(): Promise<ProbeAnswer | null> {
    let answer: ProbeAnswer | null = null;
    await this.#run(async () => {
      answer = await post<ProbeAnswer>('/v1/waiting-claims', { body: { ...this.keys, purpose: this.purpose, consent_evidence: this.consent.trim() } });
    });
    return answer;
  }

  async #run(act: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.problem = null;
    try {
      await act();
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.isBusy = false;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// Signs of the timeline and its groups.
import type { IconName } from '../../kit/icons';

export const KIND_ICONS: Record<string, IconName> = {
  NOTE: 'note', CALL_OUT: 'phone', CALL_IN: 'phone', MAIL_OUT: 'mail', MAIL_IN: 'mail', SMS_OUT: 'sms', SMS_IN: 'sms',
  VISIT: 'pin', TEST_DRIVE: 'wheel', OFFER: 'doc', APPRAISAL: 'ruble', CREDIT: 'ruble', ORDER: 'doc', DEPOSIT: 'ruble',
  APPOINTMENT: 'calendar', GREETING: 'cake', SYSTEM: 'gear', SALE: 'car', REPAIR_ORDER: 'wrench', RIGHT: 'flag',
  CONSENT_GIVEN: 'shield', CONSENT_WITHDRAWN: 'close', TOUCH: 'campaign',
};

export const STREAM_FILTERS = ['', 'contact', 'document', 'right', 'consent', 'campaign'] as const;

/** Which filter an entry belongs to: what the server does not name is a contact with the client. */
export function groupOf(kind: string): string {
  if (kind === 'SALE' || kind === 'REPAIR_ORDER') return 'document';
  if (kind === 'RIGHT') return 'right';
  if (kind.startsWith('CONSENT')) return 'consent';
  return kind === 'TOUCH' ? 'campaign' : 'contact';
}

export const iconOf = (kind: string): IconName => KIND_ICONS[kind] ?? 'list';

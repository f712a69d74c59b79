// SPDX-License-Identifier: Apache-2.0
// Signs of the timeline and its groups.
import type { IconName } from '../../kit/icons';

export const KIND_ICONS: Record<string, IconName> = {
  NOTE: 'note', CALL_OUT: 'phone', CALL_IN: 'phone', MAIL_OUT: 'mail', MAIL_IN: 'mail', SMS_OUT: 'sms', SMS_IN: 'sms',
  VISIT: 'pin', TEST_DRIVE: 'wheel', OFFER: 'doc', APPRAISAL: 'ruble', CREDIT: 'ruble', ORDER: 'doc', DEPOSIT: 'ruble',
  APPOINTMENT: 'calendar', GREETING: 'cake', SYSTEM: 'gear', sale: 'car', order: 'wrench', repair_order: 'wrench', right: 'flag',
  consent: 'shield', campaign: 'campaign', task: 'task', attachment: 'clip',
};

export const STREAM_FILTERS = ['', 'interaction', 'document', 'right', 'consent', 'campaign'] as const;

export const iconOf = (kind: string): IconName => KIND_ICONS[kind] ?? KIND_ICONS[kind.toLowerCase()] ?? KIND_ICONS[kind.split(/[._]/)[0]?.toLowerCase() ?? ''] ?? 'list';

// SPDX-License-Identifier: Apache-2.0
// Results of a call on the keys 1 to 6, and the three usual times to call back. Pure.
import type { CallResult } from '../../api/types';
import type { IconName } from '../../kit/icons';
import { atHour } from '../../lib/moment';

export const RESULTS: readonly { result: CallResult; icon: IconName; tone: string }[] = [
  { result: 'agreed', icon: 'check', tone: 'good' },
  { result: 'call_back', icon: 'clock', tone: '' },
  { result: 'refused', icon: 'close', tone: '' },
  { result: 'no_answer', icon: 'phone', tone: '' },
  { result: 'wrong_number', icon: 'warn', tone: '' },
  { result: 'do_not_call', icon: 'stop', tone: 'bad' },
];

export const EVENING_HOUR = 18;
export const MORNING_HOUR = 10;

/** "In an hour", "tonight" (only before it), "tomorrow at ten": never in the past. */
export function callBackTimes(now: number): { key: 'hour' | 'evening' | 'tomorrow'; at: number }[] {
  const evening = atHour(now, 0, EVENING_HOUR);
  return [
    { key: 'hour' as const, at: now + 3_600_000 },
    ...(evening - now > 3_600_000 ? [{ key: 'evening' as const, at: evening }] : []),
    { key: 'tomorrow' as const, at: atHour(now, 1, MORNING_HOUR) },
  ];
}

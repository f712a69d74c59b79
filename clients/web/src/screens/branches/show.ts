// SPDX-License-Identifier: Apache-2.0
import { words } from '../../i18n';
import { minutes, num, pct } from '../../i18n/format';
import type { Unit } from './measures';

/** One way to write a figure everywhere: share with one digit, minutes as time, means with at most two digits, counts whole. */
export function show(unit: Unit, value: number | null): string {
  switch (unit) {
    case 'share': return pct(value, 1);
    case 'minutes': return minutes(value);
    case 'days': return value === null ? num(value) : `${num(value, Number.isInteger(value) ? 0 : 1)} ${words('audit').day}`;
    case 'number': return num(value, value === null || Number.isInteger(value) ? 0 : value < 10 ? 2 : 1);
    case 'count': return num(value);
  }
}

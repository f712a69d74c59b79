// SPDX-License-Identifier: Apache-2.0
import { minutes, num, pct } from '../../i18n/format';
import type { Unit } from './measures';

/** One way to write a figure everywhere: share with one digit, minutes as time, counts whole. */
export const show = (unit: Unit, value: number | null): string => (unit === 'share' ? pct(value, 1) : unit === 'minutes' ? minutes(value) : num(value));

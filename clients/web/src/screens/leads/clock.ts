// SPDX-License-Identifier: Apache-2.0
// Arithmetic of the response clock. Pure.
import type { WorkClock } from '../../api/types-routing';

/** Working milliseconds left now, of a clock that was told at `asked`: it runs from runs_from, stands still from runs_until on, and is over
 *  at `until` whatever the hours say. */
export function leftMs(clock: WorkClock, until: string, asked: number, now: number): number {
  const end = new Date(until).getTime();
  if (now >= end) return 0;
  const from = Math.max(asked, clock.runs_from ? new Date(clock.runs_from).getTime() : asked);
  const to = Math.min(now, clock.runs_until ? new Date(clock.runs_until).getTime() : now);
  return Math.max(0, clock.left_min * 60_000 - Math.max(0, to - from));
}

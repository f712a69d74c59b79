// SPDX-License-Identifier: Apache-2.0
// Where a notice leads: its kind names the screen, its subject the thing.
import { may } from '../../state/session.svelte';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const PLACES: Record<string, string> = {
  N1: '/leads', N2: '/clients', N3: '/leads', N4: '/leads', N5: '/clients', N6: '/clients', N7: '/walk-ins?scope=elsewhere', N8: '/disputes', N9: '/disputes', N10: '/transfers', A1: '/approvals', A2: '/approvals',
  N11: '/campaigns', N12: '/campaigns', N13: '/clients', N14: '/ledger', N15: '/rules',
};
/** Screens that show one thing by its id. */
const NAMED = new Set(['/clients', '/disputes']);
const RIGHTS: Record<string, string> = { '/clients': 'people', '/walk-ins?scope=elsewhere': 'walkins' };

/** The address of what a notice is about; null when the reader has no screen for it. */
export function placeOf(kind: string, subject: string | null): string | null {
  const base = kind === 'N15' && subject === 'territory' ? '/territories' : PLACES[kind];
  if (!base || !may(RIGHTS[base] ?? base.slice(1))) return null;
  return subject && UUID.test(subject) && NAMED.has(base) ? `${base}/${subject}` : base;
}

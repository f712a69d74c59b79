// SPDX-License-Identifier: Apache-2.0
// Which acts exist for a right in its state and for the caller's role: D.2's table as buttons. The server decides anyway.
import type { Right } from '../../api/types';
import { isRole, session } from '../../state/session.svelte';

export type Act = 'accept' | 'decline' | 'seat' | 'hold' | 'deliver' | 'cancel-order' | 'lost' | 'assign' | 'transfer';

export function actsFor(right: Right): Act[] {
  const isDesk = isRole('manager', 'seller', 'adviser');
  const isSales = isRole('manager', 'seller');
  const acts: Act[] = [];
  if (isRole('router') && ['ACTIVE', 'CUSTOMER', 'GRACE'].includes(right.state)) acts.push('transfer');
  // a dealer is told of its own rights only; a colleague's are the manager's and the colleague's to change
  if (!session.who?.dealer_id || !(right.is_mine || !right.seat_id || isRole('manager'))) return acts;
  if (right.state === 'OFFERED' && isDesk) acts.push('accept', 'decline');
  if (right.state === 'ACTIVE' && isSales) acts.push('hold');
  if (right.state === 'HELD' && isSales) acts.push('deliver', 'cancel-order');
  if (right.state !== 'OFFERED' && isRole('manager')) acts.push('seat');
  if (right.state === 'ACTIVE' && isDesk) acts.push('lost');
  if (['ACTIVE', 'CUSTOMER', 'GRACE'].includes(right.state) && isRole('manager')) acts.push('transfer');
  return acts;
}

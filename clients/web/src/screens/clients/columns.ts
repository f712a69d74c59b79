// SPDX-License-Identifier: Apache-2.0
import { words } from '../../i18n';
import type { Column } from '../../lib/columns';
import { isRole } from '../../state/session.svelte';

/** The list's columns in their order; rank says which stay when the room is short. The router's people are free: what a
 *  right carries (car, terms, seat) is empty there and only shown when chosen. */
export function clientColumns(): Column[] {
  const w = words('list').column;
  const isRouter = isRole('router');
  return [
    { id: 'name', title: w.name, width: 290, sort: 'name' },
    { id: 'state', title: w.state, width: 112, rank: 1 },
    { id: 'vehicle', title: w.vehicle, width: 225, rank: isRouter ? undefined : 3 },
    { id: 'phone', title: w.phone, width: 156, rank: 2 },
    { id: 'next', title: w.next, width: 130, rank: isRouter ? undefined : 4 },
    { id: 'protect', title: w.protect, width: 104, rank: isRouter ? undefined : 6, sort: 'protect_until' },
    { id: 'visit', title: w.visit, width: 104, rank: isRouter ? undefined : 5, isNumber: true, sort: '-last_visit' },
    { id: 'orders', title: w.orders, width: 150, rank: isRouter ? undefined : 7, isNumber: true },
    { id: 'seat', title: isRouter ? w.dealer : w.seat, width: 150, rank: isRouter ? undefined : isRole('manager') ? 3.5 : 10 },
    { id: 'abc', title: w.abc, width: 56, rank: 8 },
    { id: 'city', title: w.city, width: 130, rank: isRouter ? 2.5 : 9 },
    { id: 'line', title: w.line, width: 190, rank: isRouter ? undefined : 11 },
    { id: 'email', title: w.email, width: 190 },
  ];
}

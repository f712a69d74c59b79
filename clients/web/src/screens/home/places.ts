// SPDX-License-Identifier: Apache-2.0
// Where a number of the home page leads: the server may say so, else by its key. Own paths only.
import type { Home } from '../../api/types';
import { match } from '../../routes';
import { may } from '../../state/session.svelte';

const BY_KEY: [RegExp, string][] = [
  [/duplicate|pair/, '/duplicates'], [/merge/, '/merges'], [/privacy|erase|request/, '/privacy'], [/overdue|task/, '/tasks'], [/lead|offer|pool/, '/leads'], [/campaign/, '/campaigns'], [/call/, '/calls'],
  [/competing|touch/, '/touches'], [/ledger|probe|read/, '/ledger'], [/dealer/, '/dealers'], [/staff|user/, '/staff'],
  [/custom|client|people|right|grace|protect/, '/clients'], [/accept|contact|branch|retention/, '/branches'], [/mail/, '/mail'],
];

export function placeOf(tile: Home['tiles'][number]): string | null {
  const wanted = tile.link && /^\/(?!\/)/.test(tile.link) ? tile.link : BY_KEY.find(([pattern]) => pattern.test(tile.key))?.[1];
  if (!wanted) return null;
  const found = match(new URL(wanted, location.origin).pathname);
  return found && may(found.row.right) ? wanted : null;
}

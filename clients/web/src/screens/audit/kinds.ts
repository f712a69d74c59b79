// SPDX-License-Identifier: Apache-2.0
// Kinds of ledger rows as words: the exact kind when it is known, else its noun and the code.
import { words } from '../../i18n';

export const KIND_GROUPS = ['read.*', 'probe.*', 'registration.*', 'right.*', 'lead.*', 'consent.*', 'campaign.*', 'call.*', 'contact.*', 'person.*', 'import.*', 'exchange.*', 'staff.*', 'session.*', 'dealer.*'];

export function kindName(kind: string): string {
  const w = words('audit').ledger;
  const exact = w.kinds[kind];
  if (exact) return exact;
  const noun = w.groups[`${kind.split('.')[0] ?? ''}.*`];
  return noun ? `${noun}: ${kind.split('.').slice(1).join('.')}` : kind;
}

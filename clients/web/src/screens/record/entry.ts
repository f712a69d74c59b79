// SPDX-License-Identifier: Apache-2.0
// The words of one entry of the stream: codes of rights, consents and channels become sentences.
import type { TimelineItem } from '../../api/types';
import { named, t, words } from '../../i18n';
import { brandName } from '../../state/session.svelte';

type Entry = TimelineItem & { brand_id?: number | null; line?: string | null };

/** What all entries of stops of the service share (R17): each stop moves every term of every right, and one line tells it. */
export const outageOf = (item: Entry): string | null => (item.kind === 'RIGHT' && item.document === 'R17' ? 'R17' : null);

export function entryTitle(item: Entry): string {
  const w = words('people');
  const kind = named(w.timeline.kind, item.kind);
  switch (item.kind) {
    case 'RIGHT': return outageOf(item) ? w.timeline.outage : `${kind}: ${named(t.rightState, item.title).toLocaleLowerCase()}`;
    case 'CONSENT_GIVEN':
    case 'CONSENT_WITHDRAWN': return `${kind}: ${named(w.consent.purpose, item.title).toLocaleLowerCase()}`;
    case 'TOUCH': return item.title ? `${kind} «${item.title}»` : kind;
    case 'SALE':
    case 'REPAIR_ORDER': return [kind, item.document].filter(Boolean).join(' ');
    default: return item.title || kind;
  }
}

export function entryText(item: Entry): string {
  const w = words('people');
  const about = [brandName(item.brand_id), named(t.line, item.line)].filter(Boolean).join(' · ');
  switch (item.kind) {
    case 'RIGHT': return outageOf(item) ? '' : [about, item.text ? named(item.text in w.right.lost ? w.right.lost : w.right.reason, item.text).toLocaleLowerCase() : ''].filter(Boolean).join(' · ');
    case 'CONSENT_GIVEN':
    case 'CONSENT_WITHDRAWN':
    case 'TOUCH': return named(t.channel, item.text);
    case 'ORDER': return [about, item.text].filter(Boolean).join(' · ');
    case 'SALE':
    case 'REPAIR_ORDER': return [item.title, about].filter(Boolean).join(' · ');
    default: return item.text ?? '';
  }
}

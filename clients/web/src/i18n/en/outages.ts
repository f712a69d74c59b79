// SPDX-License-Identifier: Apache-2.0
import type ru from '../ru/outages';

const outages: typeof ru = {
  sub: 'Terms of rights grow by the time the service stood still (R17)',
  add: 'Plan a stop', plan: 'Plan', addText: 'Every running term grows by exactly the time the service stands still within these bounds. Unannounced, only a stop of more than four hours counts.',
  from: 'From', until: 'Until', reason: 'Reason', reasonHint: 'For example: new disks', week: 'Not before its beginning and not longer than a week',
  planned: 'The stop is planned', cancel: 'Call off', cancelled: 'The stop was called off', cancelText: 'A stop within these bounds no longer counts as planned: only one of more than four hours makes terms grow. The record stays.',
  none: 'There were no stops', noneText: 'Planned stops and unplanned ones of more than four hours appear here, with the number of terms they made grow.',
  noticed: 'Noticed by the service itself',
  rights: (n: number, shown: string) => (n ? `terms extended: ${shown}` : 'no term was touched'),
  state: { PLANNED: 'Planned', NOW: 'Under way', OVER: 'Over', CANCELLED: 'Called off', RUNNING: 'Extending terms', EXTENDED: 'Terms extended' },
  quality: {
    sub: 'What was entered by hand and what of it clients confirmed (R56)', ask: 'Ask clients', period: 'Period', days: { '30': '30 days', '90': '90 days', '365': 'Year' },
    none: 'Nothing was entered by hand', noneText: 'Calls, visits and other events that employees entered by hand appear here.', seat: 'Employee', dealer: 'Dealer', noSeat: 'No employee',
    column: { manual: 'Counted, by hand', sampled: 'Checked', false_count: 'Denied', unreached: 'Not reached', voids: 'Rights made void', back_dated: 'Entered late' }, share: 'Share of false',
    note: 'The share of false entries is of the clients who answered. Late is more than a day after the event: such an event does not extend protection (R54).',
  },
};

export default outages;

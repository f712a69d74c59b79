// SPDX-License-Identifier: Apache-2.0
import type ru from '../ru/audit';

const audit: typeof ru = {
  period: 'Period',
  days: { 30: '30 days', 90: '90 days', 365: 'A year' },
  vs: 'against the period before',
  brand: 'Brand',
  line: 'Line',
  measures: 'Figures',
  dealer: 'Dealer',
  compare: 'Compare in the chart',
  middle: 'Middle of the network',
  few: 'Fewer than five cases',
  fewShort: 'few',
  of: (n) => `cases: ${n}`,
  trend: (from, to) => `${from} – ${to}`,
  note: 'A rate or a median is not shown below five cases. Tick up to six dealers to see them month by month.',
  oneScale: 'one scale for all',
  table: 'Table',
  step: 'Step',
  bar: 'Share',
  count: 'Count',
  ofFirst: 'Of the first step',
  group: { accept: 'Acceptance', contact: 'First contact', funnel: 'Funnel', retention: 'Retention', campaign: 'Campaigns' },
  measure: {
    accept_rate: 'Accepted in time', accept_median_min: 'Median', accept_p90_min: '90th percentile', accept_count: 'Offered',
    contact_median_min: 'Median', contact_p90_min: '90th percentile', contact_in15_share: 'Within 15 min', no_contact_rate: 'No contact', contact_count: 'Contacts',
    registered: 'Registered', contacted: 'Contact', visited: 'Visit', test_drives: 'Test drive', offers: 'Offer', orders: 'Order', deliveries: 'Delivery',
    retention_12m: 'Back within 12 months', retention_24m: 'Within 24 months', retention_count: 'Clients',
    campaign_sent: 'Sent', campaign_answered: 'Answered', campaign_dropped: 'Dropped', competing_touches: 'Competing touches',
  },
  touches: {
    sub: 'a proof, not a promise', again: 'Compute again',
    clean: (n) => `None. Touches checked: ${n}.`,
    broken: (n) => `There are violations. Touches checked: ${n}.`,
    how: 'How it is computed', rule: 'It looks for two touches of one person in one competition group by different principals under overlapping reservations (R85). The query runs over all touches and the history of locks when you press the button, not over a report.',
    at: 'Computed', checked: 'Touches', version: 'Query version', person: 'Person', grp: 'Group', dealers: 'Whose', first: 'First', second: 'Second',
  },
  ledger: {
    sub: 'who saw and did what', at: 'When', kind: 'What', who: 'Who', dealer: 'Dealer', rule: 'Rule', subject: 'About', request: 'Request', machine: 'system', from: 'From', to: 'To',
    none: 'No rows', clear: 'Drop the conditions', check: 'Check the chain', checking: 'Checking…', onlyPerson: 'only them', onlySubject: 'only this', onePerson: 'one person', oneSubject: 'one subject',
    valid: (rows, at) => `The chain is whole: ${rows} rows, last seal ${at}.`,
    broken: (id) => `The chain is broken at row ${id}. Tell the administrator and keep an export.`,
    unsealed: (n) => `Not sealed yet: ${n}.`,
    groups: {
      'read.*': 'Read', 'probe.*': 'Probe', 'registration.*': 'Registration', 'right.*': 'Right', 'lead.*': 'Lead', 'consent.*': 'Consent', 'campaign.*': 'Campaign', 'call.*': 'Call', 'contact.*': 'Contact',
      'person.*': 'Client data', 'import.*': 'Import', 'exchange.*': 'System exchange', 'staff.*': 'User', 'session.*': 'Sign-in', 'dealer.*': 'Dealer', 'task.*': 'Task', 'attachment.*': 'File', 'segment.*': 'Segment', 'job.*': 'Job', 'claim.*': 'Queue', 'interaction.*': 'Event', 'vehicle.*': 'Car', 'sale.*': 'Sale', 'repair_order.*': 'Work order', 'reading.*': 'Mileage', 'clock.*': 'Clock',
    },
    kinds: {
      'read.people_list': 'Read: list of clients', 'read.people_search': 'Read: client search', 'read.person_get': 'Read: client record', 'read.people_export': 'Export of clients', 'read.ledger_list': 'Read: ledger', 'read.ledger_export': 'Export of the ledger',
      'read.branches_export': 'Export of branches', 'read.recipients_list': 'Read: campaign receivers', 'read.call_next': 'Call taken', 'read.call_items_list': 'Read: call list', 'read.attachment_get': 'File downloaded', 'read.competing_touches': 'Read: proof', 'read.ledger_check': 'Chain check', 'read.segment_people': 'Read: people of a segment',
      'probe.limit': 'Probe limit used up', 'registration.free': 'Registration: free', 'registration.protected': 'Registration: owned', 'registration.yours': 'Registration: already yours', 'registration.draft': 'Registration: draft',
      'consent.add': 'Consent given', 'consent.withdraw': 'Consent withdrawn', 'consent.unsubscribed': 'Unsubscribed by link', 'campaign.added': 'Campaign: draft', 'campaign.checked': 'Campaign: checked', 'campaign.launch': 'Campaign: launch', 'campaign.launched': 'Campaign: launched', 'campaign.paused': 'Campaign: paused', 'campaign.resumed': 'Campaign: resumed', 'campaign.stopped': 'Campaign: stopped', 'campaign.finished': 'Campaign: finished',
      'call.result': 'Result of a call', 'call.undo': 'Result of a call undone', 'staff.add': 'User added', 'staff.edit': 'User changed', 'staff.leave': 'User left', 'staff.invite': 'Invitation sent', 'session.revoke': 'Session closed', 'session.second_factor': 'Second factor',
      'dealer.enrol_code': 'Enrolment code', 'exchange.push': 'Exchange: received', 'lead.assign': 'Lead assigned', 'lead.add': 'Lead entered', 'contact.edit': 'Contact changed', 'contact.add': 'Contact added', 'person.edit': 'Client data changed', 'interaction.add': 'Event logged', 'claim.wait': 'Joined the queue',
    },
  },
};

export default audit;

// SPDX-License-Identifier: Apache-2.0
import type ru from '../ru/life';
import { enCount } from '../plural';

const life: typeof ru = {
  stage: ['Registered', 'Contact', 'Visit', 'Test drive', 'Offer', 'Order', 'Delivered'],
  activity: {
    CALL_OUT: 'Call', CALL_IN: 'Incoming call', MAIL_IN: 'Mail from the client', SMS_IN: 'Message from the client', VISIT: 'Visit', TEST_DRIVE: 'Test drive', OFFER: 'Offer', APPRAISAL: 'Appraisal', CREDIT: 'Credit application', ORDER: 'Order', DEPOSIT: 'Deposit', APPOINTMENT: 'Service appointment',
  },
  verdict: { FREE: 'free', YOURS: 'yours', PROTECTED: 'protected', IN_GRACE: 'in grace', DISPUTED: 'disputed', HQ: 'head office', OPTED_OUT: 'opted out' },
  funnel: {
    seat: 'Seat',
    sub: 'A stage changes with a result only',
    empty: 'Nobody here yet',
    move: 'Enter a result', moveOf: (name) => `Result: ${name}`, to: 'What happened',
    queue: 'Queue',
    noPath: 'Only a visit, test drive, offer, order or delivery leads further.',
    saved: (stage) => `Recorded: ${stage.toLocaleLowerCase()}`,
    notMoved: 'Recorded, but the stage is the same: without evidence it does not count (R54)',
    late: 'protection', contact: 'first contact', task: 'task', parked: (on) => `parked until ${on}`, stages: 'Stages',
    kinds: { CALL_OUT: 'Spoke on the phone', CALL_IN: 'The client called', MAIL_IN: 'Mail from the client', SMS_IN: 'Message from the client' },
    callId: 'Call id', callIdHint: 'Without it a call does not prolong the protection.', evidence: 'Evidence', evidenceHint: 'reception entry, application number',
    agreement: 'Number of the test drive agreement', offer: 'Number of the offer', order: 'Number of the order', delivery: 'Number of the delivery note', amount: 'Amount, ₽', vin: 'VIN', text: 'What was found out',
  },
  protection: {
    title: 'Protection', open: 'Term of protection', left: 'Left', days: (n) => enCount(n, 'day', 'days'), until: 'Lasts until', limit: 'Longest term', grace: 'Grace until', used: 'Used of the longest term',
    prolong: 'What prolongs', prolongTo: (d) => `An activity today prolongs it until ${d}.`, prolongNone: 'Protection does not go beyond the longest term. An order or an extension helps.',
    evidence: 'with evidence', manualLeft: (n) => (n ? `Without evidence ${enCount(n, 'more time', 'more times')} in a row (R54).` : 'Without a call id, reception entry or document it no longer counts (R54).'),
    park: 'Park as asked', parkText: 'The client asked to be left in peace until a day. Nobody markets to him before it; the right ends 14 days after it. Once (R55).', parkOn: 'When to call', parkNote: 'What he said', parked: (on) => `Parked until ${on}`,
    extend: 'Extend the longest term', extendText: 'Head office decides within two working days; silence is a refusal. Once (R53).', reason: 'Why', nextStep: 'Next step', nextOn: 'When', asked: 'The request was sent',
    waiting: (until) => `Head office decides until ${until}`, extended: (d) => `The longest term was extended on ${d}`,
    reopened: 'The close was taken back, the term is the same',
  },
  rules: {
    sub: 'Every change is a new dated version; decisions taken stay as they are',
    value: 'Value', range: 'Range', since: (on: string) => `in force since ${on}`, planned: (v, d) => `${v} from ${d}`, history: 'Versions', edit: 'New version', from: 'In force from', now: 'at once', reason: 'Reason',
    saved: 'The version is published', first: 'in force from the start', none: 'No rules', search: 'Find a rule', by: 'by', nothing: 'Nothing found',
    unit: { day: 'd', minute: 'min', hour: 'h', month: 'mo', count: '', percent: '%', permille: '‰', point: '' },
    name: {
      'P14.sms': 'SMS per person', 'P14.sms_days': 'SMS: within so many days', 'R22.learn': 'Matching of duplicates: learns from a base so large', 'R47.permit': 'Campaign into another\'s territory by permit only', 'R150.notices': 'Notices are kept', 'R150.verdicts': 'Answers for rows are kept',
      'R156.gap': 'Link of a dealer: silence means it is down', 'R156.steady': 'Link of a dealer: was steady before', 'R156.hours': 'Link down: term of a competing registration', 'R156.day': 'Link down: disputes of a dealer a day',
      'D14.call': 'Call of a stranger is kept', 'P22.visits': 'Service move: visits in a row', 'R10.short': 'A short day is shorter by', 'R100.file': 'Time to file a dispute', 'R100.open': 'Open disputes of a dealer', 'R101.day': 'Evidence files per day', 'R108.lost': 'Lost disputes before the ban', 'R108.suspend': 'Ban to file disputes', 'R108.window': 'Lost disputes are counted over', 'R127.offer': 'Answer to a transfer', 'R127.serve': 'Serve after a transfer', 'R137.day': 'Contacts opened per day', 'R137.minutes': 'Contacts stay open', 'R137.notice': 'Opened before the auditor is told', 'R147.answer': 'Answer to a withdrawal', 'R150.lists': 'Rows of lists are kept', 'R150.retention': 'Kept without activity', 'R151.expiry': 'Claims just after expiry', 'R151.names': 'Surnames under one number', 'R151.night': 'Entries at night', 'R151.probes': 'Probes without registrations', 'R151.sequence': 'Registered numbers in a row', 'R158.day': 'Calls told per day', 'R29.undo': 'Undo of a merge by one person', 'R36.import_day': 'Imported rows per day', 'R40.near_km': 'Nearest dealer, km', 'R40.unread': 'Unreadable leads are kept', 'R42.quality_days': 'Quality: over days', 'R42.quality_min': 'Quality: at least leads', 'R43.stock': 'Car due within', 'R45.desk': 'Unassigned at most', 'R45.refusals': 'Refusals before the desk', 'R60.members': 'Members of a household', 'R70.first': 'First service at the seller', 'R72.object': 'Objection to a service move', 'R74.pause': 'Pause between surveys', 'R80.code': 'The code of a choice lives', 'R80.letters': 'Letters of a choice per day', 'R80.link': 'The link of a choice lives', 'R81.grant': 'Permission to serve a walk-in', 'R84.days': 'Credit: activity within', 'R84.look_back': 'A sale elsewhere before a loss', 'R84.offer': 'An offer lives', 'R84.split': 'Share of the former owner', 'export.approved': 'An approved export waits', 'export.day': 'Exports per day', 'export.day_rows': 'Exported rows per day', 'export.four_eyes': 'A second person above rows', 'export.notice': 'The auditor is told above rows',
      'P1.accept': 'Time to accept a lead', 'P2.target': 'First contact: target', 'P2.limit': 'First contact: limit', 'P3.NEW': 'First protection: new', 'P3.USED': 'First protection: used', 'P3.FLEET': 'First protection: fleet',
      'P3.SERVICE': 'First protection: service', 'P3.PARTS': 'First protection: parts', 'P3.FIN': 'First protection: finance', 'P4.NEW': 'Prolonged by activity: new', 'P4.USED': 'Prolonged by activity: used', 'P4.FLEET': 'Prolonged by activity: fleet',
      'P4.SERVICE': 'Prolonged by activity: service', 'P4.PARTS': 'Prolonged by activity: parts', 'P4.FIN': 'Prolonged by activity: finance', 'P5.NEW': 'Longest without order: new', 'P5.USED': 'Longest without order: used', 'P5.FLEET': 'Longest without order: fleet',
      'P5.SERVICE': 'Longest without order: service', 'P5.PARTS': 'Longest without order: parts', 'P5.FIN': 'Longest without order: finance', 'P6.grace': 'Grace after the end', 'P7.hold': 'Hold by an order', 'P8.sales': 'Right after a purchase', 'P9.aftersales': 'Right after service',
      'P10.first': 'First warning', 'P10.second': 'Second warning', 'P11.answer': 'Dispute: answer', 'P11.decision': 'Dispute: decision', 'P11.appeal': 'Dispute: appeal', 'P12.lookback': 'Look-back for a client', 'P13.lock': 'Campaign lock', 'P13.cooling': 'Cooling after a campaign',
      'P14.call': 'Calls per person', 'P14.call_days': 'Calls: within days', 'P14.email': 'E-mails per person', 'P14.email_days': 'E-mails: within days', 'P14.all': 'All touches per person', 'P14.all_days': 'Touches: within days', 'P14.relation': 'Greetings and surveys', 'P14.relation_days': 'Greetings: within days',
      'P15.from': 'Quiet hours: from', 'P15.to': 'Quiet hours: to', 'P16.user_hour': 'Probes per user and hour', 'P16.dealer_day': 'Probes per dealer and day', 'P17.ban': 'Re-registration ban', 'P18.seat': 'Prospects per seat', 'P19.notice': 'Notice of a network campaign', 'P19.exclusions': 'Exclusions by the owner, %', 'P20.choice': 'Next choice of the client', 'P21.backdate': 'Late entry', 'P22.move': 'Service move',
      'R19.undo': 'Taking a close back', 'R30.draft': 'Drafts are kept', 'R32.review': 'Review of a registration', 'R32.fleet': 'Large fleet', 'R32.sequence': 'Numbers in a row', 'R32.one_phone': 'Names on one number', 'R32.night': 'Registrations in an hour of night', 'R35.refusal': 'First refusal', 'R36.list': 'Rows per seat and event', 'R36.push_day': 'Exchange rows per day',
      'R37.keep': 'Cold rows are kept', 'R53.answer': 'Answer to an extension', 'R54.manual': 'Manual prolongations in a row', 'R55.longest': 'Parked at most', 'R55.after': 'Right after the parked day', 'R56.sample': 'Sample of activities', 'R57.no_money': 'Pause "no money"', 'R57.recontact': 'Contact again', 'R154.grant': 'Permission to serve', 'D14.closed': 'Shown after closing', 'R129.account': 'Shown while a work order is unpaid', 'service.km': 'Service by distance, km', 'service.months': 'Service by time',
    },
  },
  control: {
    sub: 'What head office looks at by hand',
    tab: { reviews: 'Registrations', samples: 'Sampled activities', follow: 'After a loss' },
    none: 'Nothing to look at', noneText: 'New items appear here by themselves.',
    reason: { strong: 'Same keys, another name', fleet: 'Large fleet', sequence: 'Numbers in a row', one_phone: 'One number, many names', night: 'Many registrations at night' },
    other: (name) => `like ${name}`, until: 'decide within', stands: 'Let it stand', refuse: 'Refuse', note: 'Why', decided: 'The decision is kept',
    refuseText: 'The right is closed. Signs of abuse void it from its start and count against the seat (R38).', standsText: 'The right takes force with its usual term.',
    ask: 'Ask the client: did it happen?', yes: 'Confirmed', noAnswer: 'Not reached', denied: 'Denied', deniedText: 'The prolongation is taken back and the activity counts as false against the seat (R56).',
    happened: (kind, at) => `${kind}, ${at}`,
    follow: { recontact: 'Contact again', contact_check: 'Correct the contact', credit_check: 'Check whose sale it is' },
    due: 'by', done: 'Done', drop: 'Not needed', result: 'What was done',
  },
  lists: {
    sub: 'Lists are registered under an event only: at most 500 rows a seat (R36)',
    add: 'New event', name: 'Name', kind: 'Where the list is from', from: 'From', to: 'To', none: 'No events', noneText: 'Make the exhibition or base before you load a list.',
    kinds: { exhibition: 'Exhibition', purchased: 'Purchased base', cold: 'Cold list', other: 'Other' },
    used: (used, quota) => `${used} of ${quota} a seat`, total: (n) => enCount(n, 'row', 'rows'), closed: 'closed', close: 'Close', reopen: 'Open', network: 'whole network', saved: 'Saved',
    cold: 'Cold contacts', coldText: 'No right until the client answers. The first two-way contact registers him (R37).', coldNone: 'No rows wait', coldAdd: 'Add a contact', answered: 'Answered',
    answeredOf: (name) => `Answer: ${name}`, how: 'How he answered', phone: 'Phone', email: 'E-mail', city: 'City', interest: 'Interest', consent: 'Evidence of consent', register: 'Register',
    verdict: (v) => `The network answers: ${v}`, registered: 'The client is registered', event: 'Event', brand: 'Brand', line: 'Line',
  },
  claims: {
    sub: 'When a client becomes free he is offered to those who wait, in their order (R15)', none: 'You wait for nobody', noneText: 'A claim is made from the verdict "protected" at registration.',
    since: (d) => `waiting since ${d}`, from: (d) => `possible from ${d}`, withdraw: 'Wait no longer', withdrawn: 'The claim is withdrawn',
  },
  outcome: {
    title: (task) => `How it ended: ${task}`, note: 'Details', next: 'Next task', nextAt: 'When', none: 'No task follows',
    code: {
      reached: 'Spoke', visit_agreed: 'Visit agreed', call_later: 'Asked to call later', no_answer: 'No answer', wrong_number: 'Wrong number', refused: 'Refused', corrected: 'Corrected', not_found: 'Not found',
      came: 'Came', test_drive: 'Came, test drive', moved: 'Moved it', not_come: 'Did not come', done: 'Done', not_done: 'Not done',
    },
    kind: { call: 'Call', callback: 'Call back', lead: 'First contact', visit: 'Visit', check: 'Check', other: 'Other' },
    made: (kind, at) => `Done. Next: ${kind.toLocaleLowerCase()}, ${at}`,
  },
};

export default life;

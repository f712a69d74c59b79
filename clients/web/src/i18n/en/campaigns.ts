// SPDX-License-Identifier: Apache-2.0
import { enCount } from '../plural';
import type ru from '../ru/campaigns';

const campaigns: typeof ru = {
  headOffice: 'Head office',
  pool: 'Free clients',
  new: 'New campaign',
  none: 'No campaigns yet',
  noneState: 'No such campaigns',
  noneText: 'Build a segment, write the letter and check who will get it. Nobody sees anything before the launch.',
  noRecipients: 'Nobody meets these conditions',
  sentOf: (sent, total) => `${sent} of ${total} sent`,
  freeWeek: (d) => `free from the week of ${d}`,
  column: { name: 'Campaign', state: 'State', channel: 'Channel', class: 'Class', dealer: 'Whose', total: 'Total', sent: 'Sent', dropped: 'Dropped', launched: 'Launched', person: 'Client', reason: 'Reason', changed: 'When' },
  state: { DRAFT: 'Draft', CHECKED: 'Checked', LAUNCHING: 'Launching', RUNNING: 'Running', PAUSED: 'Paused', STOPPED: 'Stopped', FINISHED: 'Finished' },
  class: { '0': 'Safety and recalls', '1': 'Service message', '2': 'Service due', '3': 'Dealer’s own campaign', '4': 'Network campaign', '5': 'By permit' },
  grp: { SALES: 'Sales', AFTERSALES: 'Service and parts', RELATION: 'Relation: greetings, surveys' },
  channel: { EMAIL: 'E-mail', CALL: 'Operator’s call' },
  reason: {
    duplicate: 'Twice in the list', not_owner: 'Not your client', disputed: 'In dispute', complaint: 'Open complaint', opted_out: 'Opted out', no_consent: 'No consent',
    invalid_contact: 'Bad address', locked: 'Held by another campaign', budget: 'Contact budget used up', quiet: 'Quiet hours', excluded: 'Excluded by the dealer', out_of_area: 'Another\'s territory', stopped: 'Campaign stopped',
  },
  reasonWhy: {
    duplicate: 'the person is in the list under another record', not_owner: 'R88: only the owner may address', disputed: 'R103: nobody advertises before the decision', opted_out: 'R147', no_consent: 'R146: for this channel',
    invalid_contact: '', locked: 'R86: one person, one campaign', budget: 'P14', quiet: 'P15', excluded: 'P19', out_of_area: 'R47: needs the permit of its dealer or of head office', complaint: '', stopped: '',
  },
  recipient: { PLANNED: 'planned', LOCKED: 'locked', QUEUED: 'queued', SENT: 'sent', DONE: 'done', FAILED: 'failed', DROPPED: 'dropped', CANCELLED: 'cancelled' },
  callResult: { agreed: 'Agreed', call_back: 'Call back', refused: 'Refused', no_answer: 'No answer', wrong_number: 'Wrong number', do_not_call: 'Do not call' },
  variable: { name: 'Given name', full_name: 'Full name', dealer: 'Dealer', car: 'Car', plate: 'Plate', city: 'City' },
  samples: [
    { name: 'Марина', full_name: 'Орлова Марина Викторовна', dealer: 'Автоцентр Волга', car: 'Вектор 2021', plate: 'А123ВС116', city: 'Казань' },
    { name: 'Ильдар', full_name: 'Сафин Ильдар Маратович', dealer: 'Автоцентр Волга', car: 'Норд 2', plate: 'К777ОР716', city: 'Набережные Челны' },
    { name: 'Александра', full_name: 'Преображенская-Соловьёва Александра Константиновна', dealer: 'Автоцентр Волга', car: 'Аврора Кросс', plate: 'М045ТН163', city: 'Самара' },
  ],
  form: {
    name: 'Name', channel: 'Channel', grp: 'Group', grpHint: 'Within a group a person is in one campaign at a time.', class: 'Class of campaign', brand: 'Brand', brandHint: 'Count only rights of this brand.',
    audience: 'To whom', fromSegment: 'Take from a segment', subject: 'Subject', body: 'Text', bodyHint: 'An empty line starts a new paragraph. The unsubscribe link is added by itself.',
    unknown: (names) => `Unknown variables: ${names}`,
    insert: 'Insert', script: 'Script of the call', scriptHint: 'The operator sees it to the left of the client’s card.', lockDays: 'Lock, days', lockDaysHint: 'For this time no other campaign of the group takes the person.',
    preview: 'As the client sees it', previewFor: 'Sample client', unsubscribeNote: 'Unsubscribe · sender and address are added by the server',
  },
  topic: {
    title: 'Topic', hint: 'The owner of sales speaks of cars, the owner of service of servicing; another\'s topic needs a permit.', any: 'No topic', occasion: 'Occasion', occasionHint: 'like birthday-2026: a person gets one message an occasion',
    direct: 'In head office\'s own name', directHint: 'To owned clients head office itself speaks only of the brand, safety and loyalty.', ownerName: 'in the name of the client\'s owner',
    kind: {
      models: 'Models', trade_in: 'Trade-in', test_drive: 'Test drive', finance: 'Credit and insurance', thanks: 'Thanks', delivery: 'After the delivery',
      service_due: 'Service due', recall: 'Recall', tyres: 'Tyres', parts: 'Parts', repair_quote: 'Repair quote',
      greeting: 'Greeting', survey: 'Survey', news: 'News', brand: 'The brand', safety: 'Safety', loyalty: 'Loyalty programme',
    },
  },
  announce: {
    sub: 'Head office tells of network campaigns ahead. Some of your clients may be left out, with a reason.', none: 'No announcements', noneText: 'Network campaigns that reach your clients appear here.',
    part: (n) => `your clients: ${n}`, left: (n, most) => `${n} of ${most} possible left out`, until: (d) => `open until ${d}`, closed: 'the term is over', people: 'My clients in the campaign',
    exclude: 'Leave out', include: 'Take in', why: 'Reason', excluded: 'Left out', included: 'Taken in again', onlyLeft: 'Left out only',
    need: 'A network campaign is announced to the dealers first: within five working days they decide whom to leave out.', go: 'Announce to dealers', done: (d) => `Announced. It may be launched after ${d}`, running: 'The dealers learn of their parts', ready: (d) => `Announced, the term ended ${d}`,
  },
  permits: {
    sub: 'A campaign to another dealer\'s clients or into another\'s territory needs a permit (R47, R71).', none: 'No requests', noneText: 'A permit is asked for on the page of one\'s own campaign, before it is launched.',
    grant: 'Permit', refuse: 'Refuse', take: 'Take back', granted: 'Permitted', refused: 'Refused', from: (name) => `asked by ${name}`, to: (name) => `held by ${name}`,
    state: { ASKED: 'waits for an answer', GRANTED: 'permitted', REFUSED: 'refused' }, ask: 'Ask for a permit', asked: 'Request sent', holder: 'Who holds the clients',
    area: 'Some of these clients live in another dealer\'s territory. The campaign reaches them with the permit of that dealer or of head office (R47).', areaHolder: 'Who permits it', office: 'Head office',
  },
  wizard: { step: { audience: 'To whom', message: 'What', check: 'Check', launch: 'Launch' }, next: 'Next', keep: 'Save the draft', saved: 'The draft is saved' },
  check: {
    title: 'Who gets it and why not all', run: 'Check', again: 'Check again', running: 'The check is running', failed: 'The check failed', test: 'Send me a sample', testSent: 'A sample was sent to your address',
    at: (d) => `checked ${d}`,
    hidden: 'Nearly all: fewer than 10 do not get it. Exact numbers and reasons are not shown, so that the difference cannot tell how many they are.', nearlyAll: (n) => `nearly all of ${n}`,
    willGet: 'Will get it', part: 'Part', people: 'People', share: 'Share', total: 'Meet the conditions',
    note: 'Figures at the time of the check. At launch everybody is judged again, and right and consent are tested before every single letter.',
    text: 'The check goes through everybody in the segment and touches nobody: it shows how many get it, how many do not, and why.',
  },
  launch: {
    nobody: 'Nobody is left after the check. Change the conditions.', textMail: 'Letters start going out at once. What is sent cannot be taken back, but a pause is one click away.',
    textCall: 'The clients appear in the call lists of the dealers’ operators.', type: (n) => `Type the number of receivers: ${n}`,
    typeNearly: (n) => `Nearly all receive it, the exact number is not shown. Type the size of the audience: ${n}`,
    typeFew: 'Fewer than ten receivers, the exact number is not shown. Type 10', go: 'Launch',
  },
  live: {
    hidden: '… is a number that is not shown: the difference from the whole would tell another one, below 10.', progress: 'Progress of the campaign', rate: (n) => `${n} a minute`, pause: 'Pause', resume: 'Go on', stop: 'Stop', why: 'Why', who: 'Whom it touched', addressed: 'In the campaign',
    stopText: 'A stop is final: what is not sent leaves the queue and locks are freed.',
    did: { pause: 'The campaign is paused', resume: 'The campaign goes on' },
    launched: (d) => `launched ${d}`,
    results: 'Results of calls', dealers: 'By dealer', recipients: 'My clients in the campaign',
    tile: { sent: 'Sent', queued: 'Queued', dropped: 'Dropped', failed: 'Failed', unsubscribed: 'Unsubscribed' },
  },
  conflicts: {
    sub: 'when your clients are held by others’ campaigns', week: 'Week', busy: 'Held', share: 'Share', own: 'My clients', from: (d) => `from ${d}`,
    note: 'Whose campaign and why is not shown (R99). Plan the launch for a week with less held.',
    allFree: 'All your clients are free: any of these weeks will do.',
  },
  seg: {
    sub: 'conditions that never go stale', new: 'New segment', name: 'Name of the segment', none: 'No segments yet', noneText: 'Build the conditions once and use them in campaigns.', saved: 'The segment is saved', needs: 'A name and at least one condition are needed',
    campaign: 'Start a campaign', show: 'Show the people', all: 'All conditions', any: 'Any of the conditions', and: 'and', or: 'or', not: 'not', notHint: 'Turn the condition round', exceptThese: 'except these',
    add: 'Add a condition…', addGroup: 'Group of conditions', removeGroup: 'Remove the group', empty: 'Add the first condition.', compare: 'comparison', from: 'from', to: 'to', channel: 'channel', anyChannel: 'any channel', has: 'given', hasNot: 'not given', hasOrNot: 'given or not', days: 'days', noClass: 'none',
    count: 'People found', counting: 'Counting…', incomplete: 'Fill in the conditions and the number appears.',
    attr: {
      city: 'City', brand: 'Brand', model: 'Model', model_year: 'Model year', line: 'Line', owner: 'Owning dealer', owner_state: 'State of the right', last_visit: 'Last visit', order_count: 'Work orders', order_sum: 'Sum of work orders',
      sale_count: 'Purchases', last_sale: 'Last purchase', consent: 'Consent to advertising', abc: 'ABC class', kind: 'Person or company', sex: 'Sex', age: 'Age',
    },
    op: { in: 'in', between: 'between', ge: 'at least', le: 'at most', before: 'before', after: 'after', older_than_days: 'longer ago than', within_days: 'within the last', is: '' },
    sex: { m: 'Male', f: 'Female' },
    people: (n) => enCount(n, 'person', 'people'),
  },
};

export default campaigns;

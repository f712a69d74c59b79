// SPDX-License-Identifier: Apache-2.0
import { enCount } from '../plural';
import type routingRu from '../ru/routing';

const routing: typeof routingRu = {
  open: 'With dealers', desk: "Head office's desk", all: 'All',
  clock: {
    left: (s: string) => `${s} left`, running: 'working time', over: 'time is up', paused: (s: string) => `the clock stands until ${s}`, target: "the dealer's working time",
  },
  due: (s: string) => `decide by ${s}`, overdue: '24 hours are over', onDesk: 'on the desk',
  offers: (n: number) => enCount(n, 'decision', 'decisions'),
  none: 'The desk is empty', noneText: 'What no dealer accepted comes here, and what no dealer was found for.',
  decline: {
    why: 'Why do you decline the lead?', text: 'It goes to the next dealer at once; the router sees the reason.', other: 'In your own words',
    reasons: ['No seller is free', 'The model is not there', 'Not our territory', 'The client has refused already', 'A repeated request'],
  },
  assign: { title: 'Give to a dealer', reason: 'Why this dealer', hint: 'The answer to "why this dealer?".', done: 'Offered to the dealer', takes: 'The offer that still waits ends.' },
  drop: { title: 'Drop the lead', text: 'The client stays in the common list.', reason: 'Reason', done: 'The lead is dropped' },
  why: {
    act: 'Why this dealer?', title: 'Why this dealer', came: 'Came', place: 'Place', decision: (n: number) => `Decision ${n}`,
    by: { residence: 'residence', given: 'given with the lead', call_area: 'area of the call' } as Record<string, string>,
    steps: ['', 'Has an owner', 'The customer named a dealer', 'Last service', 'Last purchase', 'Household, company, referral', 'Territory', 'Nearest with capacity', "Head office's desk"],
    result: { hit: 'fits', out: 'nobody fits', offer: 'offered', turn: 'by turns of shares', owner: 'passed to the owner', desk: "on head office's desk", hand: 'given by hand' } as Record<string, string>,
    out: { inactive: 'does not work', suspended: 'stopped', no_brand: 'has not the brand or line', refused: 'has refused already', full: 'has no capacity left' } as Record<string, string>,
    answer: { accepted: 'accepted', declined: 'declined', not_accepted: 'did not answer in time', no_contact: 'did not call in time', ended: 'ended' } as Record<string, string>,
    stock: 'those who have the model come first', others: (n: number) => `and ${n} more`, limits: 'Three refusals or a day: head office decides.',
    weight: 'Weight', share: 'Share', capacity: 'Free', quality: 'Quality', credit: 'Credit', chosen: 'chosen',
    among: (n: number) => `one of ${n}`, same: 'Decided again from the stored data: the same answer.', differs: 'Deciding again gives another answer.', nowhere: 'No rule found a dealer.', version: (n: number) => `Rules version ${n}.`, nobody: 'a dealer without a name',
    state: { ROUTING: 'Looking for a dealer', OFFERED: 'Offered', ACCEPTED: 'Accepted', DESK: 'On the desk', DONE: 'Done' } as Record<string, string>,
  },
  form: { region: 'Region', postal: 'Postal code', byRules: 'By the rules', dealerHint: 'Fill in when the customer named a dealer.', routed: (name: string) => `Offered: ${name}`, toDesk: "On head office's desk", owned: 'The client has an owner, who got a task' },
  map: {
    sub: 'who answers for which region', label: 'Map of the regions of Russia', brand: 'Brand', line: 'Line', on: 'On', dealer: 'Dealer', everybody: 'All dealers',
    gap: 'no dealer', one: 'one dealer', overlap: (n: number) => `dealers: ${n}`, gaps: 'No dealer', overlaps: 'Several dealers', version: 'Version',
    edit: 'Change the territory', editing: (name: string) => `Territory: ${name}`, hint: 'Press regions on the map or in the list.', from: 'Holds from', add: 'Add', remove: 'Take away', nothing: 'Nothing changed',
    saved: (added: number, ended: number) => `Added: ${added}, taken: ${ended}`, regions: 'Regions', find: 'Find a region', pieces: 'Postal codes and outlines', noPieces: 'No separate pieces',
    piece: 'Add a piece', postal: 'Postal codes', ring: 'Outline', postalFrom: 'Code from', postalTo: 'to', postalHint: 'Six digits, or how the code begins.', name: 'Name', ringHint: 'Mark points on the map in order, three at least.',
    points: (n: number) => enCount(n, 'point', 'points'), undo: 'Take a point back', end: 'End', ended: 'The piece ends', since: (a: string) => `from ${a}`, until: (a: string) => `until ${a}`, own: 'Your territory',
    noBrand: 'Choose a dealer who holds this brand and line.', out: 'Smaller', in: 'Larger', whole: 'Whole map',
  },
  shares: {
    sub: "how a territory's leads are shared", share: 'Share', capacity: 'Capacity', open: 'Open', quality: 'Quality', leads: '30 days', stock: 'Stock', pieces: 'Territory', stop: 'Stopped', state: 'State',
    unlimited: 'no limit', qualityText: (a: number, n: number, o: number) => `accepted ${a}, no call ${n}, orders ${o}`, few: 'few data', set: 'Share and capacity', stopAct: 'Stop', goAct: 'Let in again',
    stopTitle: 'Stop routing to the dealer', stopText: 'The rights he has stay.', reason: 'Reason', saved: 'Saved', shareHint: '0 to 1000; 100 is usual.', capacityHint: 'How many leads may wait for an answer and a call at once.',
    stockTitle: 'Cars in stock', model: 'Model', cars: 'Cars', due: 'Due', dueHint: 'Empty: in stock now.', now: 'now', addStock: 'Report cars', none: 'No dealer holds this brand and line', noStock: 'not reported', weight: 'Share × capacity left × quality is the weight in the turn.',
  },
  calendars: {
    sub: "dealers' clocks run in working time only", load: 'Load a year', country: 'Country', year: 'Year', countries: { RU: 'Russia', BY: 'Belarus', KZ: 'Kazakhstan' } as Record<string, string>, off: 'days off', short: 'short days', work: 'worked Saturdays', published: 'Published', loadedAt: 'Loaded',
    none: 'No calendars', noneText: 'Only the holidays of the Labour Code hold so far.', file: 'Production calendar file (XML)', fileHint: 'The country is needed when the file does not say.', fromFile: 'From the file', done: (c: string, y: number) => `Loaded: ${c}, ${y}`,
    kind: { off: 'day off', short: 'short day', work: 'working day' } as Record<string, string>, days: 'Days', text: 'Clocks already running do not change.',
  },
  sites: {
    sub: 'who may hand in leads', add: 'Add a site', name: 'Name', dealer: "A dealer's site", network: "The network's site", brand: 'Brand when the form is silent', line: 'Line when the form is silent', perHour: 'No more an hour', leads: '30 days', failed: 'Not read', waiting: 'Waiting',
    close: 'Close', closed: 'closed', closedDone: 'The key is worth nothing now', none: 'No sites', noneText: "A site's server hands in leads with a key and learns nothing about people.", keyFor: (name: string) => `Key of the site "${name}"`, keyText: "Shown once. The site's server keeps it, not the page.", example: 'Example', dealerHint: 'Visitors of such a site named this dealer.',
  },
};
export default routing;

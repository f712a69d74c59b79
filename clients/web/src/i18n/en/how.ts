// SPDX-License-Identifier: Apache-2.0
// Words of the page for a newcomer: what it means to have a client.
import type ru from '../ru/how';

const how: typeof ru = {
  sub: 'One person, one owner. In short, for a new colleague.',
  parts: [
    ['What owning means', 'Each person has at most one owner for each brand and line. The owner sees the contacts, looks after the client and invites him. Others may not invite him, but may always sell and serve: nobody\'s right keeps a client from buying anywhere (R1, R5).'],
    ['Whose client', 'The first registration wins by the server\'s clock, with a receipt. Check the number before you register: the answer says only whether the person is free. Whose he is and what is going on is told to nobody (R24, R31).'],
    ['How long it lasts', 'A right lives while somebody works with the client. Two-sided events prolong it: a conversation, a visit, a test drive, a confirmed offer. Mailings and unanswered calls do not. The terms stand on the record under “Protection” (R50, R51).'],
    ['Another dealer\'s client at your desk', 'Serve him: “Serve now” opens service for some days and shows only what the person says himself. He signs an order: he is yours for that order, and a rule decides who counts the sale (R81-R84).'],
    ['You want a client who is taken', 'Stand in line: “Tell me when free”. If you worked with him earlier and can prove it, open a dispute: an arbiter decides by facts in a fixed order, and meanwhile nobody advertises (R34, R100-R104).'],
    ['The client chose himself', 'A client\'s confirmed choice is stronger than all the rest, at most once a month (R80).'],
    ['Who sees what', 'You see your own clients in full, your colleagues\' with hidden contacts, others\' not at all. A colleague\'s contacts open with a reason, and the ledger keeps it. The record has “Why do I see this” (R133-R139).'],
  ],
  states: 'States of a right',
  state: {
    OFFERED: 'Head office offers a lead: accept before the clock ends, or the next dealer gets it.',
    PENDING: 'The registration is looked at; if nobody objects, it stands after one working day.',
    ACTIVE: 'Somebody works with the client; the term runs and events prolong it.',
    HELD: 'An order is signed: until delivery or cancellation the term does not run.',
    CUSTOMER: 'Bought from you or is serviced by you: yours for a long time.',
    GRACE: 'The term is over: you may serve, not invite. If the client comes himself, the right returns.',
    DISPUTED: 'A dispute runs: the clock stands, neither side advertises.',
    CLOSED: 'Ended, with a reason. A mistake can be mended within a day.',
  },
};

export default how;

// SPDX-License-Identifier: Apache-2.0
import type ru from '../ru/register';

const register: typeof ru = {
  register: {
    sub: 'first the check, then the name',
    step1: 'Who and why', step2: 'About the client', kind: 'Kind of client',
    purpose: 'Occasion', consent: 'Consent to processing', consentHint: 'Number of the form or of the call recording.',
    surnameHint: 'A surname makes the match exact.',
    purposes: { walk_in: 'Walked in', incoming_call: 'Called us', web_request: 'Web request', customer_request: 'Asked to be contacted', referral: 'Referral', exhibition: 'Exhibition', other: 'Other' },
    moreKeys: 'Add e-mail, document, VIN or plate',
    kpp: 'KPP', passport: 'Passport, series and number', licence: 'Driving licence', documentHint: 'The number is neither kept nor shown: its fingerprint tells the same person.',
    check: 'Check', checking: 'Checking…', counted: 'Every check is written to the ledger and counts towards the limit (R26).',
    needKey: 'At least one contact is needed: phone, e-mail or INN',
    saveWhy: 'Available after the check.', saveConflict: 'The client has an owner: nothing can be saved.',
    claimFrom: (d) => `a claim is possible from ${d}`,
    serve: 'Serve now',
    wait: 'Tell me when free',
    dispute: 'Dispute it',
    waits: (d) => `You are in the queue${d ? `, not before ${d}` : ''}. A notice will tell you.`,
    openOwn: 'Open the record',
    interest: 'Interest', interestHint: 'A model or a kind of work.',
    channels: 'Agrees to advertising', channelsHint: 'Tick only what the client has confirmed.',
  },
  verdict: {
    FREE: { title: 'Free', text: 'The client can be registered: fill in the rest and save.', rule: '' },
    YOURS: { title: 'Already your client', text: 'Your dealer owns this person for this brand and line.', rule: 'R33' },
    PROTECTED: { title: 'Owned by another dealer', text: 'You may sell and serve, but not invite or advertise. Whose the client is and what happened there is not told.', rule: 'R24, R33' },
    IN_GRACE: { title: 'The former owner’s term is ending', text: 'You may join the queue: when the term ends, claims are tried in order.', rule: 'R15' },
    DISPUTED: { title: 'There is a dispute about this client', text: 'Nobody can register them before the arbiter decides.', rule: 'R103' },
    HQ: { title: 'Head office looks after this client', text: 'Ask the lead router.', rule: 'R2' },
    OPTED_OUT: { title: 'The client asked not to be contacted', text: 'Only a fresh consent of the client lifts this.', rule: 'R24' },
  },
  receipt: {
    done: 'The client is registered', draft: 'Saved as a draft', until: 'Protected until', number: 'Receipt', at: 'Received by the server', areaName: 'Territory', area: { other: 'another dealer\'s; the client is yours all the same', nobody: 'nobody\'s' }, open: 'Open the record', again: 'Another client',
    draftText: (what) => `Missing: ${what || 'data'}. No protection; the draft is kept for 7 days.`,
    missing: { contact: 'contact', phone: 'phone', name: 'name', surname: 'surname', interest: 'interest', consent: 'consent', consent_evidence: 'consent', source: 'source', occasion: 'occasion', seat: 'seat', brand_id: 'brand' },
  },
  drafts: {
    sub: 'registrations that miss something', none: 'No drafts', noneText: 'Registrations without consent or contact come here.',
    missing: (what) => `missing: ${what}`,
    until: (d) => `deleted on ${d}`,
  },
};

export default register;

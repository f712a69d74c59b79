// SPDX-License-Identifier: Apache-2.0
// Words of relatives, companies, fleets, key accounts, service moves and permits.
import type ru from '../ru/family';
import { enCount } from '../plural';

const family: typeof ru = {
  title: 'Family and ties', none: 'No ties', add: 'Add a relative', ended: 'Tie ended', saved: 'Saved',
  relation: { spouse: 'spouse', parent: 'parent', child: 'child', sibling: 'sibling', relative: 'relative', other: 'close person' },
  confirmed: 'confirmed', declared: 'as told',
  since: (d) => `since ${d}`, between: (from, to) => `${from} – ${to}`,
  end: 'End', endOf: (name) => `End the tie: ${name}`,
  jobs: 'Works for a company', drives: 'Drives a company car',
  form: {
    relation: 'What they are to the client', how: 'Whom to add', fromList: 'One of my clients', byContact: 'By surname and phone', search: 'Name, phone or plate',
    surname: 'Surname', phone: 'Phone', from: 'Since', evidence: 'Evidence', evidenceHint: 'a document; without one the tie is kept as told',
    blind: 'If the person is in the network already, the records are tied. Who it is, and whose client, is not told.',
    nobody: 'Nobody found', chosen: (name) => `Chosen: ${name}`,
  },
  hint: { title: 'A hint for colleagues', send: 'Pass a hint on', sent: 'The hint was passed on', text: 'Who holds that business gets a task. It names neither you nor your dealer.',
    kind: { trade_in: 'Thinks of exchanging the car', test_drive: 'Asks for a test drive', new_car: 'Wants a new car', service: 'Needs service', repair: 'Needs a repair' } },
  company: {
    title: 'Company', inn: 'INN', kpp: 'KPP', head: 'Company', branches: 'Branches', noBranches: 'No branches', group: 'Group of companies',
    carves: 'Named owners', noCarves: 'Everything belongs to the company\'s owner', contacts: 'Contact persons', noContacts: 'No contact persons',
    drivers: 'Drivers', noDrivers: 'No drivers', leases: 'Leases', fleet: (n) => `Fleet: ${n}`, carved: 'another owner', key: 'key account', mine: 'yours', hq: 'head office',
    waits: 'waits for a delivery', planned: 'from its day on', until: (d) => `until ${d}`, another: 'another dealer', agree: 'Agree now', agreed: 'Agreement saved',
    lessor: (name) => `lessor ${name}`, lessee: (name) => `lessee ${name}`,
    addBranch: 'Add a branch', addContact: 'Add a contact person', addDriver: 'Add a driver', addLease: 'Enter a lease', addCarve: 'Name an owner', endCarve: 'End the carve-out',
    name: 'Name', person: 'Name', job: 'Post', city: 'City', address: 'Address', phone: 'Phone', email: 'E-mail', consent: 'Consent (document)', channels: 'Channels agreed to',
    contract: 'Contract', lessorName: 'Lessor', lessorInn: 'INN of the lessor', car: 'Car', from: 'From', to: 'To', reason: 'Ground', dealer: 'Owner', brand: 'Brand', line: 'Line', choose: 'Choose',
    branchHint: 'The company\'s right covers the branch until another owner is named for it.', carveHint: 'A signed order stays with its dealer until the delivery.', phoneOrMail: 'A phone or an e-mail is needed',
  },
  fleet: { title: 'Fleet', search: 'Part of VIN, plate or model', none: 'Nothing found', leased: 'leased', driver: (name) => `driven by ${name}`, read: (km, on) => `${km}, ${on}` },
  car: {
    title: 'Car', owners: 'Owners', unknownOwner: 'owner not shown', nowOwner: 'owns it now', readings: 'Odometer', noReadings: 'No readings', chart: 'Odometer over time',
    change: 'The owner changed', changed: 'Owner changed', newOwner: 'New owner', unknown: 'Unknown', document: 'Document', on: 'Day of the change',
    changeHint: 'The former owner\'s service right for this car ends; the last service dealer gets an offer.', lease: 'Lease',
  },
  groups: {
    none: 'No groups yet', noneText: 'Gather companies of one owner in a group and name who runs their fleet sales.', add: 'New group', name: 'Name of the group', search: 'Name of a group',
    members: (n) => enCount(n, 'company', 'companies'),
    addMember: 'Add a company', removeMember: 'Take out of the group', find: 'Name or INN of the company', memberAdded: 'The company is in the group', memberEnded: 'The company was taken out',
    keys: 'Key account', noKeys: 'Nobody named', addKey: 'Name who runs it', endKey: 'End', keyAdded: 'Named', keyEnded: 'Ended',
    inForce: (n) => `in force for ${n}`, waiting: (n) => `${n} wait`, hqHolds: 'Head office', noMembers: 'No companies in the group',
  },
  moves: {
    sub: 'The service right follows the client: the second paid visit in a row at another dealer, or the first when you have not seen the car for over a year.',
    none: 'Nobody leaves', noneText: 'Service clients who are served elsewhere appear here.',
    rule: { second_visit: 'second visit in a row elsewhere', long_unseen: 'not seen by the owner for over a year' },
    state: { ANNOUNCED: 'open to objection', OBJECTED: 'objection under review', MOVED: 'moved', VOID: 'void' },
    object: 'Object', objectWhy: 'Why the client stays yours', objectHint: 'An arbiter decides; the right is yours until then.', objected: 'Objection taken', until: (d) => `objections until ${d}`,
    came: 'Came to you', leaves: 'Leaves', all: 'All', closed: 'name hidden', path: (a, b) => `${a} → ${b}`,
  },
};

export default family;

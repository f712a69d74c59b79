// SPDX-License-Identifier: Apache-2.0
import type ru from '../ru/list';

const list: typeof ru = {
  column: {
    name: 'Client', state: 'State', vehicle: 'Car', phone: 'Phone', next: 'Next step', protect: 'Protected to',
    visit: 'Last visit', orders: 'Work orders', seat: 'Seat', dealer: 'Dealer', abc: 'ABC', city: 'City', line: 'Brand and line', email: 'E-mail',
  },
  filter: {
    title: 'Filters', show: 'Show', clear: 'Clear', state: 'State', brand: 'Brand', line: 'Line', city: 'City',
    seat: 'Seat', abc: 'ABC class', model: 'Model', visitAfter: 'Visited after', visitBefore: 'Visited before',
  },
  view: {
    save: 'Save this view', drop: 'Delete the view', name: 'Name of the view',
    dropped: (name) => `The view “${name}” was deleted`,
  },
  list: {
    search: 'Name, phone, VIN, plate',
    visit: (ago) => `visited ${ago} ago`,
    noneFound: 'Nobody was found',
    noneQuery: (q) => `No client you may see matches “${q}”. A client of another dealer never appears here: check them through registration.`,
    noneFilter: 'Nobody meets these conditions.',
    loosen: (label) => `Drop the condition “${label}”`,
    nobody: 'No clients yet',
    nobodyText: 'Register the first one or import a list from a file.',
    exportNote: 'The columns of this filter you may see. The export is written to the ledger.',
  },
  bulk: {
    title: 'Actions on the selected',
    what: 'What to do',
    due: 'Due',
    chosen: (n) => `Selected: ${n}`,
    task: 'Add a task',
    seat: 'Hand over to a seat',
    clear: 'Clear the selection',
    run: 'Do it',
    result: (done, failed) => (failed ? `Done: ${done}, refused: ${failed}` : `Done: ${done}`),
  },
};

export default list;

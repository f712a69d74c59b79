// SPDX-License-Identifier: Apache-2.0
// The client list outlives its screen: coming back from a record finds the same rows at the same place.
import { get } from '../../api/client';
import type { Page, PersonRow } from '../../api/types';
import { readFilter, type Filter } from '../../lib/query';
import { PagedList } from '../../state/list.svelte';
import { FILTER_NAMES } from './filters';

const PAGE = 50;

class ClientStore {
  filter = $state.raw<Filter>({});
  #search: string | null = null;
  readonly list = new PagedList<PersonRow>(
    (after, signal) => get<Page<PersonRow>>('/v1/people', { query: { ...this.filter, limit: PAGE, after }, signal }),
    (row) => row.id,
  );

  /** Loads when the filter in the address is another one than what is shown. */
  show(search: string): void {
    if (search === this.#search) return;
    this.#search = search;
    this.filter = readFilter(search, FILTER_NAMES);
    this.list.chosen = new Set();
    this.list.cursor = -1;
    void this.list.load();
  }
}

export const clients = new ClientStore();

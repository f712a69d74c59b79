// SPDX-License-Identifier: Apache-2.0
// Every screen: address, right, words it needs, lazy code, place in the menu, key. The rail, the palette, the phone's
// tabs and the browser tests read this table.
import type { Component } from 'svelte';
import type { Area } from './i18n';
import type core from './i18n/ru/core';
import type { IconName } from './kit/icons';
import type { RareName } from './screens/rare';

export type ScreenName = keyof typeof core.screen;

/** A screen takes the parameters of its address, or nothing. */
export type Screen = Component<{ params: Record<string, string> }> | Component<Record<string, never>>;

export interface RouteRow {
  path: string;
  name: ScreenName;
  icon: IconName;
  /** words it needs; register and calls also use those of the desk */
  area: Area;
  right?: string;
  /** group of the menu; none = reached from elsewhere */
  menu?: 'work' | 'hold' | 'reach' | 'watch' | 'manage';
  /** what the screen asks first when its address has no query: asked while its code is on the way */
  first?: string;
  /** row of kit/keys.ts */
  key?: string;
  /** lazy code; none = a row of screens/rare.ts, whose own address is asked first: what few open costs everybody's first load nothing */
  screen?: () => Promise<{ default: Screen }>;
}

export const ROUTES: readonly RouteRow[] = [
  { path: '/', name: 'home', icon: 'home', area: 'people', menu: 'work', key: 'go.home', first: '/v1/home', screen: () => import('./screens/home/Home.svelte') },
  { path: '/clients', name: 'clients', icon: 'people', area: 'list', right: 'people', menu: 'work', key: 'go.clients', first: '/v1/people?limit=50', screen: () => import('./screens/clients/Clients.svelte') },
  { path: '/clients/:id', name: 'record', icon: 'person', area: 'people', right: 'people', first: '/v1/people/:id', screen: () => import('./screens/record/Record.svelte') },
  { path: '/register', name: 'register', icon: 'addperson', area: 'register', right: 'register', screen: () => import('./screens/register/Register.svelte') },
  { path: '/leads', name: 'leads', icon: 'inbox', area: 'routing', right: 'leads', menu: 'work', key: 'go.leads', screen: () => import('./screens/leads/Leads.svelte') },
  { path: '/tasks', name: 'tasks', icon: 'task', area: 'people', right: 'tasks', menu: 'work', key: 'go.tasks', screen: () => import('./screens/tasks/Tasks.svelte') },
  { path: '/calls', name: 'calls', icon: 'list', area: 'calls', right: 'calls', menu: 'work', key: 'go.calls', screen: () => import('./screens/calls/CallLists.svelte') },
  { path: '/calls/:id', name: 'call', icon: 'phone', area: 'calls', right: 'calls', screen: () => import('./screens/calls/Calling.svelte') },
  { path: '/funnel', name: 'funnel', icon: 'columns', area: 'life', right: 'funnel', menu: 'work', key: 'go.funnel' },
  { path: '/how', name: 'how', icon: 'flag', area: 'how', menu: 'hold' },
  { path: '/claims', name: 'claims', icon: 'clock', area: 'life', right: 'claims', menu: 'hold' },
  { path: '/lists', name: 'lists', icon: 'list', area: 'life', right: 'lists', menu: 'manage' },
  { path: '/control', name: 'control', icon: 'shield', area: 'life', right: 'control', menu: 'hold' },
  { path: '/drafts', name: 'drafts', icon: 'note', area: 'register', right: 'drafts' },
  { path: '/imports', name: 'imports', icon: 'upload', area: 'imports', right: 'imports', menu: 'manage' },
  { path: '/imports/:id', name: 'import', icon: 'upload', area: 'imports', right: 'imports' },
  { path: '/segments', name: 'segments', icon: 'segment', area: 'campaigns', right: 'segments', menu: 'reach', key: 'go.segments', screen: () => import('./screens/segments/Segments.svelte') },
  { path: '/segments/:id', name: 'segment', icon: 'segment', area: 'campaigns', right: 'segments' },
  { path: '/campaigns', name: 'campaigns', icon: 'campaign', area: 'campaigns', right: 'campaigns', menu: 'reach', key: 'go.campaigns', screen: () => import('./screens/campaigns/Campaigns.svelte') },
  { path: '/campaigns/:id', name: 'campaign', icon: 'campaign', area: 'campaigns', right: 'campaigns', screen: () => import('./screens/campaigns/Campaign.svelte') },
  { path: '/conflicts', name: 'conflicts', icon: 'calendar', area: 'campaigns', right: 'conflicts', menu: 'reach' },
  { path: '/branches', name: 'branches', icon: 'chart', area: 'audit', right: 'branches', menu: 'watch', key: 'go.branches' },
  { path: '/branch', name: 'branch', icon: 'chart', area: 'audit', right: 'branch', menu: 'watch' },
  { path: '/touches', name: 'touches', icon: 'shield', area: 'audit', right: 'touches', menu: 'watch' },
  { path: '/ledger', name: 'ledger', icon: 'book', area: 'audit', right: 'ledger', menu: 'watch', key: 'go.ledger' },
  { path: '/rules', name: 'rules', icon: 'key', area: 'life', right: 'rules', menu: 'watch', key: 'go.rules' },
  { path: '/quality', name: 'quality', icon: 'check', area: 'outages', right: 'quality', menu: 'watch' },
  { path: '/staff', name: 'staff', icon: 'users', area: 'admin', right: 'staff', menu: 'manage', key: 'go.staff' },
  { path: '/dealers', name: 'dealers', icon: 'building', area: 'admin', right: 'dealers', menu: 'manage' },
  { path: '/territories', name: 'territories', icon: 'pin', area: 'routing', right: 'territories', menu: 'watch' },
  { path: '/routing', name: 'routing', icon: 'swap', area: 'routing', right: 'territories', menu: 'manage' },
  { path: '/calendars', name: 'calendars', icon: 'calendar', area: 'routing', right: 'calendars', menu: 'manage' },
  { path: '/outages', name: 'outages', icon: 'clock', area: 'outages', right: 'outages', menu: 'manage' },
  { path: '/sites', name: 'sites', icon: 'link', area: 'routing', right: 'sites', menu: 'manage' },
  { path: '/mail', name: 'mail', icon: 'mail', area: 'admin', right: 'mail', menu: 'manage' },
  { path: '/service-moves', name: 'moves', icon: 'wrench', area: 'family', right: 'service_moves', menu: 'hold' },
  { path: '/announcements', name: 'announcements', icon: 'bell', area: 'campaigns', right: 'permits', menu: 'reach' },
  { path: '/permits', name: 'permits', icon: 'check', area: 'campaigns', right: 'area_permits', menu: 'reach' },
  { path: '/key-accounts', name: 'keyaccounts', icon: 'building', area: 'family', right: 'key_accounts', menu: 'hold' },
  { path: '/key-accounts/:id', name: 'keyaccount', icon: 'building', area: 'family', right: 'key_accounts' },
  { path: '/duplicates', name: 'duplicates', icon: 'people', area: 'steward', right: 'duplicates', menu: 'hold', first: '/v1/duplicates?state=OPEN&limit=50' },
  { path: '/duplicates/:id', name: 'duplicate', icon: 'people', area: 'steward', right: 'duplicates' },
  { path: '/privacy', name: 'privacy', icon: 'shield', area: 'privacy', right: 'privacy', menu: 'hold' },
  { path: '/privacy/:id', name: 'privacyrequest', icon: 'shield', area: 'privacy', right: 'privacy' },
  { path: '/merges', name: 'merges', icon: 'undo', area: 'steward', right: 'duplicates', menu: 'hold' },
  { path: '/disputes', name: 'disputes', icon: 'shield', area: 'disputes', right: 'disputes', menu: 'hold' },
  { path: '/disputes/:id', name: 'dispute', icon: 'shield', area: 'disputes', right: 'disputes' },
  { path: '/precedents', name: 'precedents', icon: 'book', area: 'disputes', right: 'precedents' },
  { path: '/arbiters', name: 'ties', icon: 'building', area: 'disputes', right: 'ties', menu: 'manage' },
  { path: '/walk-ins', name: 'walkins', icon: 'person', area: 'transfer', right: 'walkins', menu: 'work' },
  { path: '/walk-ins/:id', name: 'walkin', icon: 'person', area: 'transfer', right: 'walkins' },
  { path: '/transfers', name: 'transfers', icon: 'swap', area: 'transfer', right: 'transfers', menu: 'hold' },
  { path: '/transfer-batches', name: 'batches', icon: 'swap', area: 'transfer', right: 'batches', menu: 'hold' },
  { path: '/credits', name: 'credits', icon: 'ruble', area: 'transfer', right: 'credits', menu: 'hold' },
  { path: '/approvals', name: 'approvals', icon: 'check', area: 'transfer', right: 'approvals', menu: 'hold' },
  { path: '/notices', name: 'notices', icon: 'bell', area: 'disputes' },
  { path: '/clients/:id/print', name: 'print', icon: 'print', area: 'sight', right: 'card' },
  { path: '/incoming', name: 'incoming', icon: 'phone', area: 'sight', right: 'incoming', menu: 'work' },
  { path: '/exports', name: 'exports', icon: 'download', area: 'sight', right: 'exports', menu: 'watch' },
  { path: '/watch', name: 'watch', icon: 'shield', area: 'sight', right: 'watch', menu: 'watch' },
  { path: '/account', name: 'account', icon: 'gear', area: 'admin' },
];

export interface Match {
  row: RouteRow;
  params: Record<string, string>;
}

/** The row an address belongs to, with its parameters; null when there is none. */
export function match(path: string, rows: readonly RouteRow[] = ROUTES): Match | null {
  const parts = path.replace(/\/+$/, '').split('/');
  for (const row of rows) {
    const wanted = row.path.replace(/\/+$/, '').split('/');
    if (wanted.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((piece, i) => {
      const part = parts[i] ?? '';
      if (!piece.startsWith(':')) return piece === part;
      params[piece.slice(1)] = decodeURIComponent(part);
      return part !== '';
    });
    if (fits) return { row, params };
  }
  return null;
}

/** The code of a screen. */
export async function screenOf(row: RouteRow): Promise<{ default: Screen }> {
  return (row.screen ?? (await import('./screens/rare')).rare[row.name as RareName])();
}

// SPDX-License-Identifier: Apache-2.0
// Every screen: address, right, words it needs, lazy code, place in the menu, key. The rail, the palette, the phone's
// tabs and the browser tests read this table.
import type { Component } from 'svelte';
import type { Area } from './i18n';
import type core from './i18n/ru/core';
import type { IconName } from './kit/icons';

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
  menu?: 'work' | 'reach' | 'watch' | 'manage';
  /** what the screen asks first when its address has no query: asked while its code is on the way */
  first?: string;
  /** row of kit/keys.ts */
  key?: string;
  screen: () => Promise<{ default: Screen }>;
}

export const ROUTES: readonly RouteRow[] = [
  { path: '/', name: 'home', icon: 'home', area: 'people', menu: 'work', key: 'go.home', first: '/v1/home', screen: () => import('./screens/home/Home.svelte') },
  { path: '/clients', name: 'clients', icon: 'people', area: 'list', right: 'people', menu: 'work', key: 'go.clients', first: '/v1/people?limit=50', screen: () => import('./screens/clients/Clients.svelte') },
  { path: '/clients/:id', name: 'record', icon: 'person', area: 'people', right: 'people', first: '/v1/people/:id', screen: () => import('./screens/record/Record.svelte') },
  { path: '/register', name: 'register', icon: 'addperson', area: 'register', right: 'register', screen: () => import('./screens/register/Register.svelte') },
  { path: '/leads', name: 'leads', icon: 'inbox', area: 'routing', right: 'leads', menu: 'work', key: 'go.leads', screen: () => import('./screens/leads/Leads.svelte') },
  { path: '/tasks', name: 'tasks', icon: 'task', area: 'people', right: 'tasks', menu: 'work', key: 'go.tasks', screen: () => import('./screens/tasks/Tasks.svelte') },
  { path: '/calls', name: 'calls', icon: 'phone', area: 'calls', right: 'calls', menu: 'work', key: 'go.calls', screen: () => import('./screens/calls/CallLists.svelte') },
  { path: '/calls/:id', name: 'call', icon: 'phone', area: 'calls', right: 'calls', screen: () => import('./screens/calls/Calling.svelte') },
  { path: '/funnel', name: 'funnel', icon: 'columns', area: 'life', right: 'funnel', menu: 'work', key: 'go.funnel', screen: () => import('./screens/life/Funnel.svelte') },
  { path: '/claims', name: 'claims', icon: 'clock', area: 'life', right: 'claims', menu: 'work', screen: () => import('./screens/life/Claims.svelte') },
  { path: '/lists', name: 'lists', icon: 'list', area: 'life', right: 'lists', menu: 'manage', screen: () => import('./screens/life/Lists.svelte') },
  { path: '/control', name: 'control', icon: 'shield', area: 'life', right: 'control', menu: 'work', screen: () => import('./screens/life/Control.svelte') },
  { path: '/rules', name: 'rules', icon: 'key', area: 'life', right: 'rules', menu: 'watch', key: 'go.rules', screen: () => import('./screens/life/Rules.svelte') },
  { path: '/drafts', name: 'drafts', icon: 'note', area: 'register', right: 'drafts', screen: () => import('./screens/register/Drafts.svelte') },
  { path: '/imports', name: 'imports', icon: 'upload', area: 'admin', right: 'imports', menu: 'manage', screen: () => import('./screens/imports/Imports.svelte') },
  { path: '/imports/:id', name: 'import', icon: 'upload', area: 'admin', right: 'imports', screen: () => import('./screens/imports/Import.svelte') },
  { path: '/segments', name: 'segments', icon: 'segment', area: 'campaigns', right: 'segments', menu: 'reach', key: 'go.segments', screen: () => import('./screens/segments/Segments.svelte') },
  { path: '/segments/:id', name: 'segment', icon: 'segment', area: 'campaigns', right: 'segments', screen: () => import('./screens/segments/Segment.svelte') },
  { path: '/campaigns', name: 'campaigns', icon: 'campaign', area: 'campaigns', right: 'campaigns', menu: 'reach', key: 'go.campaigns', screen: () => import('./screens/campaigns/Campaigns.svelte') },
  { path: '/campaigns/:id', name: 'campaign', icon: 'campaign', area: 'campaigns', right: 'campaigns', screen: () => import('./screens/campaigns/Campaign.svelte') },
  { path: '/conflicts', name: 'conflicts', icon: 'calendar', area: 'campaigns', right: 'conflicts', menu: 'reach', screen: () => import('./screens/campaigns/Conflicts.svelte') },
  { path: '/branches', name: 'branches', icon: 'chart', area: 'audit', right: 'branches', menu: 'watch', key: 'go.branches', screen: () => import('./screens/branches/Branches.svelte') },
  { path: '/branch', name: 'branch', icon: 'chart', area: 'audit', right: 'branch', menu: 'watch', screen: () => import('./screens/branches/OwnBranch.svelte') },
  { path: '/touches', name: 'touches', icon: 'shield', area: 'audit', right: 'touches', menu: 'watch', screen: () => import('./screens/audit/Touches.svelte') },
  { path: '/ledger', name: 'ledger', icon: 'book', area: 'audit', right: 'ledger', menu: 'watch', key: 'go.ledger', screen: () => import('./screens/audit/Ledger.svelte') },
  { path: '/staff', name: 'staff', icon: 'users', area: 'admin', right: 'staff', menu: 'manage', key: 'go.staff', screen: () => import('./screens/admin/Staff.svelte') },
  { path: '/dealers', name: 'dealers', icon: 'building', area: 'admin', right: 'dealers', menu: 'manage', screen: () => import('./screens/admin/Dealers.svelte') },
  { path: '/territories', name: 'territories', icon: 'pin', area: 'routing', right: 'territories', menu: 'watch', screen: () => import('./screens/routing/Territories.svelte') },
  { path: '/routing', name: 'routing', icon: 'swap', area: 'routing', right: 'territories', menu: 'manage', screen: () => import('./screens/routing/Shares.svelte') },
  { path: '/calendars', name: 'calendars', icon: 'calendar', area: 'routing', right: 'calendars', menu: 'manage', screen: () => import('./screens/routing/Calendars.svelte') },
  { path: '/sites', name: 'sites', icon: 'link', area: 'routing', right: 'sites', menu: 'manage', screen: () => import('./screens/routing/Sites.svelte') },
  { path: '/mail', name: 'mail', icon: 'mail', area: 'admin', right: 'mail', menu: 'manage', screen: () => import('./screens/admin/DemoMail.svelte') },
  { path: '/service-moves', name: 'moves', icon: 'wrench', area: 'family', right: 'service_moves', menu: 'work', screen: () => import('./screens/family/Moves.svelte') },
  { path: '/permits', name: 'permits', icon: 'check', area: 'campaigns', right: 'permits', menu: 'reach', screen: () => import('./screens/family/Permits.svelte') },
  { path: '/key-accounts', name: 'keyaccounts', icon: 'building', area: 'family', right: 'key_accounts', menu: 'manage', screen: () => import('./screens/family/Groups.svelte') },
  { path: '/key-accounts/:id', name: 'keyaccount', icon: 'building', area: 'family', right: 'key_accounts', screen: () => import('./screens/family/Group.svelte') },
  { path: '/duplicates', name: 'duplicates', icon: 'people', area: 'steward', right: 'duplicates', menu: 'work', first: '/v1/duplicates?state=OPEN&limit=50', screen: () => import('./screens/steward/Duplicates.svelte') },
  { path: '/duplicates/:id', name: 'duplicate', icon: 'people', area: 'steward', right: 'duplicates', screen: () => import('./screens/steward/Duplicate.svelte') },
  { path: '/merges', name: 'merges', icon: 'undo', area: 'steward', right: 'duplicates', menu: 'work', screen: () => import('./screens/steward/Merges.svelte') },
  { path: '/disputes', name: 'disputes', icon: 'shield', area: 'disputes', right: 'disputes', menu: 'work', screen: () => import('./screens/disputes/Disputes.svelte') },
  { path: '/disputes/:id', name: 'dispute', icon: 'shield', area: 'disputes', right: 'disputes', screen: () => import('./screens/disputes/Dispute.svelte') },
  { path: '/precedents', name: 'precedents', icon: 'book', area: 'disputes', right: 'precedents', screen: () => import('./screens/disputes/Precedents.svelte') },
  { path: '/notices', name: 'notices', icon: 'bell', area: 'disputes', screen: () => import('./screens/notices/NoticePage.svelte') },
  { path: '/account', name: 'account', icon: 'gear', area: 'admin', screen: () => import('./screens/account/Account.svelte') },
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

// SPDX-License-Identifier: Apache-2.0
// Who is signed in. Loaded once at the start and after sign-in; a lost session opens the sign-in over the page.
import { get, post, setCsrf, whenSignedOut } from '../api/client';
import { asProblem } from '../api/problem';
import type { Dictionary, Line, Role, Session } from '../api/types';
import { setServerTime, setZone } from '../i18n/format';

class SessionState {
  who = $state.raw<Session | null>(null);
  isLost = $state(false);
  words = $state.raw<Dictionary | null>(null);

  async load(): Promise<boolean> {
    try {
      const found = await get<Session>('/v1/session');
      setCsrf(found.csrf);
      setZone(found.time_zone);
      setServerTime(found.now);
      this.who = found;
      this.isLost = false;
      return true;
    } catch (error) {
      if (asProblem(error).status === 401) {
        this.who = null;
        return false;
      }
      throw error;
    }
  }

  async signOut(): Promise<void> {
    await post('/v1/logout').catch(() => undefined);
    location.assign('/login');
  }
}

export const session = new SessionState();
whenSignedOut(() => {
  if (session.who) session.isLost = true;
});

// --- dictionary: brands, dealers, own staff; small, asked once ------------------------------------
let asked: Promise<void> | null = null;
export function needDictionary(): Promise<void> {
  asked ??= get<Omit<Dictionary, 'lines'> & { lines: (Line | { line: Line })[] }>('/v1/dictionary')
    .then((found) => {
      session.words = { ...found, lines: found.lines.map((one) => (typeof one === 'string' ? one : one.line)) };
    })
    .catch(() => {
      asked = null;
    });
  return asked;
}

export const brandName = (id: number | null | undefined): string =>
  session.words?.brands.find((b) => b.id === id)?.name ?? (id ? `#${id}` : '');
export const dealerName = (id: string | null | undefined): string =>
  session.words?.dealers.find((d) => d.id === id)?.name ?? '';

// --- rights ---------------------------------------------------------------------------------------
const DEALER: Role[] = ['manager', 'seller', 'adviser', 'operator'];
const DESK: Role[] = ['manager', 'seller', 'adviser'];
/** Menu keys by role: the same sets as server/routes.def. The server refuses anyway. */
export const RIGHTS: Record<string, Role[]> = {
  people: [...DESK, 'router'],
  register: [...DEALER],
  leads: [...DESK, 'router'],
  tasks: DESK,
  drafts: DESK,
  imports: ['manager'],
  segments: ['marketer', 'manager'],
  campaigns: ['marketer', 'manager', 'arbiter', 'auditor'],
  conflicts: ['marketer', 'manager'],
  calls: ['manager', 'seller', 'operator'],
  branches: ['auditor', 'marketer'],
  branch: ['manager'],
  touches: ['auditor'],
  ledger: ['auditor'],
  staff: ['admin', 'manager'],
  dealers: ['admin'],
  territories: ['admin', 'marketer', 'router', 'arbiter', 'manager'],
  calendars: ['admin'],
  sites: ['admin'],
  mail: ['admin'],
  duplicates: ['steward'],
  privacy: ['dpo'],
  funnel: DESK,
  rules: ['admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo', 'auditor'],
  control: ['router', 'arbiter', 'steward'],
  outages: ['admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo', 'auditor'],
  quality: ['manager', 'router', 'auditor'],
  lists: [...DESK, 'admin', 'marketer', 'router'],
  claims: DESK,
  service_moves: ['manager', 'router', 'arbiter'],
  permits: ['manager'],
  area_permits: ['manager', 'router'],
  key_accounts: ['router'],
  card: [...DEALER, 'router', 'arbiter', 'steward', 'dpo'],
  incoming: [...DEALER],
  exports: ['manager', 'admin', 'marketer', 'router', 'dpo', 'auditor'],
  watch: ['auditor'],
  walkins: DEALER,
  transfers: [...DESK, 'router', 'arbiter'],
  batches: ['router', 'arbiter', 'admin'],
  credits: ['manager', 'arbiter', 'auditor'],
  approvals: ['admin', 'router', 'arbiter', 'manager', 'steward', 'dpo'],
  disputes: [...DESK, 'arbiter', 'auditor'],
  ties: ['admin', 'auditor'],
  precedents: [...DESK, 'arbiter', 'router', 'auditor'],
};

export function may(right: string | undefined): boolean {
  const who = session.who;
  if (!who) return false;
  if (!right) return true;
  if (right === 'mail' && !who.is_demo) return false;
  const isByRole = RIGHTS[right]?.includes(who.role) ?? false;
  const isListed = who.rights?.some((key) => key in RIGHTS);
  return isByRole && (!isListed || who.rights.includes(right));
}

export const isRole = (...roles: Role[]): boolean => !!session.who && roles.includes(session.who.role);

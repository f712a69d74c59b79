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
/** Whether the server lists this part for who is signed in (core.menu_of; the routes refuse anyway). */
export function may(right: string | undefined): boolean {
  const who = session.who;
  if (!who) return false;
  if (!right) return true;
  if (right === 'mail' && !who.is_demo) return false;
  return who.rights.includes(right);
}

export const isRole = (...roles: Role[]): boolean => !!session.who && roles.includes(session.who.role);

// SPDX-License-Identifier: Apache-2.0
// The first script of the page, small on purpose: it asks for everything this address needs (who this is, the first data,
// code, words) in one go, while the application itself is on the way. It must not import what imports Svelte.
import './style/tokens.css';
import './style/base.css';
import './style/print.css';
import { askAhead } from './api/ahead';
import { needWords, startWords } from './i18n';
import { match, screenOf } from './routes';
import { apply, storedLang } from './state/prefs';

// whoever opens the sign-in page wants to sign in: nobody is asked who this is
const isStranger = location.pathname === '/login';
const lang = storedLang(isStranger);
apply();
document.documentElement.lang = lang;
const words = startWords(lang);
if (isStranger) import('./screens/login/Login.svelte').catch(() => undefined);
else {
  const found = match(location.pathname);
  askAhead('/v1/session', lang);
  if (found?.row.first && !location.search) askAhead(found.row.first.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(found.params[name] ?? '')), lang);
  askAhead('/v1/dictionary', lang);
  // App and Shell ask again and say what failed
  const parts = [import('./screens/shell/Shell.svelte'), ...(found ? [screenOf(found.row), needWords(found.row.area), needWords('list')] : [])];
  for (const part of parts as Promise<unknown>[]) part.catch(() => undefined);
}
void import('./app').then(({ start }) => start(words, isStranger));

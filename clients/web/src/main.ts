// SPDX-License-Identifier: Apache-2.0
import { mount } from 'svelte';
import './style/tokens.css';
import './style/base.css';
import './style/print.css';
import App from './App.svelte';
import { setCallLanguage } from './api/client';
import { startWords } from './i18n';
import { isLangChosen, apply, storedLang } from './state/prefs';
import { session } from './state/session.svelte';

async function start(): Promise<void> {
  apply();
  const chosen = storedLang();
  setCallLanguage(chosen);
  document.documentElement.lang = chosen;
  const words = startWords(chosen);
  // whoever opens the sign-in page wants to sign in: nobody is asked who this is
  const isStranger = location.pathname === '/login';
  // what a signed-in person needs is fetched beside the question who this is, not after it; App asks again and waits
  if (!isStranger) import('./screens/shell/Shell.svelte').catch(() => undefined);
  const [, failure] = await Promise.all([
    words,
    isStranger
      ? null
      : session.load().then(
          () => null,
          (error: unknown) => error,
        ),
  ]);
  const own = session.who?.lang;
  if (!isLangChosen() && (own === 'ru' || own === 'en') && own !== chosen) {
    await startWords(own);
    setCallLanguage(own);
    document.documentElement.lang = own;
  }
  const target = document.getElementById('app');
  if (target) mount(App, { target, props: { failure } });
}

void start();

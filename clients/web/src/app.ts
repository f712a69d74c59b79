// SPDX-License-Identifier: Apache-2.0
// Mounts the application when its words are there and it is known who this is.
import { mount } from 'svelte';
import App from './App.svelte';
import { setCallLanguage } from './api/client';
import { lang, startWords } from './i18n';
import { warm } from './i18n/format';
import { isLangChosen, storedLang } from './state/prefs';
import { session } from './state/session.svelte';

export async function start(words: Promise<void>, isStranger: boolean): Promise<void> {
  setCallLanguage(lang);
  const [failure] = await Promise.all([
    isStranger
      ? null
      : session.load().then(
          () => null,
          (error: unknown) => error,
        ),
    words,
  ]);
  const own = session.who ? session.who.lang : storedLang(true);
  if (!isLangChosen() && (own === 'ru' || own === 'en') && own !== lang) {
    await startWords(own);
    setCallLanguage(own);
    document.documentElement.lang = own;
  }
  warm();
  const target = document.getElementById('app');
  if (target) mount(App, { target, props: { failure } });
}

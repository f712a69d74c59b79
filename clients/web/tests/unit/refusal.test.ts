// SPDX-License-Identifier: Apache-2.0
/// <reference types="vite/client" />
// A refusal on the screen says what happened, by which rule, and what to do next (R162).
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/api/problem';
import { startWords } from '../../src/i18n';
import card from '../../src/kit/Refusal.svelte?raw';
import { problemText } from '../../src/state/toast.svelte';

// as the server writes them: server/errors.def, whose texts tests/gates/refusals.test.mjs holds
const refusals = [
  { status: 409, slug: 'registration-conflict', rule: 'R33', title: 'Клиент уже закреплён', next: 'Встаньте в очередь.' },
  { status: 400, slug: 'missing-field', rule: 'RFC 9110 15.5.1', title: 'Не заполнено обязательное поле', next: 'Заполните это поле.' },
  { status: 404, slug: 'not-found', rule: 'R135', title: 'Не найдено', next: 'Проверьте адрес или вернитесь к списку.' },
  { status: 409, slug: 'changed', rule: 'RFC 9110 13.1.1', title: 'Запись изменена другим', next: 'Обновите запись и внесите правку снова.' },
];

describe.each(['ru', 'en'] as const)('R162 in %s', (lang) => {
  beforeAll(() => startWords(lang));
  it.each(refusals)('$slug shows its title, its rule of the network and the next step', (row) => {
    for (const field of ['', 'phone']) {
      const said = problemText(new Problem(row.status, { ...row, type: `/v1/errors#${row.slug}`, field }));
      expect(said).toContain(row.title);
      expect(said.endsWith(` ${row.next}`)).toBe(true);
      expect(said.includes(`(${row.rule})`)).toBe(row.rule.startsWith('R') && !row.rule.startsWith('RFC'));
      expect(said).not.toContain('RFC');
    }
  });
  it('the card of a refusal shows the same four', () => {
    for (const member of ['{title}', 'problem.next', 'problem.rule', 'field']) expect(card).toContain(member);
  });
  it('a refused field is named in the words of the form', () => {
    const said = problemText(new Problem(400, { type: '/v1/errors#missing-field', title: 'T', rule: 'R30', next: 'N.', field: 'phone' }));
    expect(said).toMatch(lang === 'ru' ? /^T: [а-яё ]+ \(R30\)\. N\.$/i : /^T: [a-z ]+ \(R30\)\. N\.$/i);
  });
});

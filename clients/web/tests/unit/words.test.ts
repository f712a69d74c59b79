// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { KEYS } from '../../src/kit/keys';
import { ROUTES } from '../../src/routes';

type Tree = { [name: string]: unknown };
const files = import.meta.glob<{ default: Tree }>('../../src/i18n/{ru,en}/*.ts');
const AREAS = Object.keys(files).filter((path) => path.includes('/ru/')).map((path) => path.replace(/.*\/(\w+)\.ts$/, '$1'));
const load = async (lang: string, area: string): Promise<Tree> => (await files[`../../src/i18n/${lang}/${area}.ts`]!()).default;

function paths(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    value && typeof value === 'object' && !Array.isArray(value) ? paths(value as Tree, `${prefix}${name}.`) : [`${prefix}${name}:${typeof value}`],
  );
}

describe('words', () => {
  it.each(AREAS)('%s has the same names in both languages', async (area) => {
    const [ru, en] = await Promise.all([load('ru', area), load('en', area)]);
    expect(paths(en).sort()).toEqual(paths(ru).sort());
  });
  it.each(AREAS)('%s has no empty Russian word and no Cyrillic in English but names of the sample', async (area) => {
    const text = JSON.stringify(await load('en', area), (name: string, value: unknown) => (name === 'samples' ? undefined : value));
    expect(text).not.toMatch(/[а-яё]/i);
  });
  it('names every key and every screen', async () => {
    const core = (await load('ru', 'core')) as { keys: { name: Tree }; screen: Tree };
    expect(KEYS.map((row) => row.id).filter((id) => !(id in core.keys.name))).toEqual([]);
    expect(ROUTES.map((row) => row.name).filter((name) => !(name in core.screen))).toEqual([]);
  });
});

describe('another language', () => {
  it('forgets the words of the first, those still on their way included', async () => {
    const { needWords, startWords, words } = await import('../../src/i18n');
    await startWords('ru');
    await needWords('list');
    const late = needWords('people');
    await startWords('en');
    await late;
    expect(words('core').save).toBe('Save');
    expect(() => words('list')).toThrow();
    expect(() => words('people')).toThrow();
    await needWords('people');
    expect(words('people').now.title).not.toMatch(/[а-яё]/i);
  });
});

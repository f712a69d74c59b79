// SPDX-License-Identifier: Apache-2.0
// Every screen of every role, both themes and a phone: nothing for axe to find, no word from the policy, no sideways scroll.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import AxeBuilder from '@axe-core/playwright'
import { account, BASE, launch, noBrowser, open, settle, sideways, visit } from './lib/page.mjs'

const ROLES = ['admin', 'marketer2', 'router', 'arbiter', 'auditor', 'd04-manager', 'd04-seller1', 'd04-adviser1', 'd04-operator']
/** Screens that no menu names; the first item of a list is followed for the rest. */
const EXTRA = { marketer2: ['/campaigns/new', '/segments/new'], 'd04-manager': ['/campaigns/new', '/segments/new', '/register', '/drafts'],
  'd04-seller1': ['/register', '/drafts'], 'd04-operator': ['/register'] }
const FOLLOW = ['/clients', '/campaigns', '/segments', '/imports', '/calls']
const Axe = AxeBuilder.default ?? AxeBuilder
let browser
before(async () => { if (!noBrowser) browser = await launch() })
after(() => browser?.close())

async function judge(page, where) {
  const { violations } = await new Axe({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  return violations.map((v) => `${where}: ${v.id} x${v.nodes.length} ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary?.split('\n')[1] ?? ''}`)
}

for (const login of ROLES) {
  test(`screens of ${login}`, { skip: noBrowser }, async (t) => {
    const first = await open(browser, { who: account(login) })
    await visit(first.page, '/')
    const menu = await first.page.$$eval('.rail nav a', (all) => all.map((a) => a.getAttribute('href')))
    const paths = [...menu, '/account', ...(EXTRA[login] ?? [])]
    for (const list of FOLLOW.filter((path) => menu.includes(path))) {
      await visit(first.page, list)
      const target = await first.page.evaluate((prefix) => [...document.querySelectorAll('main a')].map((a) => a.getAttribute('href'))
        .find((href) => href?.startsWith(prefix + '/') && !href.endsWith('/new')), list)
      if (target) paths.push(target)
    }
    const cookies = await first.context.cookies()
    await first.close()
    const found = []
    for (const [theme, width] of [['light', 1440], ['dark', 1440], ['light', 390]]) {
      const { page, complaints, close } = await open(browser, { cookies, theme, width })
      for (const path of paths) {
        const where = `${path} ${theme} ${width}`
        await visit(page, path)
        found.push(...await judge(page, where))
        const scroll = await sideways(page)
        if (scroll > 0) found.push(`${where}: scrolls sideways by ${scroll} px`)
      }
      found.push(...complaints.map((line) => `${theme} ${width}: ${line}`))
      await close()
    }
    t.diagnostic(`${paths.length} screens, two themes and a phone`)
    assert.deepEqual(found, [])
  })
}

test('sign-in, forgotten password and the page behind a link, both themes', { skip: noBrowser }, async () => {
  const found = []
  for (const [theme, width] of [['light', 1440], ['dark', 390]]) {
    const { page, complaints, close } = await open(browser, { theme, width })
    for (const path of ['/login', '/set-password?link=x', '/set-password']) {
      await page.goto(BASE + path)
      await settle(page)
      found.push(...await judge(page, `${path} ${theme}`), ...complaints)
    }
    await close()
  }
  assert.deepEqual(found, [])
})

test('dialogs, palette and key sheet have nothing for axe', { skip: noBrowser }, async () => {
  const { page, close } = await open(browser, { who: account('d05-manager') })
  await visit(page, '/clients')
  const found = []
  for (const [keys, name] of [['Control+k', 'palette'], ['Shift+Slash', 'keys']]) {
    await page.keyboard.press(keys)
    await page.waitForSelector('dialog[open]')
    await page.waitForTimeout(200)
    found.push(...await judge(page, name))
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
  }
  await page.click('tbody td.first a')
  await settle(page)
  for (const label of ['Добавить автомобиль', 'Записать согласие', 'История закрепления', 'Изменить данные']) {
    const button = await page.$(`button[aria-label="${label}"]`)
    if (!button) continue
    await button.click()
    await page.waitForSelector('dialog[open]')
    await page.waitForTimeout(200)
    found.push(...await judge(page, label))
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog[open]', { state: 'detached' })
  }
  assert.deepEqual(found, [])
  await close()
})

// SPDX-License-Identifier: Apache-2.0
// Every screen of every role, both themes and a phone: nothing for axe to find, no word from the policy, no sideways scroll, no cut
// word in menu, title or board.
import test, { after, before, describe, it } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { account, BASE, launch, noBrowser, open, settle, sideways, visit } from './lib/page.mjs'

const ROLES = ['admin', 'marketer2', 'router', 'arbiter', 'auditor', 'steward', 'dpo', 'd04-manager', 'd04-seller1', 'd04-adviser1', 'd04-operator']
/** Screens that no menu names; the first item of a list is followed for the rest. */
const EXTRA = { marketer2: ['/campaigns/new', '/segments/new'], 'd04-manager': ['/campaigns/new', '/segments/new', '/register', '/drafts'],
  'd04-seller1': ['/register', '/drafts'], 'd04-operator': ['/register'] }
const FOLLOW = ['/duplicates', '/privacy', '/key-accounts', '/disputes', '/walk-ins', '/clients', '/campaigns', '/segments', '/imports', '/calls']
// axe itself, not its builder: no frames here, and the builder opens a page of its own for every verdict
const AXE = noBrowser ? '' : readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let browser
before(async () => { if (!noBrowser) browser = await launch() })
after(() => browser?.close())

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Rules whose verdict a theme can change: a theme is colours and nothing else. */
const COLOURS = ['color-contrast', 'link-in-text-block']

async function judge(page, where, rules) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(AXE)
  const violations = await page.evaluate(async (runOnly) => (await window.axe.run(document, { runOnly, resultTypes: ['violations'] })).violations,
    rules ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS })
  return violations.map((v) => `${where}: ${v.id} x${v.nodes.length} ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary?.split('\n')[1] ?? ''}`)
}

/** Words that must be read whole wherever they stand, and what must not lie over them: the menu, who is signed in, a screen's
 *  title and its actions, the stages of the funnel, all seen at once. */
const crowded = (page) => page.evaluate(() => {
  const found = []
  for (const one of document.querySelectorAll('.rail nav .name, .rail .who span, .tabs-bottom span, .topbar h1, .topbar .btn, .board h2 span, .board a'))
    if (one.clientWidth && one.textContent.trim() && one.scrollWidth > one.clientWidth + 1) found.push(`cut: ${one.textContent.trim()}`)
  const title = document.querySelector('.topbar h1')
  if (title) {
    const range = document.createRange()
    range.selectNodeContents(title)
    for (const text of range.getClientRects()) for (const button of document.querySelectorAll('.topbar .btn')) {
      const box = button.getBoundingClientRect()
      if (box.width && text.left < box.right && box.left < text.right && text.top < box.bottom && box.top < text.bottom) found.push(`"${button.textContent.trim()}" lies over the title`)
    }
  }
  const board = document.querySelector('.board')
  if (board && board.scrollWidth > board.clientWidth + 1) found.push(`the board is ${board.scrollWidth - board.clientWidth} px too wide`)
  return found
})

/** Addresses of this role's menu, those no menu names, and the first item of each list. */
async function pathsOf(page, login) {
  await visit(page, '/')
  const menu = await page.$$eval('.rail nav a', (all) => all.map((a) => a.getAttribute('href')))
  const paths = [...menu, '/account', '/notices', ...(EXTRA[login] ?? [])]
  for (const list of FOLLOW.filter((path) => menu.includes(path))) {
    await visit(page, list)
    const target = await page.evaluate((prefix) => [...document.querySelectorAll('main a')].map((a) => a.getAttribute('href'))
      .find((href) => href?.startsWith(prefix + '/') && !href.endsWith('/new')), list)
    if (target) paths.push(target)
  }
  return paths
}

// two at a time: axe works in the page's own process, and a machine has two cores
describe('every screen', { concurrency: 2, skip: noBrowser }, () => {
  for (const login of ROLES) {
    it(`of ${login}: light, dark and on a phone`, async (t) => {
      const found = []
      const wide = await open(browser, { who: account(login) })
      const paths = await pathsOf(wide.page, login)
      const phone = await open(browser, { cookies: await wide.context.cookies(), width: 390 })
      for (const path of paths) {
        await visit(wide.page, path)
        found.push(...await judge(wide.page, `${path} light`))
        if (await sideways(wide.page) > 0) found.push(`${path}: scrolls sideways by ${await sideways(wide.page)} px`)
        found.push(...(await crowded(wide.page)).map((line) => `${path}: ${line}`))
        await wide.page.emulateMedia({ colorScheme: 'dark' })
        found.push(...await judge(wide.page, `${path} dark`, COLOURS))
        await wide.page.emulateMedia({ colorScheme: 'light' })
        await visit(phone.page, path)
        found.push(...await judge(phone.page, `${path} phone`))
        found.push(...(await crowded(phone.page)).map((line) => `${path} phone: ${line}`))
        if (await sideways(phone.page) > 0) found.push(`${path} phone: scrolls sideways by ${await sideways(phone.page)} px`)
      }
      found.push(...wide.complaints, ...phone.complaints.map((line) => `phone: ${line}`))
      await phone.close()
      await wide.close()
      t.diagnostic(`${paths.length} screens, two themes and a phone`)
      assert.deepEqual(found, [])
    })
  }
})

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

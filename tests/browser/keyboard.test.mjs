// SPDX-License-Identifier: Apache-2.0
// Without a mouse: search and palette, dialogs that keep the focus and give it back, a focus that can always be seen.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { account, launch, noBrowser, open, settle, visit } from './lib/page.mjs'

let browser
before(async () => { if (!noBrowser) browser = await launch() })
after(() => browser?.close())

const isOpen = (page) => page.$eval('dialog[open]', () => true).catch(() => false)
const closed = (page) => page.waitForSelector('dialog', { state: 'detached' })

test('/ and Ctrl K open the search; what is typed finds the client, Enter opens the card, Escape leaves', { skip: noBrowser }, async () => {
  const { page, complaints, close } = await open(browser, { who: account('d02-manager') })
  await visit(page, '/')
  for (const keys of ['/', 'Control+k']) {
    await page.keyboard.press(keys)
    await page.waitForSelector('dialog[open] input')
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT', `${keys}: the field has the focus`)
    await page.keyboard.press('Escape')
    await closed(page)
  }
  await visit(page, '/clients')
  const name = await page.innerText('tbody tr:nth-child(3) td.first a')
  await page.keyboard.press('/')
  assert.equal(await page.evaluate(() => document.activeElement?.closest('main')?.id + document.activeElement?.tagName), 'mainINPUT', 'a list has a field of its own')
  await page.keyboard.press('Control+k')
  await page.waitForSelector('dialog[open] input')
  await page.keyboard.type(name)
  await page.waitForSelector(`dialog[open] [role=option][aria-selected=true]:has-text("${name}")`)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /^\/clients\/[0-9a-f-]{36}$/.test(location.pathname))
  await settle(page)
  assert.equal(await page.innerText('h1'), name)
  await page.keyboard.press('Escape')
  await page.waitForFunction(() => location.pathname === '/clients')
  assert.deepEqual(complaints, [])
  await close()
})

test('a place is reached by the palette with arrows alone', { skip: noBrowser }, async () => {
  const { page, close } = await open(browser, { who: account('d02-seller1') })
  await visit(page, '/')
  await page.keyboard.press('Control+k')
  await page.waitForSelector('dialog[open] input')
  await page.keyboard.type('Задачи')
  await page.waitForSelector('dialog[open] [role=option][aria-selected=true]')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => location.pathname === '/tasks')
  await close()
})

test('dialogs keep the focus inside, close by Escape and give the focus back', { skip: noBrowser }, async () => {
  const { page, close } = await open(browser, { who: account('d02-manager') })
  await visit(page, '/clients')
  await page.click('td.first a')
  await settle(page)
  for (const label of ['История закрепления', 'Записать согласие', 'Отозвать согласие']) {
    const button = page.locator(`button[aria-label="${label}"]`).first()
    if (!await button.count()) continue
    await button.focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('dialog[open]')
    for (const keys of ['Tab', 'Shift+Tab']) {
      for (let i = 0; i < 14; i++) {
        await page.keyboard.press(keys)
        // beyond the last element of a modal lies the browser itself: then nothing of the page has the focus
        const where = await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest('dialog[open]'))
        assert.ok(where, `${label}: ${keys} left the dialog`)
      }
    }
    await page.keyboard.press('Escape')
    await closed(page)
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), label, 'the focus is back where it was')
  }
  await page.keyboard.press('Shift+Slash')
  await page.waitForSelector('dialog[open]')
  await page.keyboard.press('j')
  assert.equal(await isOpen(page), true, 'keys of the page sleep below a dialog')
  await close()
})

for (const [login, paths] of [['d02-manager', ['/', '/clients', '/tasks', '/campaigns/new']], ['auditor', ['/branches', '/ledger']]])
  test(`Tab always shows where it is: ${login}`, { skip: noBrowser }, async () => {
    const { page, close } = await open(browser, { who: account(login) })
    const unseen = new Set()
    for (const path of paths) {
      await visit(page, path)
      for (let i = 0; i < 30; i++) {
        await page.keyboard.press('Tab')
        const found = await page.evaluate(() => {
          const element = document.activeElement
          if (!element || element === document.body) return null
          const style = getComputedStyle(element)
          const box = element.getBoundingClientRect()
          const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
          const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
          return isMarked && isInside ? null : `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''} ${isMarked ? 'out of sight' : 'unmarked'}`
        })
        if (found) unseen.add(`${path}: ${found}`)
      }
    }
    assert.deepEqual([...unseen], [])
    await close()
  })

// SPDX-License-Identifier: Apache-2.0
// Every role signs in through the form with its second factor and finds the menu of its role, and nothing else.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { totp } from '../lib/http.mjs'
import { account, BASE, launch, noBrowser, open, settle } from './lib/page.mjs'

const MENUS = {
  admin: ['/', '/how', '/transfer-batches', '/approvals', '/rules', '/territories', '/exports', '/lists', '/staff', '/dealers', '/routing',
    '/calendars', '/outages', '/sites', '/mail', '/arbiters'],
  marketer1: ['/', '/how', '/segments', '/campaigns', '/conflicts', '/branches', '/rules', '/territories', '/exports', '/lists', '/routing',
    '/outages'],
  router: ['/', '/clients', '/leads', '/how', '/control', '/service-moves', '/key-accounts', '/transfers', '/transfer-batches', '/approvals',
    '/permits', '/rules', '/quality', '/territories', '/exports', '/lists', '/routing', '/outages'],
  arbiter: ['/', '/how', '/control', '/service-moves', '/disputes', '/transfers', '/transfer-batches', '/credits', '/approvals',
    '/campaigns', '/rules', '/territories', '/routing', '/outages'],
  auditor: ['/', '/how', '/disputes', '/credits', '/campaigns', '/branches', '/touches', '/ledger', '/rules', '/quality', '/exports',
    '/watch', '/outages', '/arbiters'],
  'd03-manager': ['/', '/clients', '/leads', '/tasks', '/calls', '/funnel', '/walk-ins', '/incoming', '/how', '/claims', '/service-moves',
    '/disputes', '/transfers', '/credits', '/approvals', '/segments', '/campaigns', '/conflicts', '/announcements', '/permits',
    '/branch', '/quality', '/territories', '/exports', '/lists', '/imports', '/staff', '/routing'],
  'd03-seller1': ['/', '/clients', '/leads', '/tasks', '/calls', '/funnel', '/walk-ins', '/incoming', '/how', '/claims', '/disputes',
    '/transfers', '/lists'],
  'd03-adviser1': ['/', '/clients', '/leads', '/tasks', '/funnel', '/walk-ins', '/incoming', '/how', '/claims', '/disputes', '/transfers',
    '/lists'],
  'd03-operator': ['/', '/calls', '/walk-ins', '/incoming', '/how'],
  steward: ['/', '/how', '/control', '/duplicates', '/merges', '/approvals', '/rules', '/outages'],
  dpo: ['/', '/how', '/privacy', '/approvals', '/rules', '/exports', '/outages'],
}
let browser
before(async () => { if (!noBrowser) browser = await launch() })
after(() => browser?.close())

for (const [login, menu] of Object.entries(MENUS)) {
  test(`${login} signs in with the second factor and sees the menu of the role`, { skip: noBrowser }, async () => {
    const who = account(login)
    const { page, complaints, close } = await open(browser)
    await page.goto(BASE + '/')
    await page.fill('[name=username]', who.login)
    await page.fill('[name=password]', who.password)
    await page.keyboard.press('Enter')
    if (who.totp_secret) {
      await page.waitForSelector('[name=code]')
      await page.fill('[name=code]', totp(who.totp_secret))
    }
    // the sign-in page has a title too: the menu says that it is over
    await page.waitForSelector('.rail nav a')
    await settle(page)
    const links = await page.$$eval('.rail nav a', (all) => all.map((a) => a.getAttribute('href')))
    assert.deepEqual(links, menu)
    assert.deepEqual(complaints, [])
    await close()
  })
}

test('a wrong password is refused in place, and says what to do', { skip: noBrowser }, async () => {
  const { page, close } = await open(browser)
  await page.goto(BASE + '/clients')
  await page.fill('[name=username]', 'd03-seller2')
  await page.fill('[name=password]', 'not the password at all')
  await page.keyboard.press('Enter')
  const alert = await page.waitForSelector('[role=alert]')
  assert.match(await alert.innerText(), /пароль/)
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'password')
  await close()
})

test('a screen of another role is refused by the client and by the server', { skip: noBrowser }, async () => {
  const { page, context, close } = await open(browser, { who: account('d03-seller2') })
  await page.goto(BASE + '/ledger')
  await page.waitForSelector('.empty')
  assert.equal((await context.request.get(BASE + '/v1/ledger')).status(), 403)
  await close()
})

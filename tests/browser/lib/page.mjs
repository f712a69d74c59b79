// SPDX-License-Identifier: Apache-2.0
// A browser on the running network: Debian's Chromium, signed-in pages, what the console and the policy complained about.
//
// Against the network of tests/run by default; CLIENTELE_URL and CLIENTELE_ACCOUNTS (accounts.json) point elsewhere.
// A second factor's code is taken only once by the server, so every test file uses accounts of its own dealer.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { totp } from '../../lib/http.mjs'
import { NET, URL_BASE } from '../../lib/network.mjs'

export const BASE = process.env.CLIENTELE_URL ?? URL_BASE
const accountsPath = process.env.CLIENTELE_ACCOUNTS ?? (NET && join(NET, 'accounts.json'))
const executable = process.env.CLIENTELE_CHROMIUM ?? '/usr/bin/chromium'
/** What test() takes as `skip`: false, or why it cannot run here. */
export const noBrowser = !accountsPath || !existsSync(accountsPath) ? 'no network: run tests/run'
  : !existsSync(executable) ? `no ${executable}` : false
const accounts = noBrowser ? [] : JSON.parse(readFileSync(accountsPath, 'utf8'))

/** The account with this login: {login, password, totp_secret, role, dealer}. */
export function account(login) {
  const found = accounts.find((one) => one.login === login)
  if (!found) throw new Error(`no account ${login}`)
  return found
}

export const launch = () => chromium.launch({ executablePath: executable, args: ['--headless', '--no-sandbox', '--disable-gpu',
  '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] })

const STEP_MS = 30_000

/** Sign in through the interface's own calls; out: the cookie header's value for other contexts.
 *  A code already used is followed by that of the next step (the server takes one step of skew), then by waiting. */
export async function signIn(context, who) {
  const send = (path, data) => context.request.post(BASE + path, { data, headers: { Origin: BASE, 'Accept-Language': 'ru' } })
  for (let turn = 0; turn < 4; turn++) {
    const first = await send('/v1/login', { login: who.login, password: who.password })
    if (first.status() === 429) {
      await new Promise((done) => setTimeout(done, 1000 * Number(first.headers()['retry-after'] ?? 2)))
      continue
    }
    if (!first.ok()) throw new Error(`login ${who.login}: ${first.status()} ${await first.text()}`)
    const answer = await first.json()
    if (answer.state === 'ok') return
    const second = await send('/v1/login/totp', { challenge: answer.challenge, code: totp(who.totp_secret, turn % 2) })
    if (second.ok()) return
    if (turn % 2) await new Promise((done) => setTimeout(done, STEP_MS - Date.now() % STEP_MS + 200))
  }
  throw new Error(`login ${who.login}: no code was taken`)
}

/** Cookies of those who signed in earlier in this file: the form and its second factor are signin.test.mjs's. */
const signedIn = new Map()

/** A page of its own context. in: theme light|dark, width in CSS px, who signs in (none: a stranger), cookies of a context */
export async function open(browser, { who, theme = 'light', width = 1440, lang = 'ru-RU', cookies } = {}) {
  const isPhone = width < 600
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height: isPhone ? 844 : 900 }, colorScheme: theme,
    locale: lang, hasTouch: isPhone, isMobile: isPhone, reducedMotion: 'reduce', timezoneId: 'Europe/Moscow' })
  if (cookies) await context.addCookies(cookies)
  else if (who && signedIn.has(who.login)) await context.addCookies(signedIn.get(who.login))
  else if (who) {
    await signIn(context, who)
    signedIn.set(who.login, await context.cookies())
  }
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints = watch(page)
  return { context, page, complaints, close: () => context.close() }
}

/** Everything a page complains of: policy violations, errors, failed requests of its own server. Answers that the server
 *  gave on purpose (4xx) are logged by Chromium as errors of loading: they are not complaints. */
function watch(page) {
  const complaints = []
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' && !/^Failed to load resource: the server responded with a status of (4|503)/.test(text)) complaints.push(text)
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(text)) complaints.push(text)
  })
  page.on('response', (response) => {
    // 503 is a full lane on a busy machine: the client repeats by itself, and what it then shows is tested
    if (response.status() >= 500 && response.status() !== 503) complaints.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`)
  })
  return complaints
}

/** Go to an address and wait until it has drawn: no loading mark, fonts and pictures at rest. */
export async function visit(page, path) {
  await page.goto(BASE + path, { waitUntil: 'load' })
  await settle(page)
}

export async function settle(page) {
  await page.waitForSelector('h1', { timeout: 20_000 })
  await page.waitForFunction(() => !document.querySelector('[role=status][aria-label="Загрузка"], .wait'), undefined, { timeout: 20_000 })
  await page.waitForTimeout(150)
}

/** How far the document can be scrolled sideways, px. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

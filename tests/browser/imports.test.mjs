// SPDX-License-Identifier: Apache-2.0
// A list brought in by a manager who sees the screen for the first time: the file, how it was read, columns that are remembered, the dry run
// with a verdict for each line, the start, the undo. D.17, R30, R36, R162.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import AxeBuilder from '@axe-core/playwright'
import { registration, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeSession, phone, row, unique } from '../lib/network.mjs'
import { cp1251 } from '../lib/kit.mjs'
import { BASE, launch, noBrowser, open, settle, sideways, visit } from './lib/page.mjs'

const skip = noBrowser
const SHOTS = process.env.CLIENTELE_TEST_SHOTS
const LOOKS = [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390]]
const word = unique()
let browser, dealer, rival, taken
before(async () => {
  if (skip) return
  browser = await launch()
  dealer = await makeDealer({ name: `Загрузка ${word}` }); rival = await makeDealer({ seats: ['seller'] })
  const seller = await signInDirectly(rival.staff.seller)
  taken = phone()
  const made = await seller.post('/v1/registrations', registration({ surname: 'Занятова', phone: taken }))
  assert.equal(made.json.state, 'ACTIVE', made.text)
  seller.close()
})
after(async () => { await browser?.close(); closeDatabase() })

async function asManager(more = {}) {
  const { cookie } = await makeSession(dealer.staff.manager)
  return open(browser, { cookies: [{ name: '__Host-s', value: cookie, url: BASE, secure: true, httpOnly: true, sameSite: 'Strict' }], ...more })
}
const head = 'Клиент;Сотовый;Анкета;Примечание'
const list = (...lines) => ({ name: `клиенты-${word}.csv`, mimeType: 'text/csv', buffer: cp1251([head, ...lines].join('\r\n') + '\r\n') })
async function upload(page, file) {
  await visit(page, '/imports')
  await page.locator('.field:has(label:has-text("Марка")) select').selectOption({ index: 1 })
  await page.locator('.field:has(label:has-text("Линия")) select').selectOption('NEW')
  await page.setInputFiles('input[type=file]', file)
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}/)
  await page.waitForSelector('dl')
}
const fact = (page, name) => page.locator(`dl div:has(dt:text-is("${name}")) dd`).innerText()
const becomes = (page, title) => page.locator(`select[aria-label="Поле: ${title}"]`)
const state = (page, name) => page.locator(`.badge:text-is("${name}")`).waitFor()
/** Every line of the list: [number, verdict, the rest]. */
const lines = (page) => page.$$eval('.box tr[data-row]', (all) => all.map((one) => one.innerText.replace(/\s+/g, ' ')).filter(Boolean))

test('a first list: encoding and separator are shown, a column nobody knows is pointed at, the dry run says by line what would become of it and keeps nothing; then the start and the undo', { skip, timeout: 120000 }, async () => {
  const { page, complaints, close } = await asManager({ width: 1280 })
  await upload(page, list(`Новикова Анна;${phone()};анкета 1;хочет тест-драйв`, `Занятова Вера;${taken};анкета 2;`, `Черновикова Ия;${phone()};;`, 'Ошибкин Глеб;не телефон;анкета 4;'))
  assert.deepEqual([await fact(page, 'Формат'), await fact(page, 'Кодировка'), await fact(page, 'Строк')], ['CSV', 'windows-1251', '4'])
  assert.equal(await fact(page, 'Разделитель'), 'точка с запятой ( ; )')
  await state(page, 'прочитан')
  // what the heads do not say is said by the person; what is left out is told
  await becomes(page, 'Клиент').selectOption('name')
  await becomes(page, 'Сотовый').selectOption('phone')
  await becomes(page, 'Анкета').selectOption('consent_evidence')
  assert.equal(await becomes(page, 'Примечание').inputValue(), '')
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/import-mapping.png`, fullPage: true })
  await page.click('text=Сохранить столбцы')
  await state(page, 'столбцы заданы')
  await page.click('text=Пробный прогон')
  await state(page, 'проверен')
  const kept = () => row(`select (select count(*)::int from core.dealer_party where dealer_id = ${dealer.dealer_id}) as people, (select count(*)::int from core.draft where dealer_id = ${dealer.dealer_id}) as drafts`)
  assert.deepEqual(await kept(), { people: 0, drafts: 0 }, 'the dry run keeps nothing')
  assert.ok(await page.isVisible('h2:text-is("Что было бы при загрузке")'))
  await page.waitForSelector('.box [data-row] >> text=Новикова Анна')
  const shown = (await lines(page)).join('\n')
  for (const [no, verdict, why] of [['2', 'Создан', ''], ['3', 'Закреплён за другим', 'R33'], ['4', 'Черновик', 'Подтверждение согласия'], ['5', 'Ошибка', 'Телефон']]) {
    const line = shown.split('\n').find((text) => text.startsWith(`Строка ${no} `) && text.includes(verdict))
    assert.ok(line, `line ${no}: ${verdict} in\n${shown}`)
    assert.ok(line.includes(why), `line ${no} says why: ${line}`)
  }
  const heights = await page.$$eval('.box tr[data-row]', (all) => all.map((one) => Math.round(one.getBoundingClientRect().height)))
  assert.ok(new Set(heights).size === 1, `rows of one height, or a long list jumps: ${heights}`)
  for (const rest of [rival.name, 'Вера З']) assert.ok(!shown.includes(rest), 'R24: nothing of the owner')
  const path = new URL(page.url()).pathname
  for (const [theme, width] of LOOKS) {
    const look = await asManager({ theme, width })
    await visit(look.page, path)
    await look.page.waitForSelector('.box [data-row] >> text=Новикова Анна')
    if (SHOTS) { await look.page.screenshot({ path: `${SHOTS}/import-check-${theme}-${width}.png`, fullPage: true }) }
    assert.equal(await sideways(look.page), 0, `${theme} ${width}`)
    if (width < 600) {
      const cards = (await look.page.innerText('main')).replace(/\s+/g, ' ')
      for (const told of ['Строка 3', 'Строка 4', 'R33', 'Подтверждение согласия']) assert.ok(cards.includes(told), `on a phone: ${told} in ${cards}`)
    }
    const { violations } = await new AxeBuilder({ page: look.page }).analyze()
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), [], `${theme} ${width}`)
    assert.deepEqual(look.complaints, [])
    await look.close()
  }
  await page.click('button:has-text("Загрузить")')
  await state(page, 'загружен')
  assert.deepEqual(await kept(), { people: 1, drafts: 1 })
  assert.ok(await page.isVisible('h2:text-is("Итог по строкам")'))
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/import-done.png`, fullPage: true })
  let asked = ''
  page.once('dialog', (dialog) => { asked = dialog.message(); void dialog.accept() })
  await page.click('button.risk:has-text("Отменить загрузку")')
  await state(page, 'отменён')
  assert.match(asked, /Созданное исчезнет/)
  assert.deepEqual(await kept(), { people: 0, drafts: 0 }, 'all of it')
  const left = (await lines(page)).filter((text) => text.includes('Отменено'))
  assert.deepEqual([left.length, left.filter((text) => text.includes('Подтверждение согласия'))], [2, []], 'what is taken back lacks nothing any more')
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/import-undone.png`, fullPage: true })
  assert.deepEqual(complaints, [])
  await close()
})

test('the next list of the same form has its columns, brand and line already, and says that they are remembered', { skip, timeout: 60000 }, async () => {
  const { page, complaints, close } = await asManager({ width: 390 })
  await visit(page, '/imports')
  await page.setInputFiles('input[type=file]', list(`Другова Зоя;${phone()};анкета 9;`))
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}/)
  await page.waitForSelector('text=столбцы запомнены с прошлого раза')
  for (const [title, field] of [['Клиент', 'name'], ['Сотовый', 'phone'], ['Анкета', 'consent_evidence'], ['Примечание', '']]) assert.equal(await becomes(page, title).inputValue(), field, title)
  await settle(page)
  const wide = await becomes(page, 'Анкета').evaluate((one) => one.getBoundingClientRect().width)
  assert.ok(wide > 250, `a field is read whole on a phone: ${wide} px`)
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/import-remembered-390.png`, fullPage: true })
  await page.click('text=Сохранить столбцы')
  await state(page, 'столбцы заданы')
  assert.equal(await sideways(page), 0)
  assert.deepEqual(complaints, [])
  await close()
})

// SPDX-License-Identifier: Apache-2.0
// Seeing, as a person meets it: why do I see this, contacts opened with a reason, the sheet for the printer, a file that needs a second
// person, an incoming call, the watch list.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import AxeBuilder from '@axe-core/playwright'
import { registration, signInDirectly } from '../lib/http.mjs'
import { closeDatabase, makeDealer, makeStaff, phone, sql, unique } from '../lib/network.mjs'
import { crowd, registerMany } from '../lib/people.mjs'
import { BASE, launch, noBrowser, open, sideways, visit } from './lib/page.mjs'

const skip = noBrowser
const SHOTS = process.env.CLIENTELE_TEST_SHOTS
let browser, a, b, id, number, seller, auditor
before(async () => {
  if (skip) return
  browser = await launch()
  a = await makeDealer({ seats: ['manager', 'seller', 'seller', 'operator'], name: `Альфа ${unique()}` }); b = await makeDealer({ seats: ['manager', 'operator'] })
  seller = await signInDirectly(a.staff.seller)
  number = phone()
  const made = await seller.post('/v1/registrations', registration({ surname: 'Видимов', given_name: 'Пётр', patronymic: 'Ильич', phone: number, email: `v${unique()}@test.example`, city: 'Казань' }))
  id = made.json.person_id
  await seller.post(`/v1/people/${id}/interactions`, { kind: 'CALL_IN', text: 'спросил о тест-драйве', evidence: 'c-1' })
  await registerMany(a, a.staff.seller, crowd(12))
  auditor = await makeStaff(0, 'auditor')
})
after(async () => { seller?.close(); await browser?.close(); closeDatabase() })

/** A page of one of our people. in: who - staff of makeDealer */
const as = async (who, more = {}) => open(browser, { who: { login: who.login, password: who.password }, ...more })
const shot = async (page, name) => { if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true }) }
/** No word of the screen lies outside it, axe finds nothing, and nothing was complained of. */
async function isGood(page, complaints) {
  assert.equal(await sideways(page), 0, 'wider than the screen')
  const { violations } = await new (AxeBuilder.default ?? AxeBuilder)({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  assert.deepEqual(violations.map((v) => `${v.id} x${v.nodes.length} ${v.nodes[0].html.slice(0, 160)}`), [])
  assert.deepEqual(complaints, [])
}

for (const [theme, width, lang] of [['light', 1440, 'ru-RU'], ['dark', 390, 'en-US']])
  test(`why do I see this, and the contacts opened with a reason (${theme}, ${width})`, { skip, timeout: 60000 }, async () => {
    await sql('delete from core.unmask_grant')
    const { page, complaints, close } = await as(a.staff.seller2, { theme, width, lang })
    await visit(page, `/clients/${id}`)
    await page.getByRole('button', { name: /Почему я это вижу|Why do I see this/ }).click()
    await page.getByText(/закреплён за вашим коллегой|colleague has the client/).waitFor()
    await shot(page, `why-${theme}-${width}`)
    await isGood(page, complaints)
    await page.keyboard.press('Escape')
    assert.ok(!(await page.content()).includes(number.slice(2)), 'the number is masked')
    await page.getByRole('button', { name: /Открыть контакты|Open contacts/ }).click()
    await page.getByRole('dialog').getByRole('combobox').selectOption('urgent')
    await shot(page, `unmask-${theme}-${width}`)
    await page.getByRole('dialog').getByRole('button', { name: /Открыть контакты|Open contacts/ }).click()
    await page.getByText(/Контакты открыты вам до|Contacts are open for you until/).waitFor()
    if (width < 900) await page.locator('.parts button').nth(1).click()
    await page.locator(`a[href="tel:${number}"]`).first().waitFor()
    await shot(page, `unmasked-${theme}-${width}`)
    await isGood(page, complaints)
    await close()
  })

test('the sheet for the printer says who printed it and when, and shows no more than the screen', { skip, timeout: 60000 }, async () => {
  const { page, complaints, close } = await as(a.staff.seller)
  await visit(page, `/clients/${id}/print`)
  await page.getByText(/Напечатал:.*Метка [0-9A-F]{10}/).waitFor()
  await shot(page, 'print')
  await isGood(page, complaints)
  await close()
})

test('a file too large for one person leads to a second one; a small one is a file', { skip, timeout: 60000 }, async () => {
  const { page, complaints, close } = await as(a.staff.manager)
  await visit(page, '/clients')
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
  assert.match(file.suggestedFilename(), /^people-\d{4}-\d\d-\d\d-[0-9A-F]{10}\.csv$/)
  await sql(`insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) select name, core.now() - interval '1 second', 5, unit, min_int, max_int from core.policy where name = 'export.four_eyes' limit 1`)
  try {
    await page.getByRole('button', { name: 'CSV' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('сверка с бухгалтерией')
    await shot(page, 'export-ask')
    await page.getByRole('dialog').getByRole('button', { name: 'Запросить' }).click()
    await page.getByText('Запрос отправлен').waitFor()
    await visit(page, '/exports')
    await page.getByText('Ждёт второго человека').waitFor()
    await shot(page, 'exports')
    await isGood(page, complaints)
  } finally { await sql("delete from core.policy where name = 'export.four_eyes' and valid_from > '2000-01-01'") }
  await close()
})

test('a call rings on the screen of its seat, and another dealer\'s operator sees the verdict and notes what is said', { skip, timeout: 60000 }, async () => {
  const mine = await as(a.staff.seller)
  await visit(mine.page, '/tasks')
  await mine.page.waitForTimeout(2500) // the stream begins when the screen has drawn
  const [ring] = JSON.parse(await sql(`with t as (insert into core.call_arrival (dealer_id, call_id, number, is_attested, verdict, at)
    values (${a.dealer_id}, '${unique()}', '${number}', true, 'YOURS', core.now()) returning public_id) select json_agg(public_id) from t`))
  await sql(`insert into core.event (staff_id, kind, payload) values (${a.staff.seller.staff_id}, 'call', '{"arrival_id": "${ring}"}')`)
  await mine.page.getByRole('dialog').getByRole('button', { name: 'Ответить' }).click()
  await mine.page.getByText('Видимов Пётр Ильич').waitFor()
  await shot(mine.page, 'ring')
  await isGood(mine.page, mine.complaints)
  await mine.close()
  const theirs = await as(b.staff.operator, { width: 390, theme: 'dark' })
  await visit(theirs.page, '/incoming')
  await theirs.page.getByRole('textbox').first().fill(number)
  await theirs.page.getByRole('button', { name: 'Кто это?' }).click()
  await theirs.page.getByText('Закреплён за другим').first().waitFor()
  assert.ok(!(await theirs.page.content()).includes('Видимов'))
  await theirs.page.getByPlaceholder('О чём речь').fill('хочет тест-драйв')
  await theirs.page.getByRole('button', { name: 'Сохранить' }).click()
  await theirs.page.getByText('Записано').first().waitFor()
  await shot(theirs.page, 'incoming')
  await isGood(theirs.page, theirs.complaints)
  await theirs.close()
})

test('why do I not find him? the verdict from the empty list', { skip, timeout: 60000 }, async () => {
  const { page, complaints, close } = await as(b.staff.manager)
  await visit(page, `/clients?q=${encodeURIComponent(number)}`)
  await page.getByRole('button', { name: 'Почему я не вижу?' }).click()
  await page.getByLabel('Фамилия').fill('Видимов')
  await page.getByRole('dialog').getByRole('button', { name: 'Спросить' }).click()
  await page.getByText('Закреплён за другим').waitFor()
  await shot(page, 'whynot')
  await isGood(page, complaints)
  await close()
})

test('the auditor\'s watch list: patterns by seat, never whom', { skip, timeout: 60000 }, async () => {
  await sql(`insert into core.watch_hit (pattern, staff_id, on_day, count, first_at, last_at) values ('sequential_numbers', ${a.staff.seller.staff_id}, current_date, 7, core.now() - interval '2 hours', core.now()),
    ('night', ${a.staff.seller2.staff_id}, current_date, 12, core.now() - interval '5 hours', core.now()) on conflict do nothing`)
  const { page, complaints, close } = await as(auditor)
  await visit(page, '/watch')
  await page.getByText('Номера подряд при регистрации').last().waitFor()
  await shot(page, 'watch')
  await isGood(page, complaints)
  await close()
})
void BASE

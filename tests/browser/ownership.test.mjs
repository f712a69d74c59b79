// SPDX-License-Identifier: Apache-2.0
// Whose client? on the screens of those who ask it: the refused seller, the head office that gives a lead, the arbiter, the data steward,
// the two people of a transfer in bulk.
import test, { after, before } from 'node:test'
import assert from 'node:assert/strict'
import { registration, signInDirectly, until } from '../lib/http.mjs'
import { change, closeDatabase, makeDealer, makeSession, makeStaff, phone, row, unique } from '../lib/network.mjs'
import { BASE, launch, noBrowser, open, visit } from './lib/page.mjs'

const skip = noBrowser
let browser, a, b, router, steward, admin, seller
before(async () => {
  if (skip) return
  browser = await launch()
  ;[a, b] = [await makeDealer({ name: `Альфа ${unique()}` }), await makeDealer({ name: `Бета ${unique()}` })]
  ;[router, steward, admin] = [await makeStaff(0, 'router'), await makeStaff(0, 'steward'), await makeStaff(0, 'admin')]
  await makeStaff(0, 'arbiter')
  seller = await signInDirectly(a.staff.seller)
})
after(async () => { seller?.close(); await browser?.close(); closeDatabase() })

/** A page of one of our people. in: staff of makeDealer or makeStaff, or {staff_id, role} */
async function as(staff, more = {}) {
  const { cookie } = await makeSession(staff)
  const at = await open(browser, { cookies: [{ name: '__Host-s', value: cookie, url: BASE, secure: true, httpOnly: true, sameSite: 'Strict' }], ...more })
  at.page.setDefaultTimeout(8000)
  return at
}
const field = (page, label) => page.locator(`.field:has(label:has-text("${label}")) :is(input, select, textarea)`).first()

/** A client of the first dealer, and the second dealer's seller before the verdict on him. */
async function refused(surname) {
  const number = phone()
  const made = await seller.post('/v1/registrations', registration({ surname, phone: number }))
  assert.equal(made.json.state, 'ACTIVE', made.text)
  const at = await as(b.staff.seller)
  await visit(at.page, '/register')
  await field(at.page, 'Телефон').fill(number.replace('+7', '8 '))
  await field(at.page, 'Фамилия').fill(surname)
  const brand = field(at.page, 'Марка')
  if (!await brand.inputValue()) await brand.selectOption({ index: 1 })
  await field(at.page, 'Повод').selectOption({ index: 1 })
  await field(at.page, 'Согласие на обработку').fill('анкета 5')
  await at.page.keyboard.press('Control+Enter')
  await at.page.waitForSelector('.verdict')
  return { ...at, person: made.json.person_id, right: made.json.right_id }
}

test('a refused seller reads nothing of the owner and waits in the line (R24, R34)', { skip, timeout: 60000 }, async () => {
  const { page, complaints, close } = await refused('Ожидаев')
  assert.doesNotMatch(await page.innerText('.verdict'), new RegExp(`${a.name}|Ожидаев`))
  await page.click('button:has-text("Сообщить, когда освободится")')
  await page.waitForSelector('text=Вы в очереди')
  await visit(page, '/claims')
  await page.waitForSelector('li:has-text("Ожидаев")')
  await page.locator('li', { hasText: 'Ожидаев' }).getByRole('button', { name: 'Больше не ждать' }).waitFor()
  assert.doesNotMatch(await page.innerText('main'), new RegExp(a.name))
  assert.deepEqual(complaints, [])
  await close()
})

test('a dispute from the verdict to the decision: evidence, answer, facts in order, the word for both sides (R100-R107)', { skip, timeout: 120000 }, async () => {
  const claimant = await refused('Спорнов')
  const { page } = claimant
  await page.click('button:has-text("Оспорить")')
  const dialog = page.getByRole('dialog')
  await dialog.locator('textarea').first().fill('Клиент был у нас на осмотре за месяц до этой регистрации.')
  await field(page, 'Доказательства').selectOption('note')
  await field(page, 'Когда это было').fill(new Date(Date.now() - 40 * 86400e3).toISOString().slice(0, 16))
  await field(page, 'Текст заметки').fill('Смотрел кроссовер, оставил визитку.')
  await dialog.getByRole('button', { name: 'Приложить доказательство' }).click()
  await dialog.getByRole('button', { name: 'Подать спор' }).click()
  await page.waitForFunction(() => location.pathname.startsWith('/disputes/'))
  const path = new URL(page.url()).pathname
  const id = path.split('/').pop()
  await until('the case is admitted', async () => (await row(`select state from core.dispute where public_id = '${id}'`)).state === 'ADMITTED')
  const owner = await as(a.staff.manager, { width: 390, theme: 'dark' })
  await visit(owner.page, path)
  await owner.page.waitForSelector('text=Спорнов')
  assert.doesNotMatch(await owner.page.innerText('main'), /оставил визитку/, 'neither side sees the other\'s evidence (R105)')
  await field(owner.page, 'Ваш ответ').fill('Клиент обратился через сайт, мы с ним работаем.')
  await owner.page.getByRole('button', { name: 'Ответить' }).click()
  await until('the case is answered', async () => (await row(`select state from core.dispute where public_id = '${id}'`)).state === 'ANSWERED')
  const { arbiter_id } = await row(`select arbiter_id from core.dispute where public_id = '${id}'`)
  const judge = await as({ staff_id: arbiter_id, role: 'arbiter' })
  await visit(judge.page, '/')
  await judge.page.waitForSelector('text=Споры ждут вашего решения')
  await visit(judge.page, path)
  await judge.page.waitForSelector('text=Смотрел кроссовер')
  await judge.page.waitForSelector('text=Факты по порядку R104')
  await field(judge.page, 'Факты без имён и номеров').fill('Заметка не подтверждена документом; регистрация владельца раньше.')
  await judge.page.getByRole('button', { name: 'Решить', exact: true }).click()
  await judge.page.waitForSelector('h2:has-text("Решение")')
  await visit(page, path)
  await page.waitForSelector('text=Заметка не подтверждена документом')
  await visit(judge.page, '/precedents')
  const { number } = await row(`select number from core.dispute where public_id = '${id}'`)
  assert.equal(await judge.page.getByText(number).count(), 1, 'a precedent stands in the list once (R107)')
  await visit(page, path)
  assert.doesNotMatch(await page.innerText('main'), new RegExp(`${a.name}|обратился через сайт`))
  for (const one of [claimant, owner, judge]) { assert.deepEqual(one.complaints, []); await one.close() }
})

test('head office gives a lead to a dealer, whose seller takes it while the clock runs (R40, R48, P1)', { skip, timeout: 90000 }, async () => {
  const name = `Обращенцев ${unique()}`
  const desk = await as(router)
  await visit(desk.page, '/leads')
  await desk.page.click('button:has-text("Новое обращение")')
  const dialog = desk.page.getByRole('dialog')
  for (const [label, value] of [['Клиент', name], ['Телефон', phone()], ['Что интересует', 'седан'], ['Согласие', 'форма сайта 7']]) {
    const one = dialog.locator(`.field:has(label:text-matches("^${label}")) input`).first()
    await one.fill(value)
  }
  await field(desk.page, 'Марка').selectOption('1')
  await dialog.locator('select').last().selectOption(a.id)
  await dialog.getByRole('button', { name: 'Сохранить' }).click()
  await desk.page.waitForSelector('.toast')
  const at = await as(a.staff.seller, { width: 390 })
  await visit(at.page, '/leads')
  const lead = at.page.locator('li.card', { hasText: name })
  await lead.waitFor()
  assert.match(await lead.innerText(), /осталось/)
  await lead.getByRole('button', { name: /Почему этот дилер/ }).click()
  await at.page.getByRole('dialog').getByText('Дилера назвал клиент').first().waitFor()
  await at.page.keyboard.press('Escape')
  await lead.getByRole('button', { name: 'Принять' }).click()
  await until('the lead is the seller\'s', async () => (await row(`select o.state from core.ownership o join core.party p using (party_id) where p.name = '${name}'`)).state === 'ACTIVE')
  for (const one of [desk, at]) { assert.deepEqual(one.complaints, []); await one.close() }
})

/** Bring a file as evidence in the open form. */
async function bring(page, name) {
  await field(page, 'Когда это было').fill(new Date(Date.now() - 3600e3).toISOString().slice(0, 16))
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(`${name} ${unique()}`) })
  await page.getByRole('button', { name: 'Приложить доказательство' }).click()
  await page.waitForFunction((wanted) => [...document.querySelectorAll('select option:checked')].some((one) => one.textContent.includes(wanted)), name)
}
const ownerOf = async (person) => (await row(`select coalesce(max(o.dealer_id) filter (where o.state <> 'CLOSED'), 0) as dealer from core.ownership o join core.party p using (party_id) where p.public_id = '${person}'`)).dealer

test('head office takes a signed form down: the right moves at once, and one sheet serves once (R80)', { skip, timeout: 60000 }, async () => {
  const made = await seller.post('/v1/registrations', registration({ surname: 'Формин', phone: phone() }))
  const { page, complaints, close } = await as(router)
  await visit(page, `/clients/${made.json.person_id}`)
  await page.getByRole('button', { name: 'Выбор клиента' }).click()
  const dialog = page.getByRole('dialog')
  const apply = dialog.getByRole('button', { name: 'Применить форму' })
  await field(page, 'Кого выбрал клиент').selectOption(b.id)
  assert.equal(await apply.isDisabled(), true, 'no form, no choice')
  await bring(page, 'Форма 17.pdf')
  await dialog.getByRole('button', { name: 'Запись разговора' }).click()
  assert.equal(await dialog.getByRole('button', { name: 'Отправить на проверку' }).isDisabled(), true, 'a form is no recording')
  await dialog.getByRole('button', { name: 'Подписанная форма' }).click()
  await dialog.locator('.field:has-text("Доказательство") select').selectOption({ index: 1 })
  await apply.click()
  await page.waitForSelector(`.toast:has-text("${b.name}")`)
  assert.equal(await ownerOf(made.json.person_id), b.dealer_id)
  assert.deepEqual(complaints, [])
  await close()
})

test('a recorded call is heard by a second person of head office, who alone makes it count (R80)', { skip, timeout: 60000 }, async () => {
  const made = await seller.post('/v1/registrations', registration({ surname: 'Звонарёв', phone: phone() }))
  const desk = await as(router, { width: 390 })
  await visit(desk.page, `/clients/${made.json.person_id}`)
  await desk.page.getByRole('button', { name: 'Данные' }).click()
  await desk.page.getByRole('button', { name: 'Выбор клиента' }).click()
  await desk.page.getByRole('dialog').getByRole('button', { name: 'Запись разговора' }).click()
  await field(desk.page, 'Кого выбрал клиент').selectOption(b.id)
  await bring(desk.page, 'Звонок 4.mp3')
  await desk.page.getByRole('button', { name: 'Отправить на проверку' }).click()
  await desk.page.waitForSelector('.toast:has-text("Отправлено на проверку")')
  assert.equal(await ownerOf(made.json.person_id), a.dealer_id, 'nothing moves before it was heard')
  const mine = (page) => page.locator('li', { hasText: 'Выбор клиента по звонку' }).filter({ hasText: b.name }).first()
  await visit(desk.page, '/approvals')
  await mine(desk.page).waitFor()
  assert.equal(await mine(desk.page).getByRole('button', { name: 'Согласовать' }).count(), 0)
  const other = await as(await makeStaff(0, 'arbiter'))
  await visit(other.page, '/approvals')
  const [download] = await Promise.all([other.page.waitForEvent('download'), mine(other.page).getByRole('link', { name: 'Прослушать запись' }).click()])
  assert.equal(download.suggestedFilename(), 'Звонок 4.mp3')
  await mine(other.page).getByRole('button', { name: 'Согласовать' }).click()
  await other.page.getByRole('dialog').getByRole('button', { name: 'Согласовать' }).click()
  await until('the right has moved', async () => await ownerOf(made.json.person_id) === b.dealer_id)
  for (const one of [desk, other]) { assert.deepEqual(one.complaints, []); await one.close() }
})

test('the steward merges a pair after a preview and takes it back with a reason (R27-R29)', { skip, timeout: 90000 }, async () => {
  const [x, y] = await Promise.all(['Слиянкина', 'Слиянкинa'].map(async (surname) => (await seller.post('/v1/registrations', registration({ surname, phone: phone() }))).json.person_id))
  const [{ public_id }] = await change(`insert into core.duplicate (party_low, party_high, class, score, weights, source)
    select least(p.party_id, q.party_id), greatest(p.party_id, q.party_id), 'STRONG', 9, '[{"field": "name", "weight": 9, "level": "exact"}]', 'scan'
    from core.party p, core.party q where p.public_id = '${x}' and q.public_id = '${y}' returning public_id`)
  const { page, complaints, close } = await as(steward)
  await visit(page, `/duplicates/${public_id}`)
  await page.click('button:has-text("Показать, что получится")')
  await page.click('button:has-text("Объединить")')
  await page.getByRole('dialog').getByRole('button', { name: 'Объединить записи' }).click()
  await page.waitForFunction(() => location.pathname === '/duplicates')
  assert.equal((await row(`select count(*) as n from core.party where public_id in ('${x}', '${y}') and merged_into is not null`)).n, 1)
  await visit(page, '/merges')
  await page.locator('li', { hasText: 'Слиянкин' }).first().getByRole('button', { name: 'Отменить объединение' }).click()
  await page.getByRole('dialog').locator('textarea').fill('Мать и дочь')
  await page.getByRole('dialog').getByRole('button', { name: 'Отменить объединение' }).click()
  await page.waitForSelector('text=всё вернулось на свои места')
  assert.equal((await row(`select count(*) as n from core.party where public_id in ('${x}', '${y}') and merged_into is not null`)).n, 0)
  assert.deepEqual(complaints, [])
  await close()
})

test('the steward judges pair after pair by keyboard, without the list between them (R27)', { skip, timeout: 60000 }, async () => {
  const pairs = []
  for (const surname of ['Первинский', 'Вторинский']) {
    const [x, y] = await Promise.all([0, 1].map(async () => (await seller.post('/v1/registrations', registration({ surname, phone: phone() }))).json.person_id))
    pairs.push((await change(`insert into core.duplicate (party_low, party_high, class, score, weights, source)
      select least(p.party_id, q.party_id), greatest(p.party_id, q.party_id), 'STRONG', 99, '[{"field": "name", "weight": 9, "level": "exact"}]', 'scan'
      from core.party p, core.party q where p.public_id = '${x}' and q.public_id = '${y}' returning public_id`))[0].public_id)
  }
  const stateOf = async (id) => (await row(`select state from core.duplicate where public_id = '${id}'`)).state
  const { page, complaints, close } = await as(steward)
  await visit(page, '/duplicates')
  const shown = (await page.$$eval('main li a', (all) => all.map((one) => one.getAttribute('href').split('/').pop()))).filter((id) => pairs.includes(id))
  assert.equal(shown.length, 2)
  const here = (id) => page.waitForFunction((wanted) => location.pathname === `/duplicates/${wanted}` && document.querySelector('.acts button'), id)
  await page.click(`a[href="/duplicates/${shown[0]}"]`)
  await here(shown[0])
  await page.keyboard.press('d')
  await here(shown[1])
  assert.equal(await stateOf(shown[0]), 'SEPARATE')
  await page.waitForSelector('h1')
  await page.keyboard.press('m')
  await page.waitForSelector('.acts button:has-text("Объединить")')
  await page.keyboard.press('m')
  await page.getByRole('dialog').waitFor()
  assert.equal(await stateOf(shown[1]), 'OPEN', 'nothing is merged before the question is answered')
  await page.keyboard.press('Enter')
  await page.waitForFunction((id) => !location.pathname.endsWith(id), shown[1])
  assert.equal(await stateOf(shown[1]), 'MERGED')
  assert.deepEqual(complaints, [])
  await close()
})

test('rights go in bulk after a dry run and a second person\'s word, never the asker\'s own (R131)', { skip, timeout: 90000 }, async () => {
  const [from, to] = [await makeDealer({ name: `Уходящий ${unique()}` }), await makeDealer({ name: `Приёмный ${unique()}` })]
  const leaving = await signInDirectly(from.staff.seller)
  for (let i = 0; i < 3; i++) assert.equal((await leaving.post('/v1/registrations', registration({ surname: `Переходов${i}`, phone: phone() }))).json.state, 'ACTIVE')
  leaving.close()
  const desk = await as(router)
  await visit(desk.page, '/transfer-batches')
  await desk.page.click('button:has-text("Новая передача")')
  const dialog = desk.page.getByRole('dialog')
  await dialog.locator('select').first().selectOption(from.id)
  await dialog.locator('select').last().selectOption(to.id)
  await dialog.getByRole('button', { name: 'Проверить' }).click()
  const card = desk.page.locator('li', { hasText: from.name })
  await card.locator('text=Проверена').waitFor()
  assert.match(await card.innerText(), new RegExp(`${to.name}: 3`))
  await card.locator('input').fill('2')
  assert.equal(await card.getByRole('button', { name: 'Отправить на согласование' }).isDisabled(), true, 'another number asks nobody')
  await card.locator('input').fill('3')
  await card.getByRole('button', { name: 'Отправить на согласование' }).click()
  await card.locator('text=Ждёт второго сотрудника').waitFor()
  await visit(desk.page, '/approvals')
  const own = desk.page.locator('li', { hasText: from.name })
  await own.waitFor()
  assert.equal(await own.getByRole('button', { name: 'Согласовать' }).count(), 0)
  const other = await as(admin)
  await visit(other.page, '/approvals')
  await other.page.locator('li', { hasText: from.name }).getByRole('button', { name: 'Согласовать' }).click()
  await other.page.getByRole('dialog').getByRole('button', { name: 'Согласовать' }).click()
  await until('three rights have moved', async () => (await row(`select count(*) as n from core.ownership where dealer_id = ${to.dealer_id} and state <> 'CLOSED'`)).n === 3, 40000)
  await visit(desk.page, '/transfer-batches')
  await card.locator('text=Готово').waitFor()
  for (const one of [desk, other]) { assert.deepEqual(one.complaints, []); await one.close() }
})

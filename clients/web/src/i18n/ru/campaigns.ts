// SPDX-License-Identifier: Apache-2.0
// Words of segments and campaigns.
import { ruCount } from '../plural';

const campaigns = {
  headOffice: 'Головной офис',
  pool: 'Свободные клиенты',
  new: 'Новая кампания',
  none: 'Кампаний ещё нет',
  noneState: 'Таких кампаний нет',
  noneText: 'Соберите сегмент, напишите письмо и проверьте, кто его получит. До запуска никто ничего не увидит.',
  noRecipients: 'Под эти условия никто не подходит',
  sentOf: (sent: string, total: string) => `отправлено ${sent} из ${total}`,
  freeWeek: (d: string) => `освободится с недели ${d}`,
  column: { name: 'Кампания', state: 'Состояние', channel: 'Канал', class: 'Вид', dealer: 'Чья', total: 'Всего', sent: 'Отправлено', dropped: 'Отсеяно', launched: 'Запуск', person: 'Клиент', reason: 'Причина', changed: 'Когда' },
  state: { DRAFT: 'Черновик', CHECKED: 'Проверена', LAUNCHING: 'Запускается', RUNNING: 'Идёт', PAUSED: 'На паузе', STOPPED: 'Остановлена', FINISHED: 'Завершена' } as Record<string, string>,
  class: { '0': 'Безопасность и отзывы', '1': 'Сервисное сообщение', '2': 'Пора на обслуживание', '3': 'Своя кампания дилера', '4': 'Сетевая кампания', '5': 'По разрешению' } as Record<string, string>,
  grp: { SALES: 'Продажи', AFTERSALES: 'Сервис и запчасти', RELATION: 'Отношения: поздравления, опросы' } as Record<string, string>,
  channel: { EMAIL: 'Письмо', CALL: 'Звонок оператора' } as Record<string, string>,
  reason: {
    duplicate: 'Повтор в списке', not_owner: 'Не ваш клиент', disputed: 'Идёт спор', complaint: 'Открытая жалоба', opted_out: 'Отказался от обращений', no_consent: 'Нет согласия',
    invalid_contact: 'Негодный адрес', locked: 'Занят другой кампанией', budget: 'Исчерпан лимит обращений', quiet: 'Тихие часы', excluded: 'Исключён дилером', stopped: 'Кампания остановлена',
  } as Record<string, string>,
  reasonWhy: {
    duplicate: 'человек уже в списке под другой записью', not_owner: 'R88: обращаться может только владелец', disputed: 'R103: до решения никто не рекламирует', opted_out: 'R147', no_consent: 'R146: для этого канала',
    invalid_contact: '', locked: 'R86: один человек, одна кампания', budget: 'P14', quiet: 'P15', excluded: 'P19', complaint: '', stopped: '',
  } as Record<string, string>,
  recipient: { PLANNED: 'намечен', LOCKED: 'забронирован', QUEUED: 'в очереди', SENT: 'отправлено', DONE: 'готово', FAILED: 'ошибка', DROPPED: 'отсеян', CANCELLED: 'снят' } as Record<string, string>,
  callResult: { agreed: 'Согласие', call_back: 'Перезвонить', refused: 'Отказ', no_answer: 'Не отвечает', wrong_number: 'Неверный номер', do_not_call: 'Больше не звонить' } as Record<string, string>,
  variable: { name: 'Имя', full_name: 'Полное имя', dealer: 'Дилер', car: 'Автомобиль', plate: 'Госномер', city: 'Город' },
  samples: [
    { name: 'Марина', full_name: 'Орлова Марина Викторовна', dealer: 'Автоцентр Волга', car: 'Вектор 2021', plate: 'А123ВС116', city: 'Казань' },
    { name: 'Ильдар', full_name: 'Сафин Ильдар Маратович', dealer: 'Автоцентр Волга', car: 'Норд 2', plate: 'К777ОР716', city: 'Набережные Челны' },
    { name: 'Александра', full_name: 'Преображенская-Соловьёва Александра Константиновна', dealer: 'Автоцентр Волга', car: 'Аврора Кросс', plate: 'М045ТН163', city: 'Самара' },
  ],
  form: {
    name: 'Название', channel: 'Канал', grp: 'Группа', grpHint: 'В одной группе у человека бывает только одна кампания.', class: 'Вид кампании', brand: 'Марка', brandHint: 'Учитывать права только этой марки.',
    audience: 'Кому', fromSegment: 'Взять из сегмента', subject: 'Тема письма', body: 'Текст', bodyHint: 'Пустая строка начинает новый абзац. Ссылка на отписку добавится сама.',
    unknown: (names: string) => `Неизвестные переменные: ${names}`,
    insert: 'Вставить', script: 'Сценарий разговора', scriptHint: 'Оператор увидит его слева от карточки клиента.', lockDays: 'Бронь, дней', lockDaysHint: 'На это время другие кампании той же группы человека не возьмут.',
    preview: 'Как увидит клиент', previewFor: 'Пример клиента', unsubscribeNote: 'Отписаться от рассылки · отправитель и адрес добавит сервер',
  },
  wizard: { step: { audience: 'Кому', message: 'Что', check: 'Проверка', launch: 'Запуск' }, next: 'Дальше', keep: 'Сохранить черновик', saved: 'Черновик сохранён' },
  check: {
    title: 'Кто получит и почему не все', run: 'Проверить', again: 'Проверить снова', running: 'Проверка идёт', failed: 'Проверка не удалась', test: 'Прислать образец мне', testSent: 'Образец отправлен на вашу почту',
    at: (d: string) => `проверено ${d}`,
    willGet: 'Получат', part: 'Часть', people: 'Человек', share: 'Доля', total: 'Всего под условиями',
    note: 'Числа на момент проверки. При запуске каждого проверят ещё раз, а перед отправкой каждого письма проверят право и согласие.',
    text: 'Проверка пройдёт по всем людям сегмента и никого не тронет: покажет, сколько получат, а сколько нет и почему.',
  },
  launch: {
    nobody: 'После проверки никого не осталось. Измените условия.', textMail: 'Письма начнут уходить сразу. Отправленное отозвать нельзя, но паузу можно нажать в любой момент.',
    textCall: 'Клиенты появятся в списках обзвона у операторов дилеров.', type: (n: string) => `Введите число получателей: ${n}`,
    typeFew: 'Получателей меньше десяти, точное число не показывается. Введите 10', go: 'Запустить',
  },
  live: {
    progress: 'Ход кампании', rate: (n: string) => `${n} в минуту`, pause: 'Пауза', resume: 'Продолжить', stop: 'Остановить', why: 'Почему', who: 'Кого затронула', addressed: 'В кампании',
    stopText: 'Остановить можно один раз: неотправленное снимется с очереди, брони освободятся.',
    did: { pause: 'Кампания на паузе', resume: 'Кампания продолжается' } as Record<string, string>,
    launched: (d: string) => `запущена ${d}`,
    results: 'Результаты звонков', dealers: 'По дилерам', recipients: 'Мои клиенты в кампании',
    tile: { sent: 'Отправлено', queued: 'В очереди', dropped: 'Отсеяно', failed: 'Ошибки', unsubscribed: 'Отписались' } as Record<string, string>,
  },
  conflicts: {
    sub: 'когда ваши клиенты заняты чужими кампаниями', week: 'Неделя', busy: 'Занято', share: 'Доля', own: 'Моих клиентов', from: (d: string) => `с ${d}`,
    note: 'Чья кампания и почему, не показывается (R99). Планируйте запуск на неделю, где занято меньше.',
    allFree: 'Все ваши клиенты свободны: начинать можно в любую из этих недель.',
  },
  seg: {
    sub: 'условия отбора, которые не стареют', new: 'Новый сегмент', name: 'Название сегмента', none: 'Сегментов ещё нет', noneText: 'Соберите условия один раз и используйте в кампаниях.', saved: 'Сегмент сохранён', needs: 'Нужны название и хотя бы одно условие',
    campaign: 'Начать кампанию', show: 'Показать людей', all: 'Все условия', any: 'Любое из условий', and: 'и', or: 'или', not: 'не', notHint: 'Повернуть условие наоборот', exceptThese: 'кроме таких',
    add: 'Добавить условие…', addGroup: 'Группа условий', removeGroup: 'Убрать группу', empty: 'Добавьте первое условие.', compare: 'сравнение', from: 'от', to: 'до', channel: 'канал', anyChannel: 'любой канал', has: 'есть', hasNot: 'нет', hasOrNot: 'есть или нет', days: 'дн.', noClass: 'нет',
    count: 'Подходит людей', counting: 'Считаю…', incomplete: 'Заполните условия, и число появится.',
    attr: {
      city: 'Город', brand: 'Марка', model: 'Модель', model_year: 'Год выпуска', line: 'Линия', owner: 'Дилер-владелец', owner_state: 'Состояние права', last_visit: 'Последний визит', order_count: 'Число нарядов', order_sum: 'Сумма нарядов',
      sale_count: 'Число покупок', last_sale: 'Последняя покупка', consent: 'Согласие на рекламу', abc: 'Класс ABC', kind: 'Человек или компания', sex: 'Пол', age: 'Возраст',
    } as Record<string, string>,
    op: { in: 'из', between: 'от и до', ge: 'не меньше', le: 'не больше', before: 'раньше', after: 'позже', older_than_days: 'давнее, чем', within_days: 'за последние', is: '' } as Record<string, string>,
    sex: { m: 'Мужчина', f: 'Женщина' } as Record<string, string>,
    people: (n: number) => ruCount(n, 'человек', 'человека', 'человек'),
  },
};

export default campaigns;

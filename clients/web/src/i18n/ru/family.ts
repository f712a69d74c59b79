// SPDX-License-Identifier: Apache-2.0
// Words of relatives, companies, fleets, key accounts, service moves and permits.
import { ruCount } from '../plural';

const family = {
  title: 'Семья и связи', none: 'Связей нет', add: 'Добавить родственника', ended: 'Связь завершена', saved: 'Записано',
  relation: { spouse: 'супруг(а)', parent: 'родитель', child: 'ребёнок', sibling: 'брат или сестра', relative: 'родственник', other: 'близкий человек' } as Record<string, string>,
  confirmed: 'подтверждено', declared: 'со слов',
  since: (d: string) => `с ${d}`, between: (from: string, to: string) => `${from} – ${to}`,
  end: 'Завершить', endOf: (name: string) => `Завершить связь: ${name}`,
  jobs: 'Работает в организации', drives: 'Водит автомобиль организации',
  form: {
    relation: 'Кем приходится клиенту', how: 'Кого добавить', fromList: 'Из моих клиентов', byContact: 'По фамилии и телефону', search: 'Имя, телефон или номер автомобиля',
    surname: 'Фамилия', phone: 'Телефон', from: 'С какого дня', evidence: 'Чем подтверждено', evidenceHint: 'документ; без него связь записана со слов',
    blind: 'Если человек уже есть в сети, записи свяжутся сами. Кто он и чей он клиент, не сообщается.',
    nobody: 'Никого не найдено', chosen: (name: string) => `Выбран: ${name}`,
  },
  hint: { title: 'Подсказка коллегам', send: 'Передать подсказку', sent: 'Подсказка передана', text: 'Владелец этого направления получит задачу. Ваше имя и дилер в ней не указаны.',
    kind: { trade_in: 'Думает об обмене автомобиля', test_drive: 'Интересуется тест-драйвом', new_car: 'Хочет новый автомобиль', service: 'Нужен сервис', repair: 'Нужен ремонт' } as Record<string, string> },
  company: {
    title: 'Компания', inn: 'ИНН', kpp: 'КПП', head: 'Головная организация', branches: 'Филиалы', noBranches: 'Филиалы не заведены', group: 'Группа компаний',
    carves: 'Особые владельцы', noCarves: 'Всё закреплено за владельцем организации', contacts: 'Контактные лица', noContacts: 'Контактных лиц нет',
    drivers: 'Водители', noDrivers: 'Водители не указаны', leases: 'Лизинг', fleet: (n: number) => `Автопарк: ${n}`, carved: 'другой владелец', key: 'ключевой клиент', mine: 'ваше', hq: 'головной офис',
    waits: 'ждёт выдачи заказа', planned: 'с указанного дня', until: (d: string) => `до ${d}`, another: 'другой дилер', agree: 'Согласиться сейчас', agreed: 'Согласие записано',
    lessor: (name: string) => `лизингодатель ${name}`, lessee: (name: string) => `лизингополучатель ${name}`,
    addBranch: 'Добавить филиал', addContact: 'Добавить контактное лицо', addDriver: 'Добавить водителя', addLease: 'Записать лизинг', addCarve: 'Назначить владельца', endCarve: 'Завершить исключение',
    name: 'Название', person: 'Имя', job: 'Должность', city: 'Город', address: 'Адрес', phone: 'Телефон', email: 'Эл. почта', consent: 'Согласие (документ)', channels: 'Каналы, на которые согласен',
    contract: 'Договор', lessorName: 'Лизингодатель', lessorInn: 'ИНН лизингодателя', car: 'Автомобиль', from: 'С', to: 'По', reason: 'Основание', dealer: 'Владелец', brand: 'Марка', line: 'Линия', choose: 'Выберите',
    branchHint: 'Право организации действует и на филиал, пока для него не назначен другой владелец.', carveHint: 'Подписанный заказ прежний дилер доводит до выдачи.', phoneOrMail: 'Нужен телефон или почта',
  },
  fleet: { title: 'Автопарк', search: 'Часть VIN, номера или модели', none: 'Ничего не найдено', leased: 'лизинг', driver: (name: string) => `водит ${name}`, read: (km: string, on: string) => `${km}, ${on}` },
  car: {
    title: 'Автомобиль', owners: 'Владельцы', unknownOwner: 'владелец не показан', nowOwner: 'владеет сейчас', readings: 'Пробег', noReadings: 'Показаний нет', chart: 'Пробег по датам',
    change: 'Сменился владелец', changed: 'Владелец изменён', newOwner: 'Новый владелец', unknown: 'Неизвестен', document: 'Документ', on: 'День перехода',
    changeHint: 'Право на обслуживание этого автомобиля у прежнего владельца закончится; последний обслуживавший дилер получит предложение.', lease: 'Лизинг',
  },
  groups: {
    none: 'Групп пока нет', noneText: 'Соберите организации одного владельца в группу и назначьте, кто ведёт их корпоративные продажи.', add: 'Новая группа', name: 'Название группы', search: 'Название группы',
    members: (n: number) => ruCount(n, 'организация', 'организации', 'организаций'),
    addMember: 'Добавить организацию', removeMember: 'Убрать из группы', find: 'Название или ИНН организации', memberAdded: 'Организация в группе', memberEnded: 'Организация убрана',
    keys: 'Ключевой клиент', noKeys: 'Не назначено', addKey: 'Назначить, кто ведёт', endKey: 'Завершить', keyAdded: 'Назначено', keyEnded: 'Завершено',
    inForce: (n: number) => `действует для ${n}`, waiting: (n: number) => `ждут ${n}`, hqHolds: 'Головной офис', noMembers: 'В группе нет организаций',
  },
  moves: {
    sub: 'Право на обслуживание следует за клиентом: второй оплаченный визит подряд у другого дилера, или первый, если у вас его не видели больше года.',
    none: 'Никто не уходит', noneText: 'Здесь появятся клиенты сервиса, которые обслуживаются в другом месте.',
    rule: { second_visit: 'второй визит подряд у другого дилера', long_unseen: 'у владельца не был больше года' } as Record<string, string>,
    state: { ANNOUNCED: 'можно возразить', OBJECTED: 'возражение рассматривается', MOVED: 'перешёл', VOID: 'отменён' } as Record<string, string>,
    object: 'Возразить', objectWhy: 'Почему клиент остаётся вашим', objectHint: 'Решит арбитр; до решения право остаётся у вас.', objected: 'Возражение принято', until: (d: string) => `возразить можно до ${d}`,
    came: 'Пришёл к вам', leaves: 'Уходит', all: 'Все', closed: 'имя скрыто', path: (a: string, b: string) => `${a} → ${b}`,
  },
};

export default family;

// SPDX-License-Identifier: Apache-2.0
// Words of administration and the own account.
import { ruCount } from '../plural';

const admin = {
  staff: {
    name: 'Имя', role: 'Роль', dealer: 'Дилер', login: 'Логин', email: 'Эл. почта', factor: 'Второй фактор', seen: 'Заходил', never: 'не заходил', justNow: 'сейчас', ago: (s: string) => `${s} назад`, on: 'включён', off: 'выключен', headOffice: 'Головной офис', none: 'Никого нет', gone: 'Ушедшие', leftAt: 'Ушёл',
    invite: 'Пригласить', send: 'Отправить приглашение', emailHint: 'Сюда придёт ссылка, чтобы задать пароль.', inviteAgain: 'Прислать ссылку ещё раз', leave: 'Уволить', roleHint: 'Действует со следующего запроса.',
    invited: (to: string) => `Приглашение отправлено: ${to}`,
    roleSet: (role: string) => `Роль изменена: ${role.toLocaleLowerCase()}`,
    leaveText: 'Вход закроется сразу, клиенты и задачи перейдут в очередь дилера. Вернуть прежние закрепления одним действием нельзя.',
    leaveSure: (name: string) => `Закрыть доступ: ${name}`,
    left: (name: string, moved: number) => `${name}: доступ закрыт, в очередь ${ruCount(moved, 'клиент', 'клиента', 'клиентов')}`,
    self: 'Свою роль изменить нельзя.',
  },
  dealers: {
    country: 'Страна календаря', countryHint: 'По её праздникам стоят часы ответа.', countries: { RU: 'Россия', BY: 'Беларусь', KZ: 'Казахстан' } as Record<string, string>, region: 'Регион', regionHint: 'Где стоит салон: ближайший получает обращения без территории.', opens: 'Открывается', closes: 'Закрывается', week: 'Рабочие дни', days: ['Пн', 'Вт', 'Ср', 'Чт', 'Пт', 'Сб', 'Вс'],
    add: 'Новый дилер', none: 'Дилеров нет', name: 'Название', legal: 'Юридическое лицо', city: 'Город', zone: 'Часовой пояс', sender: 'Адрес отправителя', senderHint: 'От него уходят письма дилера.', lines: 'Марки и линии', isActive: 'Работает', closed: 'закрыт', saved: 'Сохранено',
    system: 'есть система', noSystem: 'без системы', allLines: 'все линии', enrol: 'Код подключения', code: 'код',
    codeFor: (name: string) => `Код для «${name}»`,
    codeText: (until: string) => `Показан один раз, действует до ${until}. Введите его в клиенте дилера:`,
  },
  mail: { sub: 'письма, которые доставил шлюз', none: 'Писем нет', noneText: 'Запустите кампанию или пришлите себе образец.', choose: 'Выберите письмо', from: 'От', to: 'Кому', at: 'Когда' },
  account: {
    who: 'Кто вы', name: 'Имя', role: 'Роль', dealer: 'Дилер', zone: 'Часовой пояс', changePassword: 'Сменить пароль по ссылке из письма', yourLogin: 'Ваш логин', look: 'Вид', lang: 'Язык', density: 'Строки таблиц', densities: { normal: 'Обычные', dense: 'Плотные' },
    letters: 'Клавиши из одной буквы (J, K, X, C…)', factor: 'Второй фактор', on: 'включён', off: 'выключен', factorText: 'Код из приложения защищает вход, даже если пароль узнали.', enrol: 'Включить', renew: 'Настроить заново', scan: 'Откройте приложение-аутентификатор и наведите камеру.', qr: 'QR-код для приложения-аутентификатора', orType: 'Или введите ключ:',
    recovery: 'Коды восстановления', recoveryText: 'Сохраните коды: каждый один раз заменит код из приложения. Больше их не покажут.', kept: 'Сохранил',
    sessions: 'Открытые входы', everywhere: 'Выйти везде', everywhereSure: 'Закрыть все входы, включая этот?', thisOne: 'этот',
    since: (d: string) => `вход ${d}`,
    seen: (d: string) => `был ${d}`,
  },
};

export default admin;

// SPDX-License-Identifier: Apache-2.0
// Words of the client list and its filters, which other screens share.
const list = {
  column: {
    name: 'Клиент', state: 'Состояние', vehicle: 'Автомобиль', phone: 'Телефон', next: 'Следующий шаг', protect: 'Защита до',
    visit: 'Был', orders: 'Наряды', seat: 'Сотрудник', dealer: 'Дилер', abc: 'ABC', city: 'Город', line: 'Марка и линия', email: 'Почта',
  },
  filter: {
    title: 'Фильтры', show: 'Показать', clear: 'Сбросить', state: 'Состояние', brand: 'Марка', line: 'Линия', city: 'Город',
    seat: 'Сотрудник', abc: 'Класс ABC', model: 'Модель', visitAfter: 'Был не раньше', visitBefore: 'Был не позже',
  },
  view: {
    save: 'Сохранить вид', drop: 'Удалить вид', name: 'Название вида',
    dropped: (name: string) => `Вид «${name}» удалён`,
  },
  list: {
    search: 'Имя, телефон, VIN, номер',
    visit: (ago: string) => `был ${ago} назад`,
    noneFound: 'Никого не нашлось',
    noneQuery: (q: string) => `По запросу «${q}» нет клиентов, которых вы можете видеть. Клиент другого дилера в список не попадёт: проверьте его через регистрацию.`,
    noneFilter: 'Под эти условия никто не подходит.',
    loosen: (label: string) => `Снять условие «${label}»`,
    nobody: 'Клиентов пока нет',
    nobodyText: 'Зарегистрируйте первого или загрузите список из файла.',
    exportNote: 'Видимые вам столбцы этого фильтра. Выгрузка пишется в журнал.',
  },
  bulk: {
    title: 'Действия с отмеченными',
    what: 'Что сделать',
    due: 'К какому времени',
    chosen: (n: number) => `Отмечено: ${n}`,
    task: 'Поставить задачу',
    seat: 'Передать сотруднику',
    clear: 'Снять отметки',
    run: 'Выполнить',
    result: (done: number, failed: number) => (failed ? `Готово: ${done}, отказано: ${failed}` : `Готово: ${done}`),
  },
};

export default list;

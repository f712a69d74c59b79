// SPDX-License-Identifier: Apache-2.0
// Words of lists brought in from files.

const imports = {
  sub: 'списки из файлов любых программ', none: 'Загрузок ещё не было', noneText: 'Подойдёт файл из 1С, Excel или другой системы. Сначала пробный прогон, потом загрузка, её можно отменить целиком.',
  what: 'Что в файле', brand: 'Марка', line: 'Линия', drop: 'Перетащите файл сюда', choose: 'Выбрать файл', sending: 'Отправка файла',
  formats: 'CSV, XLSX, JSON, XML из 1С и порталов, до 100 МБ. Формат, кодировка и разделитель определятся сами.',
  origin: 'Откуда список', own: 'Наша база или учётная система', eventHint: 'Купленные и выставочные списки регистрируются только по событию, до 500 строк на сотрудника (R36).',
  kind: { client: 'Клиенты', lead: 'Заявки', vehicle: 'Автомобили', repair_order: 'Заказ-наряды', order_line: 'Строки заказ-нарядов', sale: 'Продажи', order: 'Заказы клиентов', odometer: 'Пробеги', exchange: 'Обмен: всё сразу' } as Record<string, string>,
  format: { csv: 'CSV', xlsx: 'Excel (XLSX)', 'json-lines': 'JSON по строкам', xml: 'XML', 'enterprise-data': '1С EnterpriseData', commerceml: '1С CommerceML 2', adf: 'ADF, заявки порталов' } as Record<string, string>,
  state: { UPLOADED: 'читается', PARSED: 'прочитан', MAPPED: 'столбцы заданы', CHECKED: 'проверен', RUNNING: 'загружается', DONE: 'загружен', UNDOING: 'отменяется', UNDONE: 'отменён', FAILED: 'ошибка' } as Record<string, string>,
  separator: (s: string) => `разделитель ${s === '\t' ? 'табуляция' : `«${s}»`}`,
  encoding: (s: string) => `кодировка ${s}`,
  found: 'Как написан файл', rows: 'Строк', flaws: 'Не прочитано', sheet: 'Лист', sheetRead: 'Прочитать лист', formatName: 'Формат', encodingName: 'Кодировка', separatorName: 'Разделитель', tab: 'табуляция',
  remembered: 'столбцы запомнены с прошлого раза', named: 'столбцы известны по формату',
  sameAs: 'Этот файл уже загружали.', sameLink: 'Прежняя загрузка', sameText: 'Повторная загрузка ничего не удвоит: известные строки останутся как есть.',
  check: 'Пробный прогон', checkAgain: 'Прогнать ещё раз', run: 'Загрузить', undo: 'Отменить загрузку', undoSure: 'Отменить всю загрузку? Созданное исчезнет, изменённое вернётся. То, что сделали люди после неё, останется.',
  done: 'Список загружен', failed: 'Задание не выполнено', working: 'Идёт работа', leave: 'Страницу можно закрыть, работа продолжится.',
  mapping: 'Столбцы файла', column: 'Столбец', sample: 'Примеры', becomes: 'Поле', skip: 'не загружать', saveMapping: 'Сохранить столбцы',
  missing: (what: string) => `Не хватает обязательных полей: ${what}`,
  verdicts: 'Итог по строкам', trial: 'Что было бы при загрузке', verdictHead: 'Итог', lineNo: 'Строка', content: 'Содержимое', why: 'Почему', receipt: 'Квитанция',
  verdict: {
    created: 'Создан', updated: 'Обновлён', FREE: 'Свободен', YOURS: 'Уже ваш', PROTECTED: 'Закреплён за другим', IN_GRACE: 'Срок истекает', DISPUTED: 'Спор', HQ: 'Головной офис', OPTED_OUT: 'Отказался от обращений', draft: 'Черновик', cold: 'Холодный список', stored: 'Документ сохранён', error: 'Ошибка', duplicate: 'Повтор', undone: 'Отменено',
  } as Record<string, string>,
  field: {
    record: 'Вид записи', name: 'ФИО или название', surname: 'Фамилия', given_name: 'Имя', patronymic: 'Отчество', kind: 'Лицо (PERSON, COMPANY)', phone: 'Телефон', email: 'Эл. почта', inn: 'ИНН', kpp: 'КПП', passport: 'Паспорт (хранится отпечаток)', passport_series: 'Серия паспорта', licence_series: 'Серия водительского удостоверения', licence: 'Водительское удостоверение (хранится отпечаток)', city: 'Город', address: 'Адрес', born_on: 'Дата рождения', vin: 'VIN', plate: 'Госномер', external_id: 'Код клиента в вашей системе', consent_evidence: 'Подтверждение согласия', consent_channels: 'Каналы согласия',
    interest: 'Интерес', source: 'Источник', occasion: 'Повод', document_number: 'Номер документа', document_on: 'Дата документа', document_amount: 'Сумма документа', brand: 'Марка', model: 'Модель', model_year: 'Год выпуска', number: 'Номер', on: 'Дата', amount: 'Сумма', mileage_km: 'Пробег', what: 'Работы', order_kind: 'Вид ремонта', position: 'Номер строки', code: 'Артикул', quantity: 'Количество', price: 'Цена', is_work: 'Работа (да, нет)', is_paid: 'Оплачен (да, нет)', is_cancelled: 'Отменён (да, нет)', currency: 'Валюта', brand_id: 'Марка', line: 'Линия', event_id: 'Событие',
  } as Record<string, string>,
  area: { other: 'Территория другого дилера; клиент всё равно ваш', nobody: 'Территория ничья' } as Record<string, string>,
  error: {
    ZC400: 'пусто', ZC402: 'не читается или не найдено', ZC054: 'дата невозможна', ZC017: 'после истечения своего срока рано (14 дней)', ZC018: 'у сотрудника предел клиентов', ZC037: 'предел строк по событию исчерпан', ZC038: 'не указано событие', ZC039: 'событие закрыто',
    file: 'файл не читается', empty: 'в файле нет строк', header: 'первая строка испорчена', 'not-text': 'это не текст и не таблица', 'not-table': 'таблицы внутри нет', 'other-sheet': 'выбран другой лист',
    'zip-64': 'архив в виде ZIP64: откройте книгу в Excel или LibreOffice и сохраните ещё раз как .xlsx или CSV', 'zip-broken': 'архив повреждён', 'zip-encrypted': 'книга защищена паролем', 'zip-too-many': 'слишком много частей в архиве', 'zip-bomb': 'архив разворачивается слишком сильно', 'xlsx-texts': 'слишком много текста в книге', 'xml-broken': 'XML повреждён', 'xml-doctype': 'DOCTYPE не принимается', 'xml-deep': 'слишком глубокая вложенность',
    'quote-open': 'кавычка не закрыта', 'quote-broken': 'текст после кавычки', 'cell-too-long': 'слишком длинная ячейка', 'row-too-long': 'слишком длинная строка', 'too-many-cells': 'слишком много столбцов', 'too-many-lines': 'слишком много строк в документе', 'bad-bytes': 'не буквы этой кодировки', 'zero-byte': 'нулевой байт', 'json-broken': 'строка не JSON-объект',
    'passed-over': 'документ, по которому покупаете вы: контрагент не клиент, строка пропущена',
    cancelled: 'отменено до конца чтения: загрузите файл ещё раз', stopped: 'чтение прервано: загрузите файл ещё раз',
  } as Record<string, string>,
};

export default imports;

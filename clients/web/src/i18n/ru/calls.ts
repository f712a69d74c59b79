// SPDX-License-Identifier: Apache-2.0
// Words of the call lists.
import { ruCount } from '../plural';

const calls = {
  sub: 'один звонок за другим',
  none: 'Списков обзвона нет',
  noneText: 'Они появятся, когда запустят кампанию с каналом «Звонок».',
  next: 'Следующий звонок',
  openDone: 'Открыть список',
  list: 'Весь список',
  progress: 'Обработано',
  counters: (done: string, notReached: string, total: string) => `обработано ${done}, не дозвонились ${notReached}, всего ${total}`,
  agreed: (n: string) => `согласий ${n}`,
  script: 'Сценарий',
  last: 'Последние события',
  attempt: (n: number) => `попытка ${n}`,
  resultTitle: 'Чем закончился разговор',
  result: { agreed: 'Согласие', call_back: 'Перезвонить', refused: 'Отказ', no_answer: 'Не отвечает', wrong_number: 'Неверный номер', do_not_call: 'Больше не звонить' } as Record<string, string>,
  when: 'Когда перезвонить',
  time: { hour: 'Через час', evening: 'Вечером', tomorrow: 'Завтра в 10:00' },
  note: 'Заметка, если нужна',
  saveNext: 'Сохранить и дальше',
  confirm: 'Подтвердить запрет',
  doNotCall: 'Клиенту больше не позвонит никто в сети. Подтвердите, что он об этом попросил.',
  hint: 'Клавиши 1–6 выбирают результат, Enter сохраняет. Отменить можно 30 секунд.',
  saved: (name: string, result: string) => `${name}: ${result.toLocaleLowerCase()}`,
  waiting: (n: number) => `${ruCount(n, 'результат ждёт', 'результата ждут', 'результатов ждут')} связи и ${n === 1 ? 'уйдёт сам' : 'уйдут сами'}.`,
  sendNow: 'Отправить сейчас',
  nobodyNow: 'Сейчас звонить некому',
  nextAt: (d: string) => `Следующий клиент будет доступен ${d}: тихие часы или обещанный звонок.`,
  done: 'Список пройден',
  askAgain: 'Спросить ещё раз',
  processed: 'обработан',
  notReached: 'не дозвонились',
  column: { client: 'Клиент', phone: 'Телефон', result: 'Результат', when: 'Когда', operator: 'Оператор' },
  advice: { next_service: 'Пора на ТО', expiring_right: 'Срок защиты', birthday: 'День рождения рядом', abc: 'Класс ABC', open_task: 'Открытая задача' } as Record<string, string>,
  kind: {
    NOTE: 'Заметка', CALL_OUT: 'Звонок', CALL_IN: 'Входящий', MAIL_OUT: 'Письмо', MAIL_IN: 'Письмо от клиента', SMS_OUT: 'SMS', SMS_IN: 'SMS от клиента', VISIT: 'Визит', TEST_DRIVE: 'Тест-драйв', OFFER: 'Предложение',
    APPRAISAL: 'Оценка', CREDIT: 'Кредит', ORDER: 'Заказ', DEPOSIT: 'Задаток', APPOINTMENT: 'Запись на сервис', GREETING: 'Поздравление', SYSTEM: 'Система',
  } as Record<string, string>,
};

export default calls;

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { fitColumns } from '../../src/lib/columns';
import { byDay } from '../../src/lib/days';
import { atHour, dayStart, localInput, momentOf } from '../../src/lib/moment';
import { rubles } from '../../src/lib/money';
import { qr } from '../../src/lib/qr';
import { serviceLeft } from '../../src/lib/service';
import { linked } from '../../src/screens/admin/letter';
import { medianOf, ninetiethOf, roundTop, sorted, spanOf } from '../../src/screens/branches/measures';
import { callBackTimes } from '../../src/screens/calls/results';
import { fill, unknownVariables } from '../../src/screens/campaigns/letter';
import { guessMapping } from '../../src/screens/imports/guess';
import { rank, score, type Offer } from '../../src/screens/shell/palette';

describe('columns', () => {
  const columns = [
    { id: 'name', title: '', width: 300 }, { id: 'a', title: '', width: 100, rank: 2 }, { id: 'b', title: '', width: 100, rank: 1 }, { id: 'c', title: '', width: 100 },
  ];
  it('keep the name and enter by rank', () => {
    expect(fitColumns(columns, 420).map((c) => c.id)).toEqual(['name', 'b']);
    expect(fitColumns(columns, 520).map((c) => c.id)).toEqual(['name', 'a', 'b']);
    expect(fitColumns(columns, 100).map((c) => c.id)).toEqual(['name']);
  });
  it('obey the hand', () => {
    expect(fitColumns(columns, 900, ['c']).map((c) => c.id)).toEqual(['name', 'c']);
  });
});

describe('money', () => {
  it('is read without floating point', () => {
    expect(['1 234 567,5', '0.01', '12500', '12,345', '-5', 'сто', ''].map(rubles)).toEqual([123456750, 1, 1250000, null, null, null, null]);
  });
});

describe('moments', () => {
  it('are those of the dealer, whatever the browser', () => {
    const noonUtc = Date.parse('2026-11-22T12:00:00Z');
    expect(localInput(noonUtc, 'Asia/Vladivostok')).toBe('2026-11-22T22:00');
    expect(momentOf('2026-11-22T22:00', 'Asia/Vladivostok')).toBe(noonUtc);
    expect(dayStart('2026-11-22', 0, 'Europe/Moscow')).toBe('2026-11-21T21:00:00.000Z');
    expect(dayStart('2026-11-30', 1, 'Europe/Moscow')).toBe('2026-11-30T21:00:00.000Z');
    expect([dayStart(undefined), dayStart('soon')]).toEqual([undefined, undefined]);
    expect(new Date(atHour(noonUtc, 1, 10, 'Asia/Vladivostok')).toISOString()).toBe('2026-11-23T00:00:00.000Z');
    expect(new Date(atHour(noonUtc, 0, 18, 'Europe/Kaliningrad')).toISOString()).toBe('2026-11-22T16:00:00.000Z');
  });
});

describe('days', () => {
  it('cut a stream', () => {
    expect(byDay([{ d: '2' }, { d: '2' }, { d: '1' }], (x) => x.d).map((x) => x.items.length)).toEqual([2, 1]);
  });
});

describe('palette', () => {
  const offer = (title: string): Offer => ({ id: title, kind: 'place', title, icon: 'home', run: () => undefined });
  const person = (title: string): Offer => ({ ...offer(title), kind: 'person' });
  it('puts a typed client before places', () => {
    expect(rank('Клим', [offer('Клиенты')], [person('Климова Анна')])[0]?.title).toBe('Климова Анна');
    expect(rank('Кли', [offer('Клиенты')], [person('Климова Анна')])[0]?.title).toBe('Климова Анна');
  });
  it('puts a place before a weak match of a client', () => {
    expect(rank('задачи', [offer('Задачи')], [person('Иванова Задачина')])[0]?.title).toBe('Задачи');
  });
  it('puts a number before everything', () => {
    expect(rank('903123', [offer('Клиенты')], [person('Орлова')])[0]?.title).toBe('Орлова');
  });
  it('scores', () => {
    expect([score('Сравнение филиалов', 'срав'), score('Сравнение филиалов', 'фил'), score('Сравнение филиалов', 'нение'), score('Журнал', 'x')]).toEqual([4, 3, 2, 0]);
  });
});

describe('service', () => {
  const now = Date.parse('2026-11-22');
  it('is estimated from the daily run', () => {
    const left = serviceLeft({ id: '', mileage_km: 48_000, mileage_on: '2026-11-12', km_per_day: 50, next_service_km: 52_000 }, now);
    expect(left?.km).toBe(3500);
    expect(left?.isOver).toBe(false);
  });
  it('is over by date as well', () => {
    expect(serviceLeft({ id: '', next_service_on: '2026-11-01' }, now)?.isOver).toBe(true);
    expect(serviceLeft({ id: '' }, now)).toBeNull();
  });
});

describe('letters', () => {
  it('fill variables and name unknown ones', () => {
    const sample = { name: 'Анна', full_name: '', dealer: '', car: 'Вектор', plate: '', city: '' };
    expect(fill('{{name}}, ваш {{ car }} {{oops}}', sample)).toBe('Анна, ваш Вектор {{oops}}');
    expect(unknownVariables('{{name}} {{oops}} {{unsubscribe_url}}')).toEqual(['oops']);
  });
  it('link only to the own server', () => {
    const parts = linked('Смотрите https://a.example/u/x. И https://evil.example/y', 'https://a.example');
    expect(parts.filter((p) => p.href).map((p) => p.href)).toEqual(['https://a.example/u/x']);
    expect(parts.map((p) => p.text).join('')).toBe('Смотрите https://a.example/u/x. И https://evil.example/y');
  });
});

describe('branches', () => {
  const rows = [{ dealer_id: 'a', dealer_name: '', city: '', x: 0.5 }, { dealer_id: 'b', dealer_name: '', city: '', x: null }, { dealer_id: 'c', dealer_name: '', city: '', x: 0.9 }];
  it('sort unknown last both ways', () => {
    expect(sorted(rows, 'x', true).map((r) => r.dealer_id)).toEqual(['c', 'a', 'b']);
    expect(sorted(rows, 'x', false).map((r) => r.dealer_id)).toEqual(['a', 'c', 'b']);
  });
  it('have a middle', () => {
    expect(medianOf(rows, 'x')).toBeCloseTo(0.7);
    const ten = Array.from({ length: 10 }, (_, i) => ({ ...rows[0]!, x: i + 1 }));
    expect(ninetiethOf(ten, 'x')).toBe(9);
    expect(ninetiethOf(ten.slice(0, 1), 'x')).toBeNull();
  });
  it('have axes with round tops', () => {
    expect([0.87, 43, 180, 1, 0].map(roundTop)).toEqual([1, 50, 200, 1, 1]);
  });
  it('have spans that touch and do not overlap', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(spanOf(30, now)).toEqual({ from: '2026-10-24', to: '2026-11-22' });
    expect(spanOf(30, now, true)).toEqual({ from: '2026-09-24', to: '2026-10-23' });
  });
});

describe('call back', () => {
  it('never offers the past', () => {
    for (const hour of [9, 16, 17, 18, 23]) {
      const now = new Date(2026, 10, 22, hour, 30).getTime();
      for (const one of callBackTimes(now)) expect(one.at).toBeGreaterThan(now);
    }
    expect(callBackTimes(new Date(2026, 10, 22, 20).getTime()).map((x) => x.key)).toEqual(['hour', 'tomorrow']);
  });
});

describe('import', () => {
  it('tells the series of a document from its number, and both from when it was issued', () => {
    const fields = ['surname', 'passport', 'licence', 'passport_series', 'licence_series'];
    const map = guessMapping(['Фамилия', 'Дата выдачи паспорта', 'Серия паспорта', 'Номер паспорта', 'В/у серия', 'В/у номер'], fields);
    expect(map).toEqual({ surname: 0, passport_series: 2, passport: 3, licence_series: 4, licence: 5 });
    expect(guessMapping(['Серия и номер паспорта', 'Водительское удостоверение'], fields)).toEqual({ passport: 0, licence: 1 });
  });
  it('guesses columns by their heads, one field each', () => {
    const map = guessMapping(['Код', 'Фамилия', 'Имя', 'Мобильный телефон', 'Город', 'VIN', 'Прочее'], ['name', 'surname', 'given_name', 'phone', 'email', 'city', 'vin', 'external_id']);
    expect(map).toEqual({ surname: 1, given_name: 2, phone: 3, city: 4, vin: 5, external_id: 0 });
  });
});

describe('QR code', () => {
  const cells = qr('otpauth://totp/Clientele:manager?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Clientele');
  it('has the size of its version and three finders', () => {
    expect(cells.length % 4).toBe(1);
    for (const [r, c] of [[0, 0], [0, cells.length - 7], [cells.length - 7, 0]] as const) {
      expect(cells[r]?.slice(c, c + 7).every(Boolean)).toBe(true);
      expect(cells[r + 1]?.slice(c + 1, c + 6).some(Boolean)).toBe(false);
      expect(cells[r + 3]?.slice(c + 2, c + 5).every(Boolean)).toBe(true);
    }
  });
  it('refuses what does not fit', () => {
    expect(() => qr('x'.repeat(300))).toThrow();
  });
});

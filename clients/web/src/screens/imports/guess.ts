// SPDX-License-Identifier: Apache-2.0
// Which column of a file is which field, guessed from its head; the person confirms. Pure.

const PATTERNS: Record<string, RegExp> = {
  external_id: /^(id|код|ид|external|guid|uuid|customer[_ ]?id|client[_ ]?id|id клиента)$/i,
  surname: /фамил|surname|last.?name|family/i,
  patronymic: /отчеств|patronym|middle/i,
  given_name: /^имя$|given|first.?name/i,
  name: /^фио$|наименован|название|full.?name|^name$|клиент|контрагент|organi[sz]ation|company/i,
  phone: /тел|phone|mobile|моб|сот/i,
  email: /mail|почт/i,
  inn: /инн|\binn\b|tax/i,
  kpp: /кпп|\bkpp\b/i,
  passport_series: /^(?!.*(номер|number|№)).*(сери[яи].*паспорт|паспорт.*сери|passport.*series|series.*passport)|^сери[яи]$/i,
  passport: /^(?!.*(выда|дата|код|issue|date|code)).*(паспорт|passport)/i,
  licence_series: /^(?!.*(номер|number|№)).*(сери[яи].*(водит|в[./]?у)|(водит|в[./]?у).*сери|licen.*series|series.*licen)/i,
  licence: /^(?!.*(выда|дата|код|issue|date|code)).*(водит.*уд|driv.*licen|(^|\s)в[./]?у\.?(\s|$))/i,
  city: /город|city|town|suburb/i,
  born_on: /рожд|birth|dob/i,
  vin: /\bvin\b|вин/i,
  plate: /гос|номер авто|plate|рег.*знак|грз/i,
  consent_evidence: /соглас|анкет|consent/i,
  interest: /интерес|interest|потребн/i,
  document_number: /номер док|document.*(no|num)|№ док/i,
  document_on: /дата док|document.*date/i,
  document_amount: /сумма док|document.*(sum|amount)/i,
  number: /номер|number|^№|^no$/i,
  on: /дата|date/i,
  amount: /сумма|amount|sum|price|стоим/i,
  mileage_km: /пробег|mileage|odometer/i,
  what: /работ|описан|what|service/i,
  model: /модель|model/i,
  model_year: /год|year/i,
};

/** header: the file's names; fields: the wanted ones in the server's order. Each column serves one field at most. */
export function guessMapping(header: readonly string[], fields: readonly string[]): Record<string, number> {
  const out: Record<string, number> = {};
  const used = new Set<number>();
  // the part of a number before the whole of it: «Серия паспорта» would do for both
  for (const field of [...fields].sort((a, b) => Number(b.endsWith('_series')) - Number(a.endsWith('_series')))) {
    const at = header.findIndex((title, i) => !used.has(i) && (title.trim().toLowerCase() === field || PATTERNS[field]?.test(title.trim())));
    if (at < 0) continue;
    out[field] = at;
    used.add(at);
  }
  return out;
}

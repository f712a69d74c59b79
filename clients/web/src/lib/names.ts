// SPDX-License-Identifier: Apache-2.0
// Short forms for narrow places. Pure.

/** "Коротков Дмитрий Васильевич" -> "Коротков Д. В."; what is not three words of a person stays whole. */
export function shortName(name: string | null | undefined): string {
  const parts = (name ?? '').trim().split(/\s+/);
  if (parts.length < 2 || parts.length > 3 || /[«»"]/.test(name ?? '')) return (name ?? '').trim();
  return `${parts[0]} ${parts.slice(1).map((part) => `${[...part][0]}.`).join('\u00a0')}`;
}

/** "Europe/Moscow" -> "Москва, стандартное время": the zone in the reader's language; an unknown zone stays as it is. */
export function zoneTitle(zone: string | null | undefined, lang: string, at = Date.now()): string {
  if (!zone) return '';
  try {
    const parts = new Intl.DateTimeFormat(lang, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(at);
    return parts.find((one) => one.type === 'timeZoneName')?.value ?? zone;
  } catch {
    return zone;
  }
}

/** "Europe/Moscow" -> "UTC+3"; an unknown zone stays as it is. */
export function zoneOffset(zone: string | null | undefined, at = Date.now()): string {
  if (!zone) return '';
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(at);
    return (parts.find((one) => one.type === 'timeZoneName')?.value ?? zone).replace('GMT', 'UTC');
  } catch {
    return zone;
  }
}

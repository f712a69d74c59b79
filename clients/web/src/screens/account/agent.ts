// SPDX-License-Identifier: Apache-2.0
// "Chrome, Windows" out of a User-Agent: enough to know one's own devices.
export function agentName(agent: string | null | undefined): string {
  if (!agent) return '—';
  const browser = [[/Edg\//, 'Edge'], [/YaBrowser/, 'Yandex'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari'], [/curl/, 'curl']] as const;
  const system = [[/Windows/, 'Windows'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']] as const;
  const find = (table: readonly (readonly [RegExp, string])[]): string => table.find(([pattern]) => pattern.test(agent))?.[1] ?? '';
  return [find(browser), find(system)].filter(Boolean).join(', ') || agent.slice(0, 60);
}

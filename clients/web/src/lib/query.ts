// SPDX-License-Identifier: Apache-2.0
// The filter of a list as it stands in the address: read, written, compared. Pure.

export type Filter = Record<string, string>;

/** Takes only the known names, so a foreign parameter in a link never reaches the server. */
export function readFilter(search: string, names: readonly string[]): Filter {
  const query = new URLSearchParams(search);
  const out: Filter = {};
  for (const name of names) {
    const value = query.get(name)?.trim();
    if (value) out[name] = value.slice(0, 100);
  }
  return out;
}

export function writeFilter(filter: Filter): string {
  const query = new URLSearchParams();
  for (const name of Object.keys(filter).sort()) {
    const value = filter[name];
    if (value) query.set(name, value);
  }
  return query.toString();
}

export const sameFilter = (a: string, b: string): boolean => {
  const norm = (text: string): string => [...new URLSearchParams(text).entries()].map(([k, v]) => `${k}=${v}`).sort().join('&');
  return norm(a) === norm(b);
};

/** Safe place to return to after sign-in: own path only, never another site. */
export function safeBack(back: string | null): string {
  return back && /^\/(?![/\\])/.test(back) && !back.startsWith('/login') ? back : '/';
}

// SPDX-License-Identifier: Apache-2.0
// Cuts a plain letter into words and its own https links: a link is a link only when it points to this server. Pure.
export interface Part {
  text: string;
  href?: string;
}

export function linked(text: string, origin = typeof location === 'undefined' ? '' : location.origin): Part[] {
  const out: Part[] = [];
  let from = 0;
  for (const found of text.matchAll(/https:\/\/[^\s<>"']+/g)) {
    const url = found[0].replace(/[.,;:)\]]+$/, '');
    if (!url.startsWith(`${origin}/`)) continue;
    if (found.index > from) out.push({ text: text.slice(from, found.index) });
    out.push({ text: url, href: url });
    from = found.index + url.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}

// SPDX-License-Identifier: Apache-2.0
// The address is the state: path and query live here, screens read and change them, links stay plain <a href>.
import { tick } from 'svelte';

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  /** set by a form with unsaved words; asked before the page is left */
  guard: (() => boolean) | null = null;

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  go(to: string, options: { replace?: boolean; keepScroll?: boolean } = {}): void {
    const url = new URL(to, location.origin);
    if (url.origin !== location.origin) return;
    const isSamePath = url.pathname === this.path;
    if (!isSamePath && this.guard && !this.guard()) return;
    if (!isSamePath) this.guard = null;
    const target = url.pathname + url.search;
    if (options.replace) history.replaceState(null, '', target);
    else history.pushState(null, '', target);
    this.path = url.pathname;
    this.search = url.search;
    if (!isSamePath && !options.keepScroll) void tick().then(() => document.querySelector('main')?.scrollTo(0, 0));
  }

  /** Writes filters into the address without a new history entry for each letter. */
  setQuery(values: Record<string, string | string[] | null | undefined>, replace = true): void {
    const next = this.query;
    for (const [name, value] of Object.entries(values)) {
      next.delete(name);
      for (const one of Array.isArray(value) ? value : [value]) if (one) next.append(name, one);
    }
    const text = next.toString();
    this.go(this.path + (text ? `?${text}` : ''), { replace, keepScroll: true });
  }

  back(fallback: string): void {
    if (history.length > 1) history.back();
    else this.go(fallback);
  }
}

export const router = new Router();
export const go = router.go.bind(router);

addEventListener('popstate', () => {
  router.path = location.pathname;
  router.search = location.search;
});

/** One listener turns plain links into moves inside the page; modified clicks and downloads stay the browser's. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (/^\/(v1|u|assets)\//.test(link.pathname)) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

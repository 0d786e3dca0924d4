import { useSyncExternalStore } from 'react';

const PATTERNS = {
  instances: '/instances',
  launch: '/instances/launch',
  asOf: '/instances/as-of',
  instance: '/instances/:id',
  instanceTab: '/instances/:id/:tab',
  images: '/images',
  fleet: '/fleet',
  node: '/fleet/:id',
  accounts: '/cloud/accounts',
  operatedAccount: '/cloud/accounts/:id',
  periods: '/cloud/periods',
  costs: '/billing',
  invoices: '/billing/invoices',
  budgets: '/billing/budgets',
  invoice: '/billing/invoices/:id',
  usage: '/billing/usage',
  prices: '/billing/prices',
  newPriceBook: '/billing/prices/new',
  priceBook: '/billing/prices/:id',
  account: '/account',
  accountTab: '/account/:tab',
} as const;

export type PageName = keyof typeof PATTERNS;

export interface Route {
  page: PageName | undefined;
  params: Record<string, string>;
  query: URLSearchParams;
  path: string;
}

/** Which page an address is; the first pattern that fits, so the ones without a parameter go first. */
export function match(path: string, search = ''): Route {
  const query = new URLSearchParams(search);
  const clean = path === '/' ? PATTERNS.instances : path.replace(/\/+$/, '');
  const parts = clean.split('/');
  for (const [page, pattern] of Object.entries(PATTERNS)) {
    const wanted = pattern.split('/');
    if (wanted.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((part, index) => {
      const given = parts[index] ?? '';
      if (!part.startsWith(':')) return part === given;
      params[part.slice(1)] = decode(given);
      return given !== '';
    });
    if (fits) return { page: page as PageName, params, query, path: clean };
  }
  return { page: undefined, params: {}, query, path: clean };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const watchers = new Set<() => void>();
let current = match(window.location.pathname, window.location.search);

function changed(): void {
  current = match(window.location.pathname, window.location.search);
  watchers.forEach((watch) => watch());
}
window.addEventListener('popstate', changed);

export function navigate(address: string, replace = false): void {
  if (address === window.location.pathname + window.location.search) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', address);
  changed();
  if (!replace) window.scrollTo(0, 0);
}

export function currentRoute(): Route {
  return current;
}

export function useRoute(): Route {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => current,
  );
}

interface Follow {
  preventDefault: () => void;
  detail: { href?: string | undefined; external?: boolean | undefined };
}

/** For `onFollow` of links: stays in the page, unless it leads elsewhere. */
export function follow(event: Follow): void {
  const { href, external } = event.detail;
  if (href === undefined || external || !href.startsWith('/')) return;
  event.preventDefault();
  navigate(href);
}

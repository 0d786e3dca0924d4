import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { text } from '../text';
import type { PageName, Route } from './route';

export type Page = ComponentType<{ params: Record<string, string> }>;

interface Later {
  Page: LazyExoticComponent<Page>;
  /** Begins to fetch it, also before anybody may see it. */
  fetch: () => Promise<unknown>;
}

function later(load: () => Promise<{ default: Page }>): Later {
  return { Page: lazy(load), fetch: load };
}

interface Place extends Later {
  title: string;
  /** The pages above it. */
  above: { text: string; href: string }[];
  /** For operators of the cloud alone. */
  cloud?: boolean;
}

const under = {
  instances: { text: text.frame.instances, href: '/instances' },
  costs: { text: text.frame.costs, href: '/billing' },
  invoices: { text: text.frame.invoices, href: '/billing/invoices' },
  prices: { text: text.frame.prices, href: '/billing/prices' },
  fleet: { text: text.frame.fleet, href: '/fleet' },
  accounts: { text: text.frame.accounts, href: '/cloud/accounts' },
};

const Instances = later(() => import('../instances/InstancesPage'));
const Launch = later(() => import('../instances/LaunchPage'));
const Instance = later(() => import('../instances/InstancePage'));
const AsOf = later(() => import('../instances/AsOfPage'));
const Images = later(() => import('../images/ImagesPage'));
const Fleet = later(() => import('../fleet/FleetPage'));
const Node = later(() => import('../fleet/NodePage'));
const Accounts = later(() => import('../cloud/AccountsPage'));
const OperatedAccount = later(() => import('../cloud/AccountPage'));
const Periods = later(() => import('../cloud/PeriodsPage'));
const Account = later(() => import('../account/AccountPage'));
const Costs = later(() => import('../billing/CostsPage'));
const Budgets = later(() => import('../billing/BudgetsPage'));
const Invoices = later(() => import('../billing/InvoicesPage'));
const Invoice = later(() => import('../billing/InvoicePage'));
const Usage = later(() => import('../billing/UsagePage'));
const Prices = later(() => import('../billing/PriceBooksPage'));
const NewPriceBook = later(() => import('../billing/NewPriceBookPage'));
const PriceBook = later(() => import('../billing/PriceBookPage'));

/** Each loaded when it is first gone to. */
const PLACES: Partial<Record<PageName, Place>> = {
  instances: { ...Instances, title: text.frame.instances, above: [] },
  launch: { ...Launch, title: text.frame.launch, above: [under.instances] },
  asOf: { ...AsOf, title: text.asOf.title, above: [under.instances] },
  instance: { ...Instance, title: '', above: [under.instances] },
  instanceTab: { ...Instance, title: '', above: [under.instances] },
  images: { ...Images, title: text.frame.images, above: [] },
  fleet: { ...Fleet, title: text.frame.fleet, above: [], cloud: true },
  node: { ...Node, title: '', above: [under.fleet], cloud: true },
  accounts: { ...Accounts, title: text.frame.accounts, above: [], cloud: true },
  operatedAccount: { ...OperatedAccount, title: '', above: [under.accounts], cloud: true },
  periods: { ...Periods, title: text.frame.periods, above: [], cloud: true },
  account: { ...Account, title: text.frame.account, above: [] },
  accountTab: { ...Account, title: text.frame.account, above: [] },
  costs: { ...Costs, title: text.frame.costs, above: [] },
  budgets: { ...Budgets, title: text.frame.budgets, above: [under.costs] },
  invoices: { ...Invoices, title: text.frame.invoices, above: [under.costs] },
  invoice: { ...Invoice, title: '', above: [under.costs, under.invoices] },
  usage: { ...Usage, title: text.frame.usage, above: [under.costs] },
  prices: { ...Prices, title: text.frame.prices, above: [under.costs] },
  newPriceBook: { ...NewPriceBook, title: text.prices.next, above: [under.costs, under.prices], cloud: true },
  priceBook: { ...PriceBook, title: '', above: [under.costs, under.prices] },
};

export function placeOf(route: Route): Place | undefined {
  return route.page && PLACES[route.page];
}

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
}

const under = {
  instances: { text: text.frame.instances, href: '/instances' },
  costs: { text: text.frame.costs, href: '/billing' },
  invoices: { text: text.frame.invoices, href: '/billing/invoices' },
};

const Instances = later(() => import('../instances/InstancesPage'));
const Launch = later(() => import('../instances/LaunchPage'));
const Instance = later(() => import('../instances/InstancePage'));
const Images = later(() => import('../images/ImagesPage'));
const Fleet = later(() => import('../fleet/FleetPage'));
const Account = later(() => import('../account/AccountPage'));
const Costs = later(() => import('../billing/CostsPage'));
const Budgets = later(() => import('../billing/BudgetsPage'));
const Invoices = later(() => import('../billing/InvoicesPage'));
const Invoice = later(() => import('../billing/InvoicePage'));

/** Each loaded when it is first gone to. */
const PLACES: Partial<Record<PageName, Place>> = {
  instances: { ...Instances, title: text.frame.instances, above: [] },
  launch: { ...Launch, title: text.frame.launch, above: [under.instances] },
  instance: { ...Instance, title: '', above: [under.instances] },
  instanceTab: { ...Instance, title: '', above: [under.instances] },
  images: { ...Images, title: text.frame.images, above: [] },
  fleet: { ...Fleet, title: text.frame.fleet, above: [] },
  account: { ...Account, title: text.frame.account, above: [] },
  accountTab: { ...Account, title: text.frame.account, above: [] },
  costs: { ...Costs, title: text.frame.costs, above: [] },
  budgets: { ...Budgets, title: text.frame.budgets, above: [under.costs] },
  invoices: { ...Invoices, title: text.frame.invoices, above: [under.costs] },
  invoice: { ...Invoice, title: '', above: [under.costs, under.invoices] },
};

export function placeOf(route: Route): Place | undefined {
  return route.page && PLACES[route.page];
}

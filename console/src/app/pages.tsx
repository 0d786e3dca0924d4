import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { text } from '../text';
import type { PageName, Route } from './route';

export type Page = ComponentType<{ params: Record<string, string> }>;

interface Place {
  Page: LazyExoticComponent<Page>;
  title: string;
  /** The pages above it. */
  above: { text: string; href: string }[];
}

const under = {
  instances: { text: text.frame.instances, href: '/instances' },
  costs: { text: text.frame.costs, href: '/billing' },
  invoices: { text: text.frame.invoices, href: '/billing/invoices' },
};

const Instances = lazy(() => import('../instances/InstancesPage'));
const Launch = lazy(() => import('../instances/LaunchPage'));
const Instance = lazy(() => import('../instances/InstancePage'));
const Images = lazy(() => import('../images/ImagesPage'));
const Fleet = lazy(() => import('../fleet/FleetPage'));
const Account = lazy(() => import('../account/AccountPage'));
const Costs = lazy(() => import('../billing/CostsPage'));
const Invoices = lazy(() => import('../billing/InvoicesPage'));
const Invoice = lazy(() => import('../billing/InvoicePage'));

/** Each loaded when it is first gone to. */
const PLACES: Partial<Record<PageName, Place>> = {
  instances: { Page: Instances, title: text.frame.instances, above: [] },
  launch: { Page: Launch, title: text.frame.launch, above: [under.instances] },
  instance: { Page: Instance, title: '', above: [under.instances] },
  instanceTab: { Page: Instance, title: '', above: [under.instances] },
  images: { Page: Images, title: text.frame.images, above: [] },
  fleet: { Page: Fleet, title: text.frame.fleet, above: [] },
  account: { Page: Account, title: text.frame.account, above: [] },
  accountTab: { Page: Account, title: text.frame.account, above: [] },
  costs: { Page: Costs, title: text.frame.costs, above: [] },
  invoices: { Page: Invoices, title: text.frame.invoices, above: [under.costs] },
  invoice: { Page: Invoice, title: '', above: [under.costs, under.invoices] },
};

export function placeOf(route: Route): Place | undefined {
  return route.page && PLACES[route.page];
}

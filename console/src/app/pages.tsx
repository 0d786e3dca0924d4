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
};

const Instances = lazy(() => import('../instances/InstancesPage'));
const Launch = lazy(() => import('../instances/LaunchPage'));
const Instance = lazy(() => import('../instances/InstancePage'));
const Images = lazy(() => import('../images/ImagesPage'));

/** Each loaded when it is first gone to. */
const PLACES: Partial<Record<PageName, Place>> = {
  instances: { Page: Instances, title: text.frame.instances, above: [] },
  launch: { Page: Launch, title: text.frame.launch, above: [under.instances] },
  instance: { Page: Instance, title: '', above: [under.instances] },
  instanceTab: { Page: Instance, title: '', above: [under.instances] },
  images: { Page: Images, title: text.frame.images, above: [] },
};

export function placeOf(route: Route): Place | undefined {
  return route.page && PLACES[route.page];
}

import type { components } from '@contract';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type AlertEvent = Schemas['AlertEvent'];
export type Counters = Schemas['Counters'];
export type Event = Schemas['Event'];
export type Image = Schemas['Image'];
export type Instance = Schemas['Instance'];
export type InstanceState = Schemas['InstanceState'];
export type InstanceType = Schemas['InstanceType'];
export type LaunchForecast = Schemas['LaunchForecast'];
export type Node = Schemas['Node'];
export type Problem = Schemas['Problem'];
export type RunInstancesRequest = Schemas['RunInstancesRequest'];
export type Transition = Schemas['Transition'];
export type CostSummary = Schemas['CostSummary'];
export type Invoice = Schemas['Invoice'];
export type InvoiceLine = Schemas['InvoiceLine'];
export type InvoiceSummary = Schemas['InvoiceSummary'];
export type LineExplanation = Schemas['LineExplanation'];

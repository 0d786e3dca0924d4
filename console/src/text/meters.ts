import type { components } from '@contract';

type Meter = components['schemas']['Meter'];

/** What is metered, in what it is counted, and what its price is for. */
export const meters = {
  names: {
    'instance-seconds': 'Running time',
    'volume-mib-seconds': 'Volume storage',
    'snapshot-mib-seconds': 'Snapshot storage',
    'image-mib-seconds': 'Image storage',
    'address-seconds': 'Address time',
    'egress-bytes': 'Traffic sent',
  } satisfies Record<Meter, string>,
  gibHours: (hours: string) => `${hours} GiB-hours`,
  gib: (gib: string) => `${gib} GiB`,
  bytes: (bytes: string) => `${bytes} B`,
  perHour: (price: string) => `${price} per hour`,
  perGibHour: (price: string) => `${price} per GiB-hour`,
  perGib: (price: string) => `${price} per GiB`,
  hours: (hours: string) => `${hours} hours`,
};

export const usage = {
  title: 'Usage',
  subtitle: 'What was metered this month, the newest first. Processor time and memory are shown and not charged.',
  resource: 'Resource',
  meter: 'Meter',
  sku: 'Type',
  start: 'From',
  end: 'To',
  goesOn: 'goes on',
  quantity: 'Quantity',
  cpu: 'CPU used',
  cpuSeconds: (seconds: string) => `${seconds} s`,
  memory: 'Memory touched',
  find: 'Find by resource, meter or type',
  emptyTitle: 'Nothing was metered this month',
  emptyHint: 'Metering begins when an instance runs.',
  notWhole: (limit: number) => `Only the first ${limit.toLocaleString('en')} of the month are shown.`,
};

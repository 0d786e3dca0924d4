import type { PropertyFilterProperty } from '@cloudscape-design/collection-hooks';
import type { Instance } from '../api/types';
import { text } from '../text';

const words = text.instances.columns;

/** An instance with its tags as properties of their own: `tag:team`. */
export type Row = Instance & { nodeName: string; [tag: `tag:${string}`]: string };

const TAG_KEYS_MAX = 40;
const rows = new WeakMap<Instance, Row>();

/** The same row for the same instance, so that a table of 10,000 is not made anew for each event. */
export function rowOf(instance: Instance): Row {
  let row = rows.get(instance);
  if (!row) {
    row = { ...instance, nodeName: instance.node?.name ?? '' } as Row;
    for (const [key, value] of Object.entries(instance.tags)) row[`tag:${key}`] = value;
    rows.set(instance, row);
  }
  return row;
}

/** The tag keys in use, the most used first, as far as a list of them is of use. */
export function tagKeys(items: readonly Instance[]): string[] {
  const used = new Map<string, number>();
  for (const item of items) {
    for (const key of Object.keys(item.tags)) used.set(key, (used.get(key) ?? 0) + 1);
  }
  return [...used]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, TAG_KEYS_MAX)
    .map(([key]) => key);
}

const OPERATORS = ['=', '!=', ':', '!:'] as const;

export function filterProperties(keys: readonly string[], operator: boolean): PropertyFilterProperty[] {
  const property = (key: string, label: string): PropertyFilterProperty => ({
    key,
    propertyLabel: label,
    groupValuesLabel: label,
    operators: [...OPERATORS],
  });
  return [
    property('name', words.name),
    property('id', words.id),
    property('state', words.state),
    property('type', words.type),
    property('imageName', words.image),
    property('zone', words.zone),
    ...(operator ? [property('nodeName', words.node)] : []),
    ...keys.map((key) => ({ ...property(`tag:${key}`, key), groupValuesLabel: key, group: 'tags' })),
  ];
}

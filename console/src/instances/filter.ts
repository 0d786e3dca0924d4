import type { PropertyFilterOption, PropertyFilterProperty, PropertyFilterQuery } from '@cloudscape-design/collection-hooks';
import type { Instance } from '../api/types';
import { text } from '../text';

const words = text.instances.columns;
const TAG_KEYS_MAX = 40;
const VALUES_MAX = 100;
const TAG = 'tag:';

/** The tag keys in use, the most used first, as far as a list of them is of use. */
export function tagKeys(items: readonly Instance[]): string[] {
  const used = new Map<string, number>();
  for (const item of items) {
    for (const key in item.tags) used.set(key, (used.get(key) ?? 0) + 1);
  }
  return [...used]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, TAG_KEYS_MAX)
    .map(([key]) => key);
}

function valueOf(instance: Instance, key: string): string {
  switch (key) {
    case 'name':
      return instance.name ?? '';
    case 'id':
      return instance.id;
    case 'state':
      return instance.state;
    case 'type':
      return instance.type;
    case 'imageName':
      return instance.imageName;
    case 'zone':
      return instance.zone ?? '';
    case 'nodeName':
      return instance.node?.name ?? '';
    default:
      return key.startsWith(TAG) ? (instance.tags[key.slice(TAG.length)] ?? '') : '';
  }
}

const ANYWHERE = ['name', 'id', 'state', 'type', 'imageName', 'zone', 'nodeName'];

function containsAnywhere(instance: Instance, wanted: string): boolean {
  if (ANYWHERE.some((key) => valueOf(instance, key).toLowerCase().includes(wanted))) return true;
  for (const key in instance.tags) {
    if (`${key}=${instance.tags[key] ?? ''}`.toLowerCase().includes(wanted)) return true;
  }
  return false;
}

type Test = (instance: Instance) => boolean;

function testOf(token: PropertyFilterQuery['tokens'][number]): Test {
  const wanted = String(token.value ?? '').toLowerCase();
  const key = token.propertyKey;
  const negated = token.operator.startsWith('!');
  const exact = token.operator === '=' || token.operator === '!=';
  if (key === undefined) return (instance) => containsAnywhere(instance, wanted) !== negated;
  return (instance) => {
    const value = valueOf(instance, key).toLowerCase();
    return (exact ? value === wanted : value.includes(wanted)) !== negated;
  };
}

/** Those that the query holds for; all where it is empty. Upper and lower case are the same. */
export function filtered(items: readonly Instance[], query: PropertyFilterQuery): readonly Instance[] {
  if (query.tokens.length === 0) return items;
  const tests = query.tokens.map(testOf);
  return query.operation === 'or'
    ? items.filter((item) => tests.some((test) => test(item)))
    : items.filter((item) => tests.every((test) => test(item)));
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
    ...keys.map((key) => ({ ...property(TAG + key, key), group: 'tags' })),
  ];
}

/** What may be chosen from a list: not names and ids, of which each has its own. */
export function filterOptions(items: readonly Instance[], properties: readonly PropertyFilterProperty[]): PropertyFilterOption[] {
  return properties
    .filter(({ key }) => key !== 'name' && key !== 'id')
    .flatMap(({ key }) => {
      const values = new Set<string>();
      for (const item of items) {
        if (values.size === VALUES_MAX) break;
        const value = valueOf(item, key);
        if (value !== '') values.add(value);
      }
      return [...values].sort().map((value) => ({ propertyKey: key, value }));
    });
}

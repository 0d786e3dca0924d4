import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import type { TableProps } from '@cloudscape-design/components/table';
import type { Instance } from '../api/types';
import { follow } from '../app/route';
import { Ago, Since } from '../app/Shown';
import { text } from '../text';
import { State } from './State';

const words = text.instances;

export function addressOf(instance: Instance): string {
  return `/instances/${instance.id}`;
}

function tagText(tags: Instance['tags']): string {
  return Object.entries(tags)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(', ');
}

type Column = TableProps.ColumnDefinition<Instance>;

/** The table's columns; nodes are there for operators of the cloud only. */
export function columns(operator: boolean): Column[] {
  const all: Column[] = [
    {
      id: 'name',
      width: 160,
      header: words.columns.name,
      isRowHeader: true,
      minWidth: 140,
      cell: (one) => (
        <Link href={addressOf(one)} onFollow={follow}>
          {one.name ?? <Box color="text-status-inactive">{words.unnamed}</Box>}
        </Link>
      ),
      sortingField: 'name',
    },
    { id: 'state', width: 125, header: words.columns.state, minWidth: 120, cell: (one) => <State instance={one} />, sortingField: 'state' },
    { id: 'id', width: 200, header: words.columns.id, cell: (one) => <span className="mono">{one.id}</span>, sortingField: 'id' },
    { id: 'type', width: 100, header: words.columns.type, cell: (one) => one.type, sortingField: 'type' },
    {
      id: 'size',
      width: 150,
      header: words.columns.size,
      cell: (one) => words.size(one.vcpu, one.memoryMib),
      sortingComparator: (a, b) => a.vcpu - b.vcpu || a.memoryMib - b.memoryMib,
    },
    { id: 'image', width: 130, header: words.columns.image, cell: (one) => one.imageName, sortingField: 'imageName' },
    { id: 'zone', width: 100, header: words.columns.zone, cell: (one) => one.zone ?? text.common.none, sortingField: 'zone' },
    {
      id: 'running',
      width: 130,
      header: words.columns.running,
      cell: (one) => (one.runningSince ? <Since at={one.runningSince} /> : text.common.none),
      sortingComparator: (a, b) => (b.runningSince ?? '').localeCompare(a.runningSince ?? ''),
    },
    { id: 'age', width: 135, header: words.columns.age, cell: (one) => <Ago at={one.createdAt} />, sortingField: 'createdAt' },
    { id: 'tags', width: 165, header: words.columns.tags, cell: (one) => tagText(one.tags) || text.common.none },
  ];
  if (operator) {
    all.splice(7, 0, {
      id: 'node',
      width: 95,
      header: words.columns.node,
      cell: (one) => one.node?.name ?? text.common.none,
      sortingComparator: (a, b) => (a.node?.name ?? '').localeCompare(b.node?.name ?? ''),
    });
  }
  return all;
}

/** As many as a laptop's screen has room for: who sees nodes knows the zone by them. */
export function usuallyShown(operator: boolean): string[] {
  return ['name', 'id', 'state', 'type', 'image', operator ? 'node' : 'zone', 'age', 'tags'];
}

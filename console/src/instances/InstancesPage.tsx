import { useCollection, type PropertyFilterQuery } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { useEffect, useMemo, useState } from 'react';
import type { Instance } from '../api/types';
import { follow, navigate } from '../app/route';
import { may, useSession } from '../app/session';
import { CommandLine, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { ActionButtons } from './ActionButtons';
import { columns, usuallyShown } from './columns';
import { filtered, filterOptions, filterProperties, tagKeys } from './filter';
import { lastLaunch, launchAgain } from './lastLaunch';
import { usePreferences } from './preferences';
import { instances } from './store';
import { useInstances, useLook } from './useInstances';

const words = text.instances;
const PAGE_SIZES = [10, 25, 50, 100];
const NO_QUERY: PropertyFilterQuery = { tokens: [], operation: 'and' };

/** The table of all instances, live. */
export default function InstancesPage() {
  const session = useSession();
  const { items, loaded, whole, error } = useInstances();
  const [ended, setEnded] = useState(false);
  const [preferences, setPreferences] = usePreferences('brume.instances', {
    pageSize: 25,
    visibleContent: usuallyShown(session.cloudOperator),
    wrapLines: false,
    stripedRows: false,
  });
  useEffect(() => void instances.load(ended), [ended]);

  const [query, setQuery] = useState<PropertyFilterQuery>(NO_QUERY);
  const rows = useMemo(
    () => (ended ? items : items.filter((one) => one.state !== 'terminated')),
    [items, ended],
  );
  const keys = useMemo(() => tagKeys(items), [items]).join('\n');
  const properties = useMemo(
    () => filterProperties(keys === '' ? [] : keys.split('\n'), session.cloudOperator),
    [keys, session.cloudOperator],
  );
  const found = useMemo(() => filtered(rows, query), [rows, query]);
  const options = useMemo(() => filterOptions(items, properties), [items, properties]);
  const definitions = useMemo(() => columns(session.cloudOperator), [session.cloudOperator]);
  const { items: shown, collectionProps, paginationProps } = useCollection(found, {
    pagination: { pageSize: preferences.pageSize ?? 25 },
    sorting: {},
    selection: { trackBy: 'id', keepSelection: true },
  });
  useLook(useMemo(() => shown.map((one) => one.id), [shown]));
  const selected = (collectionProps.selectedItems ?? []).map((one) => instances.get(one.id) ?? one);

  return (
    <SpaceBetween size="m">
      {error && <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={error} onRetry={() => void instances.load()} />}
      {!whole && <Alert type="info">{words.notWhole(items.length)}</Alert>}
      <Table<Instance>
        {...collectionProps}
        empty={query.tokens.length === 0 ? <NoInstances /> : <NoMatch onClear={() => setQuery(NO_QUERY)} />}
        variant="full-page"
        stickyHeader
        resizableColumns
        enableKeyboardNavigation
        selectionType="multi"
        loading={!loaded && !error}
        loadingText={text.common.loading}
        items={shown}
        trackBy="id"
        columnDefinitions={definitions}
        columnDisplay={definitions.map((one) => ({
          id: one.id ?? '',
          visible: (preferences.visibleContent ?? []).includes(one.id ?? ''),
        }))}
        wrapLines={preferences.wrapLines ?? false}
        stripedRows={preferences.stripedRows ?? false}
        ariaLabels={{
          tableLabel: words.tableLabel,
          selectionGroupLabel: words.tableLabel,
          allItemsSelectionLabel: () => words.selectAll,
          itemSelectionLabel: (_, one) => words.selectOne(one.name ?? one.id),
        }}
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={selected.length > 0 ? words.selected(selected.length, rows.length) : `(${rows.length.toLocaleString('en')})`}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <ActionButtons chosen={selected} />
                <LaunchButton />
              </SpaceBetween>
            }
          >
            {words.title}
          </Header>
        }
        filter={
          <SpaceBetween size="xs">
            <PropertyFilter
              query={query}
              onChange={({ detail }) => setQuery(detail)}
              filteringProperties={properties}
              filteringOptions={options}
              filteringPlaceholder={words.filter}
              filteringAriaLabel={words.filter}
              countText={text.common.matches(found.length)}
              expandToViewport
              customGroupsText={[{ group: 'tags', properties: words.columns.tags, values: words.columns.tags }]}
            />
            <SpaceBetween direction="horizontal" size="m" alignItems="center">
              <Toggle checked={ended} onChange={({ detail }) => setEnded(detail.checked)}>
                {words.showEnded}
              </Toggle>
              <Link href="/instances/as-of" onFollow={follow}>
                {text.asOf.open}
              </Link>
            </SpaceBetween>
          </SpaceBetween>
        }
        pagination={<Pagination {...paginationProps} />}
        preferences={
          <CollectionPreferences
            title={words.preferences}
            preferences={preferences}
            onConfirm={({ detail }) => setPreferences(detail)}
            pageSizePreference={{
              title: words.pageSize,
              options: PAGE_SIZES.map((value) => ({ value, label: words.rows(value) })),
            }}
            visibleContentPreference={{
              title: words.visibleColumns,
              options: [
                {
                  label: words.title,
                  options: definitions.map((one) => ({
                    id: one.id ?? '',
                    label: String(one.header),
                    editable: one.id !== 'name',
                  })),
                },
              ],
            }}
            wrapLinesPreference={{}}
            stripedRowsPreference={{}}
          />
        }
      />
    </SpaceBetween>
  );
}

function NoMatch(props: { onClear: () => void }) {
  return (
    <Empty title={text.common.noMatch} hint={text.common.noMatchHint}>
      <Button onClick={props.onClear}>{text.common.clearFilter}</Button>
    </Empty>
  );
}

function LaunchButton() {
  const session = useSession();
  const last = lastLaunch();
  if (!may(session, 'operator')) return null;
  return (
    <ButtonDropdown
      variant="primary"
      items={last ? [{ id: 'last', text: words.launchLast, secondaryText: `${last.image}, ${last.type}` }] : []}
      mainAction={{ text: words.launch, onClick: () => navigate('/instances/launch') }}
      ariaLabel={words.launch}
      onItemClick={() => last && void launchAgain(last)}
    />
  );
}

function NoInstances() {
  const session = useSession();
  return (
    <Empty title={words.emptyTitle} hint={words.emptyHint}>
      <CommandLine>{words.emptyCommand}</CommandLine>
      {may(session, 'operator') && (
        <Button variant="primary" onClick={() => navigate('/instances/launch')}>
          {words.launch}
        </Button>
      )}
    </Empty>
  );
}

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { lazy, Suspense, useState } from 'react';
import type { Instance } from '../api/types';
import { useCrumb } from '../app/crumb';
import { navigate } from '../app/route';
import { may, useSession } from '../app/session';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { ActionButtons } from './ActionButtons';
import { nameOf } from './actions';
import { ChangeType, Rename, setProtection } from './Edits';
import { Overview } from './Overview';
import { useInstance } from './useInstances';

const ConsoleTab = lazy(() => import('./ConsoleTab'));
const HistoryTab = lazy(() => import('./HistoryTab'));
const MonitoringTab = lazy(() => import('./MonitoringTab'));
const TagsTab = lazy(() => import('./TagsTab'));

const words = text.instances.detail;

/** One instance with all that is known of it; each tab has an address. */
export default function InstancePage(props: { params: Record<string, string> }) {
  const id = props.params['id'] ?? '';
  const { instance, error } = useInstance(id);
  useCrumb(id, instance && nameOf(instance));
  if (!instance) {
    if (!error) return <Spinner size="large" />;
    if (error.status !== 404) return <RefusalAlert title={text.errors.loadFailed(id)} refusal={error} />;
    return (
      <Empty title={words.missing} hint={words.missingHint}>
        <Button onClick={() => navigate('/instances')}>{text.errors.toInstances}</Button>
      </Empty>
    );
  }
  return <Shown instance={instance} tab={props.params['tab'] ?? 'overview'} />;
}

type Edit = 'rename' | 'type';

function Shown(props: { instance: Instance; tab: string }) {
  const { instance, tab } = props;
  const session = useSession();
  const [edit, setEdit] = useState<Edit>();
  const changeable = may(session, 'operator') && instance.state !== 'terminated';
  const waits = instance.stateReason !== undefined && instance.state === 'pending' && instance.stateReason.code === 'no_capacity';

  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {changeable && (
              <Button onClick={() => navigate(`/instances/launch?image=${instance.imageName}&type=${instance.type}`)}>
                {text.instances.launchLike(nameOf(instance))}
              </Button>
            )}
            <ActionButtons
              chosen={[instance]}
              more={
                changeable
                  ? [
                      { id: 'rename', text: words.rename },
                      {
                        id: 'type',
                        text: words.changeType,
                        disabled: instance.state !== 'stopped',
                        disabledReason: words.typeOnlyStopped,
                      },
                      { id: 'protect', text: instance.terminationProtected ? words.unprotect : words.protect },
                    ]
                  : []
              }
              onMore={(wanted) => {
                if (wanted === 'protect') void setProtection(instance, !instance.terminationProtected);
                else setEdit(wanted as Edit);
              }}
            />
          </SpaceBetween>
        }
      >
        {nameOf(instance)}
      </Header>
      {waits && (
        <Alert type="warning" header={words.waits}>
          {instance.stateReason?.message}
        </Alert>
      )}
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) =>
          navigate(detail.activeTabId === 'overview' ? `/instances/${instance.id}` : `/instances/${instance.id}/${detail.activeTabId}`, true)}
        tabs={[
          { id: 'overview', label: words.overview, content: <Overview instance={instance} /> },
          { id: 'console', label: words.console, content: <Later><ConsoleTab instance={instance} /></Later> },
          { id: 'monitoring', label: words.monitoring, content: <Later><MonitoringTab instance={instance} /></Later> },
          { id: 'history', label: words.history, content: <Later><HistoryTab instance={instance} /></Later> },
          { id: 'tags', label: words.tags, content: <Later><TagsTab instance={instance} /></Later> },
        ]}
      />
      {edit === 'rename' && <Rename instance={instance} onClose={() => setEdit(undefined)} />}
      {edit === 'type' && <ChangeType instance={instance} onClose={() => setEdit(undefined)} />}
    </SpaceBetween>
  );
}

function Later(props: { children: React.ReactNode }) {
  return <Suspense fallback={<Spinner />}>{props.children}</Suspense>;
}

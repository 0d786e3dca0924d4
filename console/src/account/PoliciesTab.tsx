import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { PolicyForm, type Policy } from './PolicyForm';
import { tagsText } from './policy';

type Asked = { what: 'create' } | { what: 'change' | 'remove'; policy: Policy };

const words = text.account.policies;

export function PoliciesTab() {
  const list = useLoad(async () => (await taken(api.GET('/v1/policies'))).items, []);
  const [asked, setAsked] = useState<Asked>();
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = list.value ?? [];
  const close = () => setAsked(undefined);
  function done(message: string) {
    notify({ type: 'success', content: message });
    list.reload();
  }
  return (
    <>
      <Table<Policy>
        items={all}
        trackBy="id"
        wrapLines
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header
            counter={`(${all.length})`}
            description={words.subtitle}
            actions={<Button onClick={() => setAsked({ what: 'create' })}>{words.create}</Button>}
          >
            {words.title}
          </Header>
        }
        empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
        columnDefinitions={[
          { id: 'name', header: words.name, isRowHeader: true, cell: (policy) => policy.name },
          {
            id: 'effect',
            header: words.effect,
            cell: (policy) => (
              <StatusIndicator type={policy.effect === 'allow' ? 'success' : 'stopped'}>{words.effects[policy.effect]}</StatusIndicator>
            ),
          },
          { id: 'actions', header: words.actions, cell: (policy) => policy.actions.join(', ') },
          { id: 'types', header: words.types, cell: (policy) => policy.types.join(', ') || words.any },
          {
            id: 'tags',
            header: words.tags,
            cell: (policy) => tagsText(policy.tags) || words.any,
          },
          {
            id: 'actions',
            header: text.common.actions,
            cell: (policy) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="inline-link" ariaLabel={words.changeOf(policy.name)} onClick={() => setAsked({ what: 'change', policy })}>
                  {words.change}
                </Button>
                <Button variant="inline-link" ariaLabel={`${words.remove} ${policy.name}`} onClick={() => setAsked({ what: 'remove', policy })}>
                  {words.remove}
                </Button>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {asked?.what === 'create' && <PolicyForm onClose={close} onDone={done} />}
      {asked?.what === 'change' && <PolicyForm policy={asked.policy} onClose={close} onDone={done} />}
      {asked?.what === 'remove' && (
        <Dialog
          title={words.removeQuestion(asked.policy.name)}
          action={words.remove}
          onClose={close}
          go={async () => {
            await taken(api.DELETE('/v1/policies/{policyId}', { params: { path: { policyId: asked.policy.id } } }));
            done(words.removed(asked.policy.name));
          }}
        >
          <Alert type="warning">{words.removeHint}</Alert>
        </Dialog>
      )}
    </>
  );
}

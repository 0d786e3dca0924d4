import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { listOf } from './CredentialsTab';

type Policy = components['schemas']['Policy'];
type Asked = { what: 'create' } | { what: 'remove'; policy: Policy };

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
            cell: (policy) => Object.entries(policy.tags).map(([key, value]) => `${key}=${value}`).join(', ') || words.any,
          },
          {
            id: 'remove',
            header: text.common.actions,
            cell: (policy) => (
              <Button variant="inline-link" ariaLabel={`${words.remove} ${policy.name}`} onClick={() => setAsked({ what: 'remove', policy })}>
                {words.remove}
              </Button>
            ),
          },
        ]}
      />
      {asked?.what === 'create' && <Create onClose={close} onDone={done} />}
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

function Create(props: { onClose: () => void; onDone: (message: string) => void }) {
  const [name, setName] = useState('');
  const [effect, setEffect] = useState<Policy['effect']>('deny');
  const [actions, setActions] = useState('');
  const [types, setTypes] = useState('');
  return (
    <Dialog
      title={words.create}
      action={text.common.create}
      good={name.trim() !== '' && listOf(actions).length > 0}
      onClose={props.onClose}
      go={async () => {
        const policy = await taken(
          api.POST('/v1/policies', {
            body: { name: name.trim(), effect, actions: listOf(actions), types: listOf(types) },
          }),
        );
        props.onDone(words.made(policy.name));
      }}
    >
      <FormField label={words.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
      <FormField label={words.effect}>
        <RadioGroup
          value={effect}
          onChange={({ detail }) => setEffect(detail.value as Policy['effect'])}
          items={Object.entries(words.effects).map(([value, label]) => ({ value, label }))}
        />
      </FormField>
      <FormField label={words.actions} constraintText={words.actionsHint}>
        <Input value={actions} onChange={({ detail }) => setActions(detail.value)} spellcheck={false} />
      </FormField>
      <FormField label={`${words.types} – ${text.common.optional}`} constraintText={words.typesHint}>
        <Input value={types} onChange={({ detail }) => setTypes(detail.value)} spellcheck={false} />
      </FormField>
    </Dialog>
  );
}

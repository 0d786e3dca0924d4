import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { text } from '../text';
import { listOf } from './CredentialsTab';
import { tagsOf, tagsText } from './policy';

export type Policy = components['schemas']['Policy'];

const words = text.account.policies;

/** What the cloud calls the policy as it is now, so that a change knows what it is a change of. */
async function versionOf(policy: Policy | undefined): Promise<string | null> {
  if (!policy) return null;
  const answer = await api.GET('/v1/policies/{policyId}', { params: { path: { policyId: policy.id } } });
  return answer.response.headers.get('ETag');
}

/** Makes a policy, or changes the one given; one that somebody else changed meanwhile is not overwritten. */
export function PolicyForm(props: { policy?: Policy; onClose: () => void; onDone: (message: string) => void }) {
  const { policy, onClose, onDone } = props;
  const [name, setName] = useState(policy?.name ?? '');
  const [effect, setEffect] = useState<Policy['effect']>(policy?.effect ?? 'deny');
  const [actions, setActions] = useState((policy?.actions ?? []).join(', '));
  const [types, setTypes] = useState((policy?.types ?? []).join(', '));
  const [tags, setTags] = useState(tagsText(policy?.tags ?? {}));
  const wantedTags = tagsOf(tags);
  const version = useLoad(() => versionOf(policy), [policy?.id]);
  const good = !version.loading && name.trim() !== '' && listOf(actions).length > 0 && wantedTags !== undefined;
  return (
    <Dialog
      title={policy ? words.changeOf(policy.name) : words.create}
      action={policy ? text.common.save : text.common.create}
      good={good}
      onClose={onClose}
      go={async () => {
        const body = {
          name: name.trim(),
          effect,
          actions: listOf(actions),
          types: listOf(types),
          tags: wantedTags ?? {},
        };
        if (policy) {
          const saved = await taken(
            api.PUT('/v1/policies/{policyId}', {
              params: { path: { policyId: policy.id }, header: version.value ? { 'If-Match': version.value } : {} },
              body,
            }),
          );
          onDone(words.changed(saved.name));
        } else {
          const made = await taken(api.POST('/v1/policies', { body }));
          onDone(words.made(made.name));
        }
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
      <FormField
        label={`${words.tags} – ${text.common.optional}`}
        constraintText={words.tagsHint}
        errorText={wantedTags === undefined ? words.tagsWrong : undefined}
      >
        <Input value={tags} onChange={({ detail }) => setTags(detail.value)} spellcheck={false} />
      </FormField>
    </Dialog>
  );
}

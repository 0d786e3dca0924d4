import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import type { paths } from '@contract';
import { instanceTypes } from '../api/catalog';
import { api, taken } from '../api/client';
import { asRefusal } from '../api/refusal';
import type { Instance } from '../api/types';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { text } from '../text';
import { nameOf } from './actions';
import { instances } from './store';

const words = text.instances.detail;

type Change = NonNullable<paths['/v1/instances/{instanceId}']['patch']['requestBody']>['content']['application/json'];

/** Changes the instance; throws a `Refusal`. */
export async function edit(instance: Instance, change: Change): Promise<void> {
  const now = await taken(
    api.PATCH('/v1/instances/{instanceId}', { params: { path: { instanceId: instance.id } }, body: change }),
  );
  instances.put([now]);
  notify({ type: 'success', content: words.saved(nameOf(now)) });
}

export async function setProtection(instance: Instance, wanted: boolean): Promise<void> {
  try {
    await edit(instance, { terminationProtected: wanted });
  } catch (thrown) {
    notify({ type: 'error', content: asRefusal(thrown).message });
  }
}

export function Rename(props: { instance: Instance; onClose: () => void }) {
  const { instance, onClose } = props;
  const [name, setName] = useState(instance.name ?? '');
  const wanted = name.trim();
  return (
    <Dialog
      title={words.rename}
      action={text.common.save}
      good={wanted !== ''}
      onClose={onClose}
      go={() => edit(instance, { name: wanted })}
    >
      <FormField label={text.instances.columns.name}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
      </FormField>
    </Dialog>
  );
}

export function ChangeType(props: { instance: Instance; onClose: () => void }) {
  const { instance, onClose } = props;
  const types = useLoad(instanceTypes, []);
  const [type, setType] = useState(instance.type);
  const options = (types.value ?? []).map((one) => ({
    value: one.name,
    label: one.name,
    description: text.launch.typeSize(one.vcpu, one.memoryMib),
  }));
  return (
    <Dialog
      title={words.changeType}
      action={text.common.save}
      good={type !== instance.type}
      onClose={onClose}
      go={() => edit(instance, { type })}
    >
      <FormField label={text.instances.columns.type} constraintText={words.typeHint}>
        <Select
          options={options}
          selectedOption={options.find((option) => option.value === type) ?? null}
          statusType={types.loading ? 'loading' : 'finished'}
          onChange={({ detail }) => setType(detail.selectedOption.value ?? type)}
        />
      </FormField>
    </Dialog>
  );
}

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState, type ReactNode } from 'react';
import type { paths } from '@contract';
import { instanceTypes } from '../api/catalog';
import { api, taken } from '../api/client';
import { asRefusal } from '../api/refusal';
import type { Instance } from '../api/types';
import { useLoad } from '../api/useLoad';
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

/** A question with one field: keeps itself open with the refusal where the cloud refuses. */
function Ask(props: {
  title: string;
  good: boolean;
  save: () => Promise<void>;
  onClose: () => void;
  children: (error: string | undefined) => ReactNode;
}) {
  const { title, good, save, onClose, children } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  async function go() {
    if (!good || busy) return;
    setBusy(true);
    try {
      await save();
      onClose();
    } catch (thrown) {
      setError(asRefusal(thrown).message);
      setBusy(false);
    }
  }
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={text.common.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button variant="primary" disabled={!good} loading={busy} onClick={() => void go()}>
              {text.common.save}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        {children(error)}
      </form>
    </Modal>
  );
}

export function Rename(props: { instance: Instance; onClose: () => void }) {
  const { instance, onClose } = props;
  const [name, setName] = useState(instance.name ?? '');
  const wanted = name.trim();
  return (
    <Ask title={words.rename} good={wanted !== ''} onClose={onClose} save={() => edit(instance, { name: wanted })}>
      {(error) => (
        <FormField label={text.instances.columns.name} errorText={error}>
          <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus />
        </FormField>
      )}
    </Ask>
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
    <Ask title={words.changeType} good={type !== instance.type} onClose={onClose} save={() => edit(instance, { type })}>
      {(error) => (
        <FormField label={text.instances.columns.type} constraintText={words.typeHint} errorText={error}>
          <Select
            options={options}
            selectedOption={options.find((option) => option.value === type) ?? null}
            statusType={types.loading ? 'loading' : 'finished'}
            onChange={({ detail }) => setType(detail.selectedOption.value ?? type)}
          />
        </FormField>
      )}
    </Ask>
  );
}

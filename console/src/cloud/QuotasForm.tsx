import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { Dialog } from '../app/Dialog';
import { text } from '../text';
import type { Account } from './AccountsPage';

const words = text.account.accounts;

/** What each quota is called, in the order in which they are shown. */
export const QUOTAS = {
  instancesMax: text.account.overview.instances,
  vcpuMax: text.account.overview.vcpu,
  memoryMibMax: words.memoryMib,
  volumesMax: text.accounts.volumes,
  addressesMax: text.accounts.addresses,
  requestsPerSecondMax: text.account.overview.requests,
} satisfies Record<keyof Account['quotas'], string>;

const KEYS = Object.keys(QUOTAS) as (keyof typeof QUOTAS)[];

/** Gives an account other quotas; above its limits the cloud says what they are. */
export function QuotasForm(props: {
  account: Account;
  onClose: () => void;
  onSave: (quotas: Partial<Account['quotas']>) => Promise<void>;
}) {
  const { account, onClose, onSave } = props;
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(KEYS.map((key) => [key, String(account.quotas[key])])) as Record<keyof typeof QUOTAS, string>);
  return (
    <Dialog
      title={words.quotaOf(account.name)}
      action={text.common.save}
      good={KEYS.every((key) => /^\d{1,13}$/.test(typed[key]))}
      onClose={onClose}
      go={() => onSave(Object.fromEntries(KEYS.map((key) => [key, Number(typed[key])])))}
    >
      {KEYS.map((key) => (
        <FormField key={key} label={QUOTAS[key]}>
          <Input
            inputMode="numeric"
            value={typed[key]}
            onChange={({ detail }) => setTyped((before) => ({ ...before, [key]: detail.value.trim() }))}
          />
        </FormField>
      ))}
    </Dialog>
  );
}

import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { money } from '../api/money';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { Empty, RefusalAlert } from '../app/Shown';
import { amountOf } from '../billing/budget';
import { text } from '../text';
import type { Account } from './AccountsPage';

type Credit = components['schemas']['Credit'];

const words = text.accounts;
const DAY_MS = 86_400_000;

/** What the account paid ahead, and a form to grant more. */
export function Credits(props: { account: Account }) {
  const { account } = props;
  const list = useLoad(
    async () =>
      (await taken(api.GET('/v1/billing-accounts/{accountId}/credits', { params: { path: { accountId: account.id } } }))).items,
    [account.id],
  );
  const [granting, setGranting] = useState(false);
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.credits)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = list.value ?? [];
  return (
    <>
      <Table<Credit>
        items={all}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={
          <Header
            variant="h2"
            counter={`(${all.length})`}
            description={words.creditsHint}
            actions={<Button onClick={() => setGranting(true)}>{words.grant}</Button>}
          >
            {words.credits}
          </Header>
        }
        empty={<Empty title={words.creditsEmpty} hint={words.creditsEmptyHint} />}
        columnDefinitions={[
          { id: 'id', header: words.creditId, isRowHeader: true, cell: (one) => one.id },
          { id: 'amount', header: words.amount, cell: (one) => money(one.currency, one.amount) },
          { id: 'left', header: words.left, cell: (one) => money(one.currency, one.left) },
          { id: 'expires', header: words.expires, cell: (one) => (one.expiresAt ? timeText(one.expiresAt) : words.never) },
          { id: 'note', header: words.note, cell: (one) => one.note || text.common.none },
        ]}
      />
      {granting && (
        <Grant
          account={account}
          onClose={() => setGranting(false)}
          onGranted={(id) => {
            notify({ type: 'success', content: words.granted(id) });
            list.reload();
          }}
        />
      )}
    </>
  );
}

function Grant(props: { account: Account; onClose: () => void; onGranted: (id: string) => void }) {
  const { account, onClose, onGranted } = props;
  const [id, setId] = useState('');
  const [amount, setAmount] = useState('');
  const [note, setNote] = useState('');
  const [days, setDays] = useState('');
  const wanted = amountOf(amount);
  const expiries = Object.entries(text.account.expiries).map(([value, label]) => ({ value, label }));
  return (
    <Dialog
      title={words.grant}
      action={words.grant}
      good={id.trim() !== '' && wanted !== undefined}
      onClose={onClose}
      go={async () => {
        const creditId = id.trim();
        await taken(
          api.PUT('/v1/billing-accounts/{accountId}/credits/{creditId}', {
            params: { path: { accountId: account.id, creditId } },
            body: {
              amount: wanted ?? '',
              note: note.trim(),
              ...(days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
            },
          }),
        );
        onGranted(creditId);
      }}
    >
      <FormField label={words.creditId} constraintText={words.creditIdHint}>
        <Input value={id} spellcheck={false} autoFocus onChange={({ detail }) => setId(detail.value)} />
      </FormField>
      <FormField
        label={words.amount}
        constraintText={words.amountHint}
        errorText={amount !== '' && wanted === undefined ? words.amountWrong : undefined}
      >
        <Input value={amount} inputMode="decimal" onChange={({ detail }) => setAmount(detail.value)} />
      </FormField>
      <FormField label={words.expiresAfter}>
        <Select
          options={expiries}
          selectedOption={expiries.find((option) => option.value === days) ?? null}
          onChange={({ detail }) => setDays(detail.selectedOption.value ?? '')}
        />
      </FormField>
      <FormField label={`${words.note} – ${text.common.optional}`}>
        <Input value={note} onChange={({ detail }) => setNote(detail.value)} />
      </FormField>
    </Dialog>
  );
}

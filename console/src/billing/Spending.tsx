import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { money } from '../api/money';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { amountOf } from './budget';
import { Movements } from './Movements';

type Limit = components['schemas']['SpendingLimit'];
type Wallet = components['schemas']['Wallet'];

const words = text.budgets;

/** The limit that stops, and what is paid ahead. */
export function Spending(props: { owner: boolean }) {
  const limit = useLoad(() => taken(api.GET('/v1/spending-limit')), []);
  const wallet = useLoad(() => taken(api.GET('/v1/wallet')), []);
  const [editing, setEditing] = useState(false);
  if (limit.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.limit)} refusal={limit.error} onRetry={limit.reload} />;
  }
  const { value } = limit;
  if (!value) return null;
  return (
    <SpaceBetween size="l">
      {value.stop && (
        <Alert type="error" header={words.stopped}>
          {value.stop.detail}
        </Alert>
      )}
      <ColumnLayout columns={2}>
        <Container
          fitHeight
          header={
            <Header
              variant="h2"
              description={words.limitHint}
              actions={props.owner && <Button onClick={() => setEditing(true)}>{words.change}</Button>}
            >
              {words.limit}
            </Header>
          }
        >
          <KeyValuePairs
            columns={3}
            items={[
              { label: words.limit, value: value.amount ? money(value.currency, value.amount) : words.noLimit },
              { label: words.limitSpent, value: value.spent ? money(value.currency, value.spent) : text.common.none },
              { label: words.limitStops, value: value.stopInstances ? words.limitStopsAll : words.limitRefuses },
            ]}
          />
        </Container>
        {wallet.value && <WalletView wallet={wallet.value} />}
      </ColumnLayout>
      {editing && <LimitForm limit={value} onClose={() => setEditing(false)} onSaved={limit.reload} />}
    </SpaceBetween>
  );
}

function WalletView(props: { wallet: Wallet }) {
  const { wallet } = props;
  const { currency } = wallet;
  return (
    <Container fitHeight header={<Header variant="h2">{words.wallet}</Header>}>
      <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: words.balance, value: money(currency, wallet.balance) },
          { label: words.paidAhead, value: money(currency, wallet.paidAhead) },
          { label: words.owed, value: money(currency, wallet.owed) },
          { label: words.running, value: money(currency, wallet.running) },
          { label: words.prepaid, value: wallet.prepaid ? text.common.yes : text.common.no },
        ]}
      />
      {wallet.movements.length > 0 && <Movements wallet={wallet} />}
      </SpaceBetween>
    </Container>
  );
}

function LimitForm(props: { limit: Limit; onClose: () => void; onSaved: () => void }) {
  const { limit, onClose, onSaved } = props;
  const [amount, setAmount] = useState(limit.amount ?? '');
  const [stop, setStop] = useState(limit.stopInstances);
  const wanted = amount.trim() === '' ? null : amountOf(amount);
  return (
    <Dialog
      title={words.limit}
      action={text.common.save}
      good={wanted !== undefined}
      onClose={onClose}
      go={async () => {
        await taken(
          api.PUT('/v1/spending-limit', { body: { ...(wanted ? { amount: wanted } : {}), stopInstances: stop } }),
        );
        notify({ type: 'success', content: words.limitSaved });
        onSaved();
      }}
    >
      <FormField
        label={words.amount}
        constraintText={words.limitEmpty}
        errorText={wanted === undefined ? words.amountWrong : undefined}
      >
        <Input value={amount} inputMode="decimal" onChange={({ detail }) => setAmount(detail.value)} autoFocus />
      </FormField>
      <Toggle checked={stop} onChange={({ detail }) => setStop(detail.checked)} description={words.stopHint}>
        {words.stopToo}
      </Toggle>
    </Dialog>
  );
}

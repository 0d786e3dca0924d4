import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { money } from '../api/money';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { RefusalAlert } from '../app/Shown';
import { Movements } from '../billing/Movements';
import { text } from '../text';
import type { Account } from './AccountsPage';

const words = text.accounts;
const labels = text.budgets;

/** What the account has paid ahead, and whether it must. */
export function Wallet(props: { account: Account }) {
  const { account } = props;
  const path = { accountId: account.id };
  const wallet = useLoad(() => taken(api.GET('/v1/billing-accounts/{accountId}/wallet', { params: { path } })), [account.id]);
  const [asked, setAsked] = useState(false);
  if (wallet.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.wallet)} refusal={wallet.error} onRetry={wallet.reload} />;
  }
  const { value } = wallet;
  if (!value) return null;
  const { currency } = value;
  const verb = value.prepaid ? words.payLater : words.payAhead;
  return (
    <Container
      header={
        <Header variant="h2" description={words.walletHint} actions={<Button onClick={() => setAsked(true)}>{verb}</Button>}>
          {words.wallet}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={4}
          items={[
            { label: labels.balance, value: <Box variant="strong">{money(currency, value.balance)}</Box> },
            { label: labels.paidAhead, value: money(currency, value.paidAhead) },
            { label: labels.owed, value: money(currency, value.owed) },
            { label: labels.running, value: money(currency, value.running) },
            { label: words.prepaid, value: value.prepaid ? text.common.yes : text.common.no },
          ]}
        />
        {value.movements.length > 0 && <Movements wallet={value} />}
      </SpaceBetween>
      {asked && (
        <Dialog
          title={verb}
          action={text.common.save}
          onClose={() => setAsked(false)}
          go={async () => {
            await taken(
              api.PUT('/v1/billing-accounts/{accountId}/wallet', { params: { path }, body: { prepaid: !value.prepaid } }),
            );
            notify({ type: 'success', content: words.walletSaved(account.name) });
            wallet.reload();
          }}
        >
          {words.walletHint}
        </Dialog>
      )}
    </Container>
  );
}

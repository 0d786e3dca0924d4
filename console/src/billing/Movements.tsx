import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { components } from '@contract';
import { money } from '../api/money';
import { timeText } from '../api/time';
import { text } from '../text';

type Wallet = components['schemas']['Wallet'];
type Movement = Wallet['movements'][number];

const words = text.accounts;

/** What came into a wallet and what invoices drew from it, the newest first. */
export function Movements(props: { wallet: Wallet }) {
  const { wallet } = props;
  return (
    <Table<Movement>
      variant="embedded"
      items={wallet.movements}
      header={<Header variant="h3">{words.movements}</Header>}
      empty={<Box color="text-status-inactive">{words.movementsEmpty}</Box>}
      columnDefinitions={[
        { id: 'at', header: words.at, isRowHeader: true, cell: (one) => <span className="nowrap">{timeText(one.at)}</span> },
        {
          id: 'what',
          header: words.what,
          cell: (one) => (one.amount.startsWith('-') ? words.out(one.creditId) : words.in(one.creditId)),
        },
        { id: 'note', header: words.note, cell: (one) => one.note || text.common.none },
        { id: 'amount', header: words.amount, cell: (one) => money(wallet.currency, one.amount) },
      ]}
    />
  );
}

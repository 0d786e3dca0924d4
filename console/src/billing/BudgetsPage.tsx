import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { money } from '../api/money';
import { timeText } from '../api/time';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { useSession } from '../app/session';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { BudgetForm } from './BudgetForm';
import { Spending } from './Spending';
import { Webhook } from './Webhook';

export type Budget = components['schemas']['Budget'];
type Told = components['schemas']['BudgetAlert'];
type Asked = { what: 'create' } | { what: 'change' | 'remove'; budget: Budget };

const words = text.budgets;

/** What the account wants to be told of its spending, what stops it, and what it was told. */
export default function BudgetsPage() {
  const session = useSession();
  const owner = session.role === 'owner';
  const list = useLoad(async () => (await taken(api.GET('/v1/budgets'))).items, []);
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
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={words.subtitle}
        actions={owner && <Button variant="primary" onClick={() => setAsked({ what: 'create' })}>{words.create}</Button>}
      >
        {words.title}
      </Header>
      <Table<Budget>
        items={all}
        trackBy="id"
        loading={list.loading && !list.value}
        loadingText={text.common.loading}
        header={<Header variant="h2" counter={`(${all.length})`}>{words.title}</Header>}
        empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
        columnDefinitions={[
          { id: 'id', header: words.id, isRowHeader: true, cell: (budget) => budget.id },
          {
            id: 'of',
            header: words.of,
            cell: (budget) => (budget.tag ? words.tagged(budget.tag.key, budget.tag.value) : words.everything),
          },
          { id: 'spent', header: words.spent, minWidth: 220, cell: (budget) => <Spent budget={budget} /> },
          { id: 'forecast', header: words.forecast, cell: (budget) => money(budget.currency, budget.forecastAmount) },
          {
            id: 'thresholds',
            header: words.thresholds,
            cell: (budget) => words.told(budget.actual.join(', '), budget.forecast.join(', ')) || text.common.none,
          },
          ...(owner
            ? [
                {
                  id: 'actions',
                  header: text.common.actions,
                  cell: (budget: Budget) => (
                    <SpaceBetween direction="horizontal" size="xs">
                      <Button variant="inline-link" ariaLabel={words.changeOf(budget.id)} onClick={() => setAsked({ what: 'change', budget })}>
                        {words.change}
                      </Button>
                      <Button variant="inline-link" ariaLabel={words.removeOf(budget.id)} onClick={() => setAsked({ what: 'remove', budget })}>
                        {words.remove}
                      </Button>
                    </SpaceBetween>
                  ),
                },
              ]
            : []),
        ]}
      />
      <Spending owner={owner} />
      {owner && <Webhook />}
      <Alerts />
      {asked?.what === 'create' && <BudgetForm onClose={close} onSaved={(id) => done(words.saved(id))} />}
      {asked?.what === 'change' && <BudgetForm budget={asked.budget} onClose={close} onSaved={(id) => done(words.saved(id))} />}
      {asked?.what === 'remove' && (
        <Dialog
          title={words.removeQuestion(asked.budget.id)}
          action={words.remove}
          onClose={close}
          go={async () => {
            const budgetId = asked.budget.id;
            await taken(api.DELETE('/v1/budgets/{budgetId}', { params: { path: { budgetId } } }));
            done(words.removed(budgetId));
          }}
        >
          <Alert type="warning">{words.removeHint}</Alert>
        </Dialog>
      )}
    </SpaceBetween>
  );
}

function Spent(props: { budget: Budget }) {
  const { budget } = props;
  const all = Number(budget.amount);
  const share = all === 0 ? 100 : (100 * Number(budget.spent)) / all;
  return (
    <ProgressBar
      ariaLabel={`${words.spent}: ${budget.id}`}
      value={Math.min(100, Math.round(share))}
      additionalInfo={words.share(money(budget.currency, budget.spent), money(budget.currency, budget.amount))}
    />
  );
}

function Alerts() {
  const list = useLoad(async () => (await taken(api.GET('/v1/budget-alerts'))).items, []);
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.alerts)} refusal={list.error} onRetry={list.reload} />;
  }
  return (
    <Table<Told>
      items={list.value ?? []}
      trackBy="id"
      wrapLines
      loading={list.loading && !list.value}
      loadingText={text.common.loading}
      header={
        <Header variant="h2" description={words.alertsHint}>
          {words.alerts}
        </Header>
      }
      empty={<Box color="text-status-inactive">{words.alertsEmpty}</Box>}
      columnDefinitions={[
        { id: 'at', header: words.at, isRowHeader: true, cell: (one) => timeText(one.at) },
        { id: 'message', header: words.message, cell: (one) => one.message },
        {
          id: 'delivery',
          header: words.delivery,
          cell: (one) => [words.deliveries[one.delivery], one.tries.length > 0 && words.tries(one.tries.length)].filter(Boolean).join(', '),
        },
      ]}
    />
  );
}

import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { Dialog } from '../app/Dialog';
import { text } from '../text';
import { amountOf, percentsOf, tagOf } from './budget';
import type { Budget } from './BudgetsPage';

const words = text.budgets;

/** Makes a budget, or changes the one given. */
export function BudgetForm(props: { budget?: Budget; onClose: () => void; onSaved: (id: string) => void }) {
  const { budget, onClose, onSaved } = props;
  const [id, setId] = useState(budget?.id ?? '');
  const [amount, setAmount] = useState(budget?.amount ?? '');
  const [tag, setTag] = useState(budget?.tag ? `${budget.tag.key}=${budget.tag.value}` : '');
  const [actual, setActual] = useState((budget?.actual ?? [80, 100]).join(', '));
  const [forecast, setForecast] = useState((budget?.forecast ?? [100]).join(', '));
  const wanted = { amount: amountOf(amount), tag: tagOf(tag), actual: percentsOf(actual), forecast: percentsOf(forecast) };
  const good = id.trim() !== '' && Object.values(wanted).every((value) => value !== undefined);
  return (
    <Dialog
      title={budget ? words.changeOf(budget.id) : words.create}
      action={text.common.save}
      good={good}
      onClose={onClose}
      go={async () => {
        const saved = await taken(
          api.PUT('/v1/budgets/{budgetId}', {
            params: { path: { budgetId: id.trim() } },
            body: {
              amount: wanted.amount ?? '',
              ...(wanted.tag ? { tag: wanted.tag } : {}),
              actual: wanted.actual ?? [],
              forecast: wanted.forecast ?? [],
            },
          }),
        );
        onSaved(saved.id);
      }}
    >
      {!budget && (
        <FormField label={words.id} constraintText={words.idHint}>
          <Input value={id} onChange={({ detail }) => setId(detail.value)} autoFocus spellcheck={false} />
        </FormField>
      )}
      <FormField
        label={words.amount}
        constraintText={words.amountHint}
        errorText={amount !== '' && wanted.amount === undefined ? words.amountWrong : undefined}
      >
        <Input value={amount} inputMode="decimal" onChange={({ detail }) => setAmount(detail.value)} />
      </FormField>
      <FormField
        label={`${words.tag} – ${text.common.optional}`}
        constraintText={words.tagHint}
        errorText={wanted.tag === undefined ? words.tagWrong : undefined}
      >
        <Input value={tag} onChange={({ detail }) => setTag(detail.value)} spellcheck={false} />
      </FormField>
      <FormField
        label={words.percents}
        constraintText={words.percentsHint}
        errorText={wanted.actual === undefined ? words.percentsWrong : undefined}
      >
        <Input value={actual} onChange={({ detail }) => setActual(detail.value)} />
      </FormField>
      <FormField
        label={words.forecastPercents}
        constraintText={words.percentsHint}
        errorText={wanted.forecast === undefined ? words.percentsWrong : undefined}
      >
        <Input value={forecast} onChange={({ detail }) => setForecast(detail.value)} />
      </FormField>
    </Dialog>
  );
}

import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import type { components } from '@contract';
import { api, taken } from '../api/client';
import { ofMicros } from '../api/quantity';
import { useLoad } from '../api/useLoad';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';
import type { Account } from './AccountsPage';
import { basisPointsOf, microsOf, percentText } from './terms';

type BillingTerms = components['schemas']['BillingTerms'];
type CustomerKind = NonNullable<BillingTerms['customerKind']>;

const words = text.accounts;

/** What was agreed with the account. */
export function Terms(props: { account: Account }) {
  const { account } = props;
  const path = { accountId: account.id };
  const terms = useLoad(() => taken(api.GET('/v1/billing-accounts/{accountId}/terms', { params: { path } })), [account.id]);
  const [editing, setEditing] = useState(false);
  if (terms.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.terms)} refusal={terms.error} onRetry={terms.reload} />;
  }
  const { value } = terms;
  if (!value) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={words.termsHint}
          actions={
            <Button ariaLabel={words.changeTerms} onClick={() => setEditing(true)}>
              {words.change}
            </Button>
          }
        >
          {words.terms}
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: words.kind, value: value.customerKind ? words.kinds[value.customerKind] : words.usual },
          { label: words.country, value: value.country || text.common.none },
          { label: words.taxId, value: value.taxId ?? text.common.none },
          { label: words.zone, value: value.zone ?? words.usual },
          { label: words.paymentDays, value: value.paymentDays === undefined ? words.usual : words.days(value.paymentDays) },
          { label: words.discount, value: words.percent(percentText(value.discountBasisPoints ?? 0)) },
          { label: words.commitment, value: value.commitmentMicros ? ofMicros(value.commitmentMicros).replace(/0{1,4}$/, '') : words.noCommitment },
        ]}
      />
      {editing && (
        <TermsForm
          terms={value}
          onClose={() => setEditing(false)}
          onSave={async (body) => {
            await taken(api.PUT('/v1/billing-accounts/{accountId}/terms', { params: { path }, body }));
            notify({ type: 'success', content: words.termsSaved(account.name) });
            terms.reload();
          }}
        />
      )}
    </Container>
  );
}

function TermsForm(props: { terms: BillingTerms; onClose: () => void; onSave: (terms: BillingTerms) => Promise<void> }) {
  const { terms, onClose, onSave } = props;
  const [kind, setKind] = useState<CustomerKind>(terms.customerKind ?? 'business');
  const [typed, setTyped] = useState({
    country: terms.country ?? '',
    taxId: terms.taxId ?? '',
    zone: terms.zone ?? 'UTC',
    paymentDays: String(terms.paymentDays ?? 30),
    discount: percentText(terms.discountBasisPoints ?? 0),
    commitment: ofMicros(terms.commitmentMicros ?? 0).replace(/\.?0+$/, ''),
  });
  const discount = basisPointsOf(typed.discount);
  const commitment = microsOf(typed.commitment);
  const daysGood = /^\d{1,3}$/.test(typed.paymentDays.trim());
  const good = discount !== undefined && commitment !== undefined && daysGood;

  const field = (key: keyof typeof typed, label: string, hint?: string, wrong = false) => (
    <FormField label={label} constraintText={hint} errorText={wrong ? words.wrongNumber : undefined}>
      <Input
        value={typed[key]}
        spellcheck={false}
        onChange={({ detail }) => setTyped((before) => ({ ...before, [key]: detail.value }))}
      />
    </FormField>
  );
  return (
    <Dialog
      title={words.changeTerms}
      action={text.common.save}
      good={good}
      onClose={onClose}
      go={() =>
        onSave({
          country: typed.country.trim(),
          customerKind: kind,
          ...(typed.taxId.trim() === '' ? {} : { taxId: typed.taxId.trim() }),
          zone: typed.zone.trim(),
          paymentDays: Number(typed.paymentDays),
          discountBasisPoints: discount ?? 0,
          commitmentMicros: commitment ?? 0,
        })}
    >
      <FormField label={words.kind}>
        <RadioGroup
          value={kind}
          onChange={({ detail }) => setKind(detail.value as CustomerKind)}
          items={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
        />
      </FormField>
      {field('country', words.country, words.countryHint)}
      {field('taxId', `${words.taxId} – ${text.common.optional}`)}
      {field('zone', words.zone, words.zoneHint)}
      {field('paymentDays', words.paymentDays, undefined, !daysGood)}
      {field('discount', words.discountLabel, words.discountHint, discount === undefined)}
      {field('commitment', words.commitment, words.commitmentHint, commitment === undefined)}
    </Dialog>
  );
}

import Alert from '@cloudscape-design/components/alert';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { api, taken } from '../api/client';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { text } from '../text';

const words = text.invoices;

type Settlement = 'paid' | 'voided';

/** For operators of the cloud: an issued invoice is paid or voided, once and for all. */
export function Settle(props: { id: string; number: string; onSettled: () => void }) {
  const { id, number, onSettled } = props;
  const [asked, setAsked] = useState<Settlement>();
  const [note, setNote] = useState('');
  return (
    <>
      <ButtonDropdown
        items={[
          { id: 'paid', text: words.pay },
          { id: 'voided', text: words.void },
        ]}
        onItemClick={({ detail }) => setAsked(detail.id as Settlement)}
      >
        {words.settle}
      </ButtonDropdown>
      {asked && (
        <Dialog
          title={asked === 'paid' ? words.payQuestion(number) : words.voidQuestion(number)}
          action={asked === 'paid' ? words.pay : words.void}
          onClose={() => setAsked(undefined)}
          go={async () => {
            await taken(
              api.PUT('/v1/invoices/{invoiceId}/state', {
                params: { path: { invoiceId: id } },
                body: { state: asked, ...(note.trim() === '' ? {} : { note: note.trim() }) },
              }),
            );
            notify({ type: 'success', content: asked === 'paid' ? words.nowPaid(number) : words.nowVoided(number) });
            onSettled();
          }}
        >
          <Alert type="warning">{asked === 'paid' ? words.payHint : words.voidHint}</Alert>
          <FormField label={`${words.note} – ${text.common.optional}`} constraintText={words.noteHint}>
            <Input value={note} onChange={({ detail }) => setNote(detail.value)} autoFocus />
          </FormField>
        </Dialog>
      )}
    </>
  );
}

import Alert from '@cloudscape-design/components/alert';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import type { Node } from '../api/types';
import { asRefusal } from '../api/refusal';
import { Dialog } from '../app/Dialog';
import { notify } from '../app/notices';
import { text } from '../text';
import { want, type Availability } from './nodes';

const words = text.fleet;
const ALL: readonly Availability[] = ['cordoned', 'draining', 'active'];

/** What an operator can want of a node; what interrupts guests asks for the node's name. */
export function NodeActions(props: { node: Node; onChanged: () => void; inline?: boolean }) {
  const { node, onChanged, inline = false } = props;
  const [asked, setAsked] = useState<Availability>();

  async function wanted(availability: Availability) {
    await want(node, availability);
    onChanged();
  }

  return (
    <>
      <ButtonDropdown
        variant={inline ? 'inline-icon' : 'normal'}
        ariaLabel={words.actionsOf(node.name)}
        expandToViewport
        items={ALL.map((availability) => ({
          id: availability,
          text: words.verbs[availability],
          disabled: node.availability === availability,
          disabledReason: words.already,
        }))}
        onItemClick={({ detail }) => {
          const availability = ALL.find((one) => one === detail.id);
          if (availability === 'active') {
            wanted('active').catch((thrown: unknown) => notify({ type: 'error', content: asRefusal(thrown).message }));
          } else {
            setAsked(availability);
          }
        }}
      >
        {inline ? undefined : text.common.actions}
      </ButtonDropdown>
      {asked === 'cordoned' && (
        <Dialog title={words.cordonQuestion(node.name)} action={words.verbs.cordoned} onClose={() => setAsked(undefined)} go={() => wanted('cordoned')}>
          {words.cordonHint}
        </Dialog>
      )}
      {asked === 'draining' && <Drain node={node} onClose={() => setAsked(undefined)} go={() => wanted('draining')} />}
    </>
  );
}

function Drain(props: { node: Node; onClose: () => void; go: () => Promise<void> }) {
  const { node, onClose, go } = props;
  const [typed, setTyped] = useState('');
  const holds = node.instances > 0;
  return (
    <Dialog
      title={words.drainQuestion(node.name)}
      action={words.verbs.draining}
      good={!holds || typed.trim() === node.name}
      onClose={onClose}
      go={go}
    >
      <Alert type="warning">{words.drainHint(node.instances)}</Alert>
      {holds && (
        <FormField label={text.instances.typeToConfirm(node.name)}>
          <Input value={typed} autoFocus spellcheck={false} onChange={({ detail }) => setTyped(detail.value)} />
        </FormField>
      )}
    </Dialog>
  );
}

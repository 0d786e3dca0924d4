import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Instance } from '../api/types';
import { useFirstField } from '../app/Dialog';
import { text } from '../text';
import { act, applicable, nameOf, type Verb } from './actions';

const NAMES_SHOWN = 8;
const words = text.instances;

export interface Asked {
  verb: Exclude<Verb, 'start'>;
  chosen: readonly Instance[];
}

/** Asks before something that hurts: what it does, to which ones; and for what is for ever, a word typed. */
export function Question(props: { asked: Asked; onClose: () => void }) {
  const { asked, onClose } = props;
  const { verb, chosen } = asked;
  // As it was when the question was put: what moves meanwhile must not change what is agreed to.
  const [affected] = useState(() => applicable(verb, chosen));
  const [typed, setTyped] = useState('');
  const form = useFirstField();
  const first = affected[0];
  const word = affected.length === 1 && first ? nameOf(first) : String(affected.length);
  const forEver = verb === 'terminate';
  const agreed = !forEver || typed.trim() === word;
  const kept = chosen.filter((one) => !affected.includes(one));
  const guarded = verb === 'terminate' ? kept.filter((one) => one.terminationProtected) : [];
  const what = words.count(affected.length, 'instance', 'instances');
  const label = words.verbs[verb].label;

  function go() {
    if (!agreed) return;
    onClose();
    void act(verb, affected);
  }

  return (
    <Modal
      visible
      onDismiss={onClose}
      closeAriaLabel={text.common.close}
      header={`${words.verbs[verb].question} ${affected.length === 1 && first ? nameOf(first) : what}?`}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button variant="primary" disabled={!agreed} onClick={go} data-testid="agree">
              {label}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <SpaceBetween size="m">
          {forEver ? <Alert type="warning">{words.questions[verb]}</Alert> : <div>{words.questions[verb]}</div>}
          {affected.length > 1 && (
            <Box color="text-body-secondary">
              {affected.slice(0, NAMES_SHOWN).map(nameOf).join(', ')}
              {affected.length > NAMES_SHOWN && ' …'}
            </Box>
          )}
          {guarded.length > 0 && <Alert type="info">{words.protectedOnes(guarded.map(nameOf).join(', '))}</Alert>}
          {forEver && (
            <FormField label={words.typeToConfirm(word)}>
              <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoFocus spellcheck={false} />
            </FormField>
          )}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

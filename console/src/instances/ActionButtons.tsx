import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import { useState } from 'react';
import type { Instance } from '../api/types';
import { may, useSession } from '../app/session';
import { text } from '../text';
import { act, applicable, VERBS, type Verb } from './actions';
import { Question, type Asked } from './Question';

const words = text.instances;

/** What can be done to the chosen ones; what cannot says why. */
export function ActionButtons(props: {
  chosen: readonly Instance[];
  more?: ButtonDropdownProps.Item[];
  onMore?: (id: string) => void;
}) {
  const { chosen, more = [], onMore } = props;
  const session = useSession();
  const [asked, setAsked] = useState<Asked>();
  const allowed = may(session, 'operator');

  function why(verb: Verb): string | undefined {
    if (!allowed) return words.notNow.right;
    if (chosen.length === 0) return words.notNow.none;
    if (applicable(verb, chosen).length > 0) return undefined;
    if (verb === 'terminate' && chosen.some((one) => one.terminationProtected)) {
      return words.protectedOnes(chosen.map((one) => one.name ?? one.id).join(', '));
    }
    return words.notNow[verb];
  }

  const items: ButtonDropdownProps.Item[] = VERBS.map((verb) => {
    const reason = why(verb);
    return {
      id: verb,
      text: words.verbs[verb].label,
      disabled: reason !== undefined,
      ...(reason === undefined ? {} : { disabledReason: reason }),
    };
  });

  return (
    <>
      <ButtonDropdown
        items={[...items, ...more]}
        onItemClick={({ detail }) => {
          const verb = VERBS.find((one) => one === detail.id);
          if (verb === undefined) {
            onMore?.(detail.id);
          } else if (verb === 'start') {
            void act(verb, applicable(verb, chosen));
          } else {
            setAsked({ verb, chosen });
          }
        }}
      >
        {text.common.actions}
      </ButtonDropdown>
      {asked && <Question asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

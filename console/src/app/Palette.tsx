import Box from '@cloudscape-design/components/box';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useMemo, useState } from 'react';
import { useInstances } from '../instances/useInstances';
import { text } from '../text';
import { commands, find } from './commands';
import './palette.css';
import { useSession } from './session';

const words = text.palette;

/** Type a few letters, press Enter: an instance, a page or something to do. */
export default function Palette(props: { onClose: () => void }) {
  const { onClose } = props;
  const session = useSession();
  const { items } = useInstances();
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const all = useMemo(() => commands(session), [session]);
  const found = useMemo(() => find(all, items, wanted), [all, items, wanted]);
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  useEffect(() => {
    document.getElementById(`palette-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  function go(index: number) {
    onClose();
    found[index]?.go();
  }

  return (
    <Modal visible header={words.title} onDismiss={onClose} closeAriaLabel={text.common.close}>
      <SpaceBetween size="s">
        <Input
          type="search"
          value={wanted}
          placeholder={words.placeholder}
          ariaLabel={words.placeholder}
          autoFocus
          disableBrowserAutocorrect
          nativeInputAttributes={{
            role: 'combobox',
            'aria-expanded': true,
            'aria-controls': 'palette',
            'aria-activedescendant': `palette-${chosen}`,
          }}
          onChange={({ detail }) => {
            setWanted(detail.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const { key } = event.detail;
            if (key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, found.length));
            else if (key === 'ArrowUp') setAt((chosen + found.length - 1) % Math.max(1, found.length));
            else if (key === 'Enter') go(chosen);
            else return;
            event.preventDefault();
          }}
        />
        {found.length === 0 && <Box color="text-status-inactive">{words.empty}</Box>}
        <ul id="palette" role="listbox" aria-label={words.title} className="palette">
          {found.map((command, index) => (
            <li
              key={command.id}
              id={`palette-${index}`}
              role="option"
              aria-selected={index === chosen}
              className="palette-row"
              onMouseMove={() => setAt(index)}
              onClick={() => go(index)}
            >
              <span>{command.label}</span>
              <span className="palette-kind">{command.kind}</span>
            </li>
          ))}
        </ul>
        <Box variant="small">{words.hint}</Box>
      </SpaceBetween>
    </Modal>
  );
}

import Modal from '@cloudscape-design/components/modal';
import { lazy, Suspense, useEffect, useState } from 'react';
import { text } from '../text';
import { navigate } from './route';
import { useSession } from './session';

const Palette = lazy(() => import('./Palette'));

const CHORD_MS = 1000;
const GOES: Record<string, string> = {
  i: '/instances',
  l: '/instances/launch',
  b: '/billing',
  c: '/billing/invoices',
  u: '/billing/usage',
  f: '/fleet',
  a: '/account',
};

/** Opens the palette from anywhere. */
export const wantsPalette = new EventTarget();

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], .terminal') !== null;
}

/** The keyboard: Ctrl K anywhere; single keys where nothing is being typed. */
export function Keys() {
  const session = useSession();
  const [open, setOpen] = useState<'palette' | 'shortcuts'>();
  useEffect(() => {
    let chord = 0;
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') {
        if (event.target instanceof HTMLElement && event.target.closest('.terminal')) return;
        event.preventDefault();
        setOpen('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role=dialog]')) return;
      const goes = GOES[event.key];
      if (Date.now() - chord < CHORD_MS && goes && (goes !== '/fleet' || session.cloudOperator)) {
        event.preventDefault();
        chord = 0;
        navigate(goes);
      } else if (event.key === 'g') {
        chord = Date.now();
      } else if (event.key === '?') {
        setOpen('shortcuts');
      } else if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('main input[type=search], main input[type=text]');
        if (filter) {
          event.preventDefault();
          filter.focus();
        }
      }
    }
    const onWanted = () => setOpen('palette');
    window.addEventListener('keydown', onKey);
    wantsPalette.addEventListener('open', onWanted);
    return () => {
      window.removeEventListener('keydown', onKey);
      wantsPalette.removeEventListener('open', onWanted);
    };
  }, [session.cloudOperator]);

  if (open === 'palette') {
    return (
      <Suspense fallback={null}>
        <Palette onClose={() => setOpen(undefined)} />
      </Suspense>
    );
  }
  if (open === 'shortcuts') {
    return (
      <Modal visible header={text.frame.shortcuts} onDismiss={() => setOpen(undefined)} closeAriaLabel={text.common.close}>
        <dl className="keys">
          {text.palette.shortcuts.map(([keys, what]) => (
            <div key={keys} style={{ display: 'contents' }}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    );
  }
  return null;
}

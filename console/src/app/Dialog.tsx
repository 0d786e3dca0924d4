import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { asRefusal } from '../api/refusal';
import { text } from '../text';

/** What is to be typed has the keyboard when a dialog opens, and not the button that closes it. */
export function useFirstField(): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // After the dialog has taken the focus for itself.
    const timer = window.setTimeout(
      () => form.current?.querySelector<HTMLElement>('input:not([type=radio]), textarea')?.focus(),
    );
    return () => window.clearTimeout(timer);
  }, []);
  return form;
}

/** A question that does something: stays open with the cloud's words where it is refused. */
export function Dialog(props: {
  title: string;
  action: string;
  good?: boolean;
  go: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, action, good = true, go, onClose, children } = props;
  const form = useFirstField();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  async function submit() {
    if (!good || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await go();
      onClose();
    } catch (thrown) {
      setError(asRefusal(thrown).message);
      setBusy(false);
    }
  }
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={text.common.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button variant="primary" disabled={!good} loading={busy} onClick={() => void submit()} data-testid="agree">
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SpaceBetween size="m">
          {error && <Alert type="error">{error}</Alert>}
          {children}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

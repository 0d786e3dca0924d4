import '@xterm/xterm/css/xterm.css';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import { plain } from '../api/client';
import type { Instance } from '../api/types';
import { useLoad } from '../api/useLoad';
import { may, useSession } from '../app/session';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { nameOf } from './actions';
import { SerialLine, type LineState } from './SerialLine';

const words = text.instances.consoleTab;
const SCROLLBACK_LINES = 5000;

/** The serial line of a running guest, to type into; of any other the last output. */
export default function ConsoleTab(props: { instance: Instance }) {
  const { instance } = props;
  const session = useSession();
  if (instance.state === 'running' && may(session, 'operator')) {
    // Another start is another guest: the terminal begins anew.
    return <Interactive key={instance.runningSince} instance={instance} />;
  }
  return <Output instance={instance} />;
}

function Interactive(props: { instance: Instance }) {
  const { instance } = props;
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<{ line: LineState; reason?: string | undefined }>({ line: 'connecting' });
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!place.current) return undefined;
    const terminal = new Terminal({
      scrollback: SCROLLBACK_LINES,
      fontSize: 13,
      fontFamily: "Menlo, Consolas, 'DejaVu Sans Mono', monospace",
      theme: { background: '#0f141a', foreground: '#d5dbdb', cursor: '#7fd1ff' },
      cursorBlink: true,
      screenReaderMode: true,
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(place.current);
    fit.fit();
    const leave = place.current;
    terminal.attachCustomKeyEventHandler((event) => {
      if (event.key !== 'Escape' || !event.ctrlKey || !event.shiftKey) return true;
      leave.focus();
      return false;
    });
    const line = new SerialLine(instance.id, {
      bytes: (bytes) => terminal.write(bytes),
      state: (now, reason) => {
        setState({ line: now, reason });
        if (now === 'open') {
          line.size(terminal.cols, terminal.rows);
          terminal.focus();
        }
      },
    });
    const encoder = new TextEncoder();
    terminal.onData((data) => line.type(encoder.encode(data)));
    terminal.onResize(({ cols, rows }) => line.size(cols, rows));
    const watch = new ResizeObserver(() => fit.fit());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      line.close();
      terminal.dispose();
    };
  }, [instance.id, round]);

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={words.hint}
          actions={
            <SpaceBetween direction="horizontal" size="s" alignItems="center">
              <LineStatus state={state.line} />
              {state.line === 'closed' && (
                <Button onClick={() => setRound((before) => before + 1)}>{words.reconnect}</Button>
              )}
            </SpaceBetween>
          }
        >
          {text.instances.detail.console}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {state.line === 'closed' && (
          <Box color="text-status-inactive">{state.reason ? words.ended(state.reason) : words.lost}</Box>
        )}
        <div
          ref={place}
          className="terminal"
          role="region"
          aria-label={words.label(nameOf(instance))}
          tabIndex={-1}
          data-testid="terminal"
        />
      </SpaceBetween>
    </Container>
  );
}

function LineStatus(props: { state: LineState }) {
  switch (props.state) {
    case 'connecting':
      return <StatusIndicator type="in-progress">{words.connecting}</StatusIndicator>;
    case 'open':
      return <StatusIndicator type="success">{words.live}</StatusIndicator>;
    case 'closed':
      return <StatusIndicator type="stopped">{words.closed}</StatusIndicator>;
  }
}

// Of what a guest sends to a terminal, only the text: colours and cursor moves have no place in a listing.
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])|\r/g;

function Output(props: { instance: Instance }) {
  const { instance } = props;
  const output = useLoad(
    async () => {
      const { body, headers } = await plain(`/v1/instances/${instance.id}/console`);
      return { text: body.replace(ESCAPES, ''), source: headers.get('x-console-source') };
    },
    [instance.id, instance.state],
  );
  if (output.error) {
    return <RefusalAlert title={text.errors.loadFailed(text.instances.detail.console)} refusal={output.error} onRetry={output.reload} />;
  }
  const shown = output.value?.text ?? '';
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={instance.state === 'running' ? words.readOnly : words.saved}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel={text.common.reload} onClick={output.reload} loading={output.loading} />
              {shown !== '' && (
                <CopyToClipboard
                  textToCopy={shown}
                  copyButtonText={words.copyAll}
                  copySuccessText={text.common.copied}
                  copyErrorText={text.common.copyFailed}
                />
              )}
            </SpaceBetween>
          }
        >
          {text.instances.detail.console}
        </Header>
      }
    >
      {!output.value ? (
        <Spinner />
      ) : shown === '' ? (
        <Box color="text-status-inactive">{words.none}</Box>
      ) : (
        <pre className="output" tabIndex={0} aria-label={words.label(nameOf(instance))}>
          {shown}
        </pre>
      )}
    </Container>
  );
}

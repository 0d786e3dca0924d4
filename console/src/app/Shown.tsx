import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { durationText, timeText, useNow } from '../api/time';
import type { Refusal } from '../api/refusal';
import { text } from '../text';

/** A refusal in the cloud's own words, with what can be done. */
export function RefusalAlert(props: { title: string; refusal: Refusal; onRetry?: () => void }) {
  const { title, refusal, onRetry } = props;
  return (
    <Alert
      type={refusal.isAway ? 'warning' : 'error'}
      header={title}
      action={onRetry && <Button onClick={onRetry}>{text.common.retry}</Button>}
    >
      {refusal.message}
      {refusal.requestId && (
        <Box variant="small" color="inherit" display="block">
          {text.common.requestId(refusal.requestId)}
        </Box>
      )}
    </Alert>
  );
}

/** How long ago; the time itself is its title. */
export function Ago(props: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={props.at} title={timeText(props.at)}>
      {text.common.ago(durationText(now - Date.parse(props.at), 1))}
    </time>
  );
}

/** How long since. */
export function Since(props: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={props.at} title={timeText(props.at)}>
      {durationText(now - Date.parse(props.at))}
    </time>
  );
}

/** Text to take along: an id, a token. */
export function Copied(props: { children: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={props.children}
      copyButtonAriaLabel={text.common.copy}
      copySuccessText={text.common.copied}
      copyErrorText={text.common.copyFailed}
    />
  );
}

/** A line for a terminal. */
export function CommandLine(props: { children: string }) {
  return (
    <div className="command">
      <code>
        {props.children.split(' ').map((word, index) => (
          // Broken between words, as options begin with hyphens.
          <span key={index} className="word">
            {`${word} `}
          </span>
        ))}
      </code>
      <CopyToClipboard
        variant="icon"
        textToCopy={props.children}
        copyButtonAriaLabel={text.common.copy}
        copySuccessText={text.common.copied}
        copyErrorText={text.common.copyFailed}
      />
    </div>
  );
}

/** What stands where a list is empty: what it is for, and what to do. */
export function Empty(props: { title: string; hint: ReactNode; children?: ReactNode }) {
  return (
    <Box textAlign="center" padding={{ vertical: 'l' }}>
      <SpaceBetween size="s" alignItems="center">
        <Box variant="strong">{props.title}</Box>
        <Box color="text-body-secondary">{props.hint}</Box>
        {props.children}
      </SpaceBetween>
    </Box>
  );
}

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, type ReactNode } from 'react';
import { text } from '../text';

/** Keeps a page that fails from taking the frame with it; another page begins anew. */
export class Failed extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Alert
        type="error"
        header={text.errors.pageFailed}
        action={<Button onClick={() => window.location.reload()}>{text.common.reload}</Button>}
      >
        {text.errors.pageFailedHint}
        <pre className="output">{error.stack ?? error.message}</pre>
      </Alert>
    );
  }
}

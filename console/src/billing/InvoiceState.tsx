import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Invoice } from '../api/types';
import { text } from '../text';

const TYPES: Record<Invoice['state'], StatusIndicatorProps.Type> = {
  draft: 'in-progress',
  issued: 'pending',
  paid: 'success',
  voided: 'stopped',
};

export function InvoiceState(props: { state: Invoice['state'] }) {
  return <StatusIndicator type={TYPES[props.state]}>{text.invoices.states[props.state]}</StatusIndicator>;
}

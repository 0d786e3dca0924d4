import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useEffect, useRef } from 'react';
import { api, taken } from '../api/client';
import { exactMoney, money, ticked } from '../api/money';
import { useNow } from '../api/time';
import type { CostSummary, Instance } from '../api/types';
import { useLoad } from '../api/useLoad';
import { text } from '../text';

const words = text.instances.costTab;
const AGAIN_MS = 3000;

/** What the instance costs, ticking; asked for anew when its state changes. */
export function Cost(props: { instance: Instance }) {
  const { instance } = props;
  const summary = useLoad(
    () => taken(api.GET('/v1/usage/summary', { params: { query: { groupBy: 'instance', resourceId: instance.id } } })),
    [instance.id, instance.state],
  );
  // Billing reads the log a moment after what it tells of: asked again until it knows that this runs.
  const behind = instance.state === 'running' && summary.value !== undefined && Number(summary.value.perHour) === 0;
  const { reload, value } = summary;
  useEffect(() => {
    if (!behind) return undefined;
    const timer = window.setTimeout(reload, AGAIN_MS);
    return () => window.clearTimeout(timer);
  }, [behind, reload, value]);
  const heldAt = useRef({ of: summary.value, at: Date.now() });
  if (heldAt.current.of !== summary.value) heldAt.current = { of: summary.value, at: Date.now() };
  // Billing may be away while the instance runs well: then nothing is shown of it.
  if (!summary.value) return null;
  return <Shown cost={summary.value} since={heldAt.current.at} behind={behind} />;
}

function Shown(props: { cost: CostSummary; since: number; behind: boolean }) {
  const { cost, since, behind } = props;
  const now = useNow();
  const running = Number(cost.perHour) > 0;
  const soFar = ticked(cost.exactTotal, cost.perHour, now - since);
  return (
    <Container header={<Header variant="h2" description={words.explain}>{words.soFar}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: words.soFar,
            value: (
              <Box fontSize="heading-xl" fontWeight="bold" data-testid="cost">
                {exactMoney(cost.currency, soFar)}
              </Box>
            ),
          },
          { label: words.perHour, value: running ? exactMoney(cost.currency, cost.perHour) : behind ? words.soon : words.free },
          { label: words.forecast, value: money(cost.currency, cost.forecast) },
        ]}
      />
    </Container>
  );
}

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useState } from 'react';
import { api, taken } from '../api/client';
import { exactMoney, money, parseAmount } from '../api/money';
import { asRefusal, type Refusal } from '../api/refusal';
import type { LaunchForecast, RunInstancesRequest } from '../api/types';
import { CommandLine } from '../app/Shown';
import { text } from '../text';

const words = text.launch;
const PAUSE_MS = 250;
const MONTH_HOURS = 730n;

interface Asked {
  forecast?: LaunchForecast;
  refusal?: Refusal;
  asking: boolean;
}

/** What the cloud says of the request now, asked a moment after the last change. */
export function useForecast(request: RunInstancesRequest | undefined): Asked {
  const [asked, setAsked] = useState<Asked>({ asking: true });
  const key = JSON.stringify({ ...request, name: undefined, tags: request?.tags, userData: undefined });
  useEffect(() => {
    if (!request) return;
    let wanted = true;
    setAsked((before) => ({ ...before, asking: true }));
    const { userData: _large, ...asks } = request;
    const timer = window.setTimeout(() => {
      taken(api.POST('/v1/instances', { params: { query: { dryRun: true } }, body: asks })).then(
        (forecast) => wanted && 'accepted' in forecast && setAsked({ forecast, asking: false }),
        (thrown: unknown) => wanted && setAsked({ refusal: asRefusal(thrown), asking: false }),
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [key, request === undefined]);
  return asked;
}

/** Price, place and refusals before anything is launched. */
export function Forecast(props: { asked: Asked; command: string }) {
  const { forecast, refusal, asking } = props.asked;
  return (
    <Container
      header={
        <Header variant="h2" actions={asking ? <Spinner /> : undefined}>
          {words.summary}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {refusal && <Alert type="error">{refusal.message}</Alert>}
        {forecast?.refusals.map((one) => (
          <Alert key={`${one.code} ${one.field ?? ''}`} type="error" header={words.refused}>
            {one.detail}
          </Alert>
        ))}
        {forecast && <Prices forecast={forecast} />}
        {forecast && <Places forecast={forecast} />}
        <div>
          <Box variant="awsui-key-label">{words.command}</Box>
          <CommandLine>{props.command}</CommandLine>
        </div>
      </SpaceBetween>
    </Container>
  );
}

function Prices(props: { forecast: LaunchForecast }) {
  const price = props.forecast.prices[0];
  if (!price) return <Box color="text-body-secondary">{words.priceNone}</Box>;
  return (
    <KeyValuePairs
      columns={2}
      items={[
        {
          label: words.price,
          value: (
            <Box fontSize="display-l" fontWeight="bold" data-testid="price">
              {exactMoney(price.currency, price.perHour)}
            </Box>
          ),
        },
        {
          label: words.month,
          value: money(price.currency, parseAmount(price.perHour) * MONTH_HOURS),
          info: undefined,
        },
        { label: words.minimumTitle, value: words.minimum(price.minimumSeconds) },
      ]}
    />
  );
}

function Places(props: { forecast: LaunchForecast }) {
  const { placements, waiting, waitsFor } = props.forecast;
  const places = new Map<string, { zone: string; node: string | undefined; number: number }>();
  for (const { zone, node } of placements) {
    const key = `${zone} ${node?.id ?? ''}`;
    const place = places.get(key) ?? { zone, node: node?.name, number: 0 };
    place.number++;
    places.set(key, place);
  }
  return (
    <div>
      <Box variant="awsui-key-label">{words.placement}</Box>
      <SpaceBetween size="xxs">
        {[...places].map(([key, place]) => (
          <StatusIndicator key={key} type="success">
            {words.placed(place.number, place.zone, place.node)}
          </StatusIndicator>
        ))}
        {waiting > 0 && <StatusIndicator type="warning">{words.waiting(waiting)}</StatusIndicator>}
        {waitsFor && <Box color="text-body-secondary">{waitsFor}</Box>}
      </SpaceBetween>
    </div>
  );
}

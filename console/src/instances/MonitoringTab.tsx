import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import LineChart from '@cloudscape-design/components/line-chart';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, useState } from 'react';
import { api, taken } from '../api/client';
import type { Instance } from '../api/types';
import { useLoad } from '../api/useLoad';
import { Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { levels, rates, shownRange, thinned, type Dot, type MetricPoint } from './metrics';

const words = text.instances.metrics;
const DOTS_MAX = 240;
const AGAIN_MS = 10_000;
const MINUTE_MS = 60_000;

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const SECONDS_UNDER_MS = 10 * MINUTE_MS;

/** Charts of what the instance uses. Points have no stream: they are read anew while it runs. */
export default function MonitoringTab(props: { instance: Instance }) {
  const { instance } = props;
  const [minutes, setMinutes] = useState('15');
  const metrics = useLoad(async () => {
    const to = new Date();
    const from = new Date(to.getTime() - Number(minutes) * MINUTE_MS);
    return taken(
      api.GET('/v1/instances/{instanceId}/metrics', {
        params: { path: { instanceId: instance.id }, query: { from: from.toISOString(), to: to.toISOString() } },
      }),
    );
  }, [instance.id, minutes, instance.state]);
  const { reload } = metrics;
  useEffect(() => {
    if (instance.state !== 'running') return undefined;
    const timer = window.setInterval(() => !document.hidden && reload(), AGAIN_MS);
    return () => window.clearInterval(timer);
  }, [reload, instance.state]);

  if (metrics.error && !metrics.value) {
    return <RefusalAlert title={text.errors.loadFailed(text.instances.detail.monitoring)} refusal={metrics.error} onRetry={reload} />;
  }
  const { value } = metrics;
  return (
    <SpaceBetween size="m">
      <SegmentedControl
        label={words.range}
        selectedId={minutes}
        onChange={({ detail }) => setMinutes(detail.selectedId)}
        options={Object.entries(words.ranges).map(([id, label]) => ({ id, text: label }))}
      />
      {!value && <Spinner />}
      {value?.points.length === 0 && <Empty title={words.empty} hint={words.emptyHint} />}
      {value && value.points.length > 0 && (
        <Charts points={value.points} vcpu={value.vcpu} range={shownRange(value.points, new Date(value.from), new Date(value.to))} />
      )}
    </SpaceBetween>
  );
}

function Charts(props: { points: MetricPoint[]; vcpu: number; range: [Date, Date] }) {
  const { points, range, vcpu } = props;
  const mib = 2 ** 20;
  return (
    <ColumnLayout columns={2}>
      <Chart
        title={words.cpu}
        hint={words.cpuHint}
        range={range}
        most={vcpu}
        lines={[[words.cpu, rates(points, (point) => point.cpuSeconds)]]}
      />
      <Chart
        title={words.memory}
        hint={words.memoryHint}
        range={range}
        lines={[[words.memory, levels(points, (point) => point.memoryTouchedBytes, mib)]]}
      />
      <Chart
        title={words.instructions}
        hint={words.instructionsHint}
        range={range}
        lines={[[words.instructions, rates(points, (point) => point.instructions, 1e6)]]}
      />
      <Chart
        title={words.disk}
        hint={words.diskHint}
        range={range}
        lines={[
          [words.read, rates(points, (point) => point.diskReadBytes, 1024)],
          [words.written, rates(points, (point) => point.diskWrittenBytes, 1024)],
        ]}
      />
      <Chart
        title={words.network}
        hint={words.networkHint}
        range={range}
        lines={[
          [words.received, rates(points, (point) => point.networkReceivedBytes, 1024)],
          [words.sent, rates(points, (point) => point.networkSentBytes, 1024)],
        ]}
      />
    </ColumnLayout>
  );
}

function Chart(props: { title: string; hint: string; range: [Date, Date]; lines: [string, Dot[]][]; most?: number }) {
  const { title, hint, range, lines, most } = props;
  // Of a young instance minutes would be all alike.
  const ticks = range[1].getTime() - range[0].getTime() < SECONDS_UNDER_MS ? seconds : clock;
  const highest = Math.max(most ?? 0, ...lines.flatMap(([, dots]) => dots.map((dot) => dot.y)));
  return (
    <Container fitHeight header={<Header variant="h3" description={hint}>{title}</Header>}>
      <LineChart
        ariaLabel={title}
        height={160}
        hideFilter
        hideLegend={lines.length === 1}
        xScaleType="time"
        xDomain={range}
        yDomain={[0, highest > 0 ? highest * 1.1 : 1]}
        series={lines.map(([name, dots]) => ({
          type: 'line',
          title: name,
          data: thinned(dots, DOTS_MAX),
          valueFormatter: (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 }),
        }))}
        i18nStrings={{ xTickFormatter: (at) => ticks.format(at), yTickFormatter: short }}
      />
    </Container>
  );
}

function short(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2, notation: 'compact' });
}

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Textarea from '@cloudscape-design/components/textarea';
import Tiles from '@cloudscape-design/components/tiles';
import { useMemo, useState } from 'react';
import { images, instanceTypes, pricePerHour } from '../api/catalog';
import { idempotencyKey } from '../api/client';
import { exactMoney } from '../api/money';
import { asRefusal, type Refusal } from '../api/refusal';
import type { Image, InstanceType } from '../api/types';
import { useLoad } from '../api/useLoad';
import { navigate, useRoute } from '../app/route';
import { may, useSession } from '../app/session';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { Forecast, useForecast } from './Forecast';
import { lastLaunch, launch } from './lastLaunch';
import { commandOf, countOf, requestOf, USER_DATA_BYTES_MAX, userDataBytes, type Draft } from './request';
import { Tags, tagsAreGood } from './Tags';

const words = text.launch;

/** One page: choose on the left, see what it comes to on the right. */
export default function LaunchPage() {
  const session = useSession();
  const catalog = useLoad(async () => {
    const [all, types] = await Promise.all([images(), instanceTypes()]);
    return { images: all, types };
  }, []);
  if (!may(session, 'operator')) return <Alert type="info">{words.mayNot}</Alert>;
  if (catalog.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.image)} refusal={catalog.error} onRetry={catalog.reload} />;
  }
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={words.subtitle}>
          {words.title}
        </Header>
      }
    >
      {catalog.value ? <LaunchForm images={catalog.value.images} types={catalog.value.types} /> : <Spinner />}
    </ContentLayout>
  );
}

/** What the form begins with: what the address asks for, then the last launch, then the first there is. */
function useDraft(all: Image[], types: InstanceType[]): [Draft, (change: Partial<Draft>) => void] {
  const { query } = useRoute();
  const [draft, setDraft] = useState<Draft>(() => {
    const last = lastLaunch();
    const known = (name: string | null | undefined) => all.find((image) => image.name === name || image.id === name)?.name;
    const image = known(query.get('image')) ?? known(last?.image) ?? all[0]?.name ?? '';
    const least = all.find((one) => one.name === image)?.memoryMibMin ?? 0;
    const wanted = query.get('type') ?? last?.type;
    const type = types.find((one) => one.name === wanted && one.memoryMib >= least)
      ?? types.find((one) => one.memoryMib >= least);
    return { image, type: type?.name ?? '', name: '', count: '1', zone: '', tags: [], userData: '' };
  });
  return [draft, (change) => setDraft((before) => ({ ...before, ...change }))];
}

function LaunchForm(props: { images: Image[]; types: InstanceType[] }) {
  const { images: all, types } = props;
  const [draft, change] = useDraft(all, types);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  // The same for all tries of the same request: an answer that was lost does not launch twice.
  const key = useMemo(() => idempotencyKey(), [draft]);
  const request = requestOf(draft);
  const asked = useForecast(request);
  const count = countOf(draft);
  const good = request !== undefined && tagsAreGood(draft.tags);

  async function submit() {
    if (!request || !good || busy) return;
    setBusy(true);
    setRefusal(undefined);
    try {
      const launched = await launch(request, key);
      const first = launched[0];
      navigate(launched.length === 1 && first ? `/instances/${first.id}` : '/instances');
    } catch (thrown) {
      setRefusal(asRefusal(thrown));
      setBusy(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Grid gridDefinition={[{ colspan: { default: 12, s: 7, l: 8 } }, { colspan: { default: 12, s: 5, l: 4 } }]}>
        <SpaceBetween size="l">
          <ImageChoice images={all} draft={draft} types={types} change={change} />
          <TypeChoice images={all} types={types} draft={draft} change={change} />
          <NameAndNumber draft={draft} change={change} />
          <More draft={draft} change={change} />
        </SpaceBetween>
        <SpaceBetween size="l">
          <Forecast asked={asked} command={commandOf(draft)} />
          {refusal && <RefusalAlert title={words.failed} refusal={refusal} />}
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" formAction="submit" loading={busy} disabled={!good} data-testid="launch">
              {words.button(count ?? 1)}
            </Button>
            <Button variant="link" formAction="none" onClick={() => navigate('/instances')}>
              {text.common.cancel}
            </Button>
          </SpaceBetween>
        </SpaceBetween>
      </Grid>
    </form>
  );
}

interface Part {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
}

function ImageChoice(props: Part & { images: Image[]; types: InstanceType[] }) {
  const { images: all, types, draft, change } = props;
  if (all.length === 0) return <Alert type="warning">{words.noImages}</Alert>;
  function choose(name: string) {
    const least = all.find((image) => image.name === name)?.memoryMibMin ?? 0;
    const fits = types.find((type) => type.name === draft.type && type.memoryMib >= least);
    change({ image: name, type: (fits ?? types.find((type) => type.memoryMib >= least))?.name ?? '' });
  }
  return (
    <Container header={<Header variant="h2" description={words.imageHint}>{words.image}</Header>}>
      <Tiles
        value={draft.image}
        onChange={({ detail }) => choose(detail.value)}
        ariaLabel={words.image}
        items={all.map((image) => ({
          value: image.name,
          label: image.name,
          description: `${image.description} – ${words.imageNeeds(image.memoryMibMin)}`,
        }))}
      />
    </Container>
  );
}

function TypeChoice(props: Part & { images: Image[]; types: InstanceType[] }) {
  const { images: all, types, draft, change } = props;
  const image = all.find((one) => one.name === draft.image);
  const prices = useLoad(
    async () => {
      const found = await Promise.all(
        types.map(async (type) => [type.name, image && (await pricePerHour(image.name, type.name).catch(() => undefined))] as const),
      );
      return new Map(found);
    },
    [image?.name],
  );
  return (
    <Container header={<Header variant="h2" description={words.typeHint}>{words.type}</Header>}>
      <Tiles
        value={draft.type}
        columns={3}
        onChange={({ detail }) => change({ type: detail.value })}
        ariaLabel={words.type}
        items={types.map((type) => {
          const price = prices.value?.get(type.name);
          const small = image !== undefined && type.memoryMib < image.memoryMibMin;
          return {
            value: type.name,
            label: type.name,
            disabled: small,
            description: (
              <>
                {words.typeSize(type.vcpu, type.memoryMib)}
                <br />
                {small ? words.typeTooSmall(image.name) : price && words.perHour(exactMoney(price.currency, price.perHour))}
              </>
            ),
          };
        })}
      />
    </Container>
  );
}

function NameAndNumber(props: Part) {
  const { draft, change } = props;
  const count = countOf(draft);
  return (
    <Container header={<Header variant="h2">{words.details}</Header>}>
      <ColumnLayout columns={2}>
        <FormField
          label={`${words.name} – ${text.common.optional}`}
          constraintText={words.nameHint(draft.name.trim() === '' ? 1 : (count ?? 1), draft.name.trim())}
        >
          <Input
            value={draft.name}
            placeholder={words.namePlaceholder}
            onChange={({ detail }) => change({ name: detail.value })}
            name="name"
            autoComplete={false}
          />
        </FormField>
        <FormField
          label={words.count}
          constraintText={words.countRange}
          errorText={count === undefined ? words.countRange : undefined}
        >
          <Input
            type="number"
            value={draft.count}
            onChange={({ detail }) => change({ count: detail.value })}
            name="count"
            inputMode="numeric"
          />
        </FormField>
      </ColumnLayout>
    </Container>
  );
}

function More(props: Part) {
  const { draft, change } = props;
  const session = useSession();
  // The first region is the one of what is launched here.
  const zones = session.regions[0]?.zones ?? [];
  const bytes = userDataBytes(draft);
  const any = { value: '', label: words.anyZone };
  const options = [any, ...zones.map((zone) => ({ value: zone.nodeZone, label: zone.nodeZone, description: zone.name }))];
  return (
    <ExpandableSection variant="container" headerText={words.more} headerDescription={`${words.zone}, ${words.tags.toLowerCase()}, ${words.userData.toLowerCase()}`}>
      <SpaceBetween size="l">
        {zones.length > 0 && (
          <FormField label={words.zone}>
            <Select
              options={options}
              selectedOption={options.find((option) => option.value === draft.zone) ?? any}
              onChange={({ detail }) => change({ zone: detail.selectedOption.value ?? '' })}
            />
          </FormField>
        )}
        <FormField label={words.tags} stretch>
          <Tags tags={draft.tags} onChange={(tags) => change({ tags })} />
        </FormField>
        <FormField
          label={words.userData}
          description={words.userDataHint}
          errorText={bytes > USER_DATA_BYTES_MAX ? words.userDataLong(bytes) : undefined}
          stretch
        >
          <Textarea
            value={draft.userData}
            placeholder={words.userDataPlaceholder}
            rows={5}
            spellcheck={false}
            onChange={({ detail }) => change({ userData: detail.value })}
          />
        </FormField>
      </SpaceBetween>
    </ExpandableSection>
  );
}

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { asRefusal, type Refusal } from '../api/refusal';
import type { Instance } from '../api/types';
import { may, useSession } from '../app/session';
import { RefusalAlert } from '../app/Shown';
import { text } from '../text';
import { edit } from './Edits';
import type { Tag } from './request';
import { Tags, tagsAreGood } from './Tags';

const words = text.instances.tags;

function rowsOf(instance: Instance): Tag[] {
  return Object.entries(instance.tags)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => a.key.localeCompare(b.key));
}

/** The tags, to read and to edit. */
export default function TagsTab(props: { instance: Instance }) {
  const { instance } = props;
  const session = useSession();
  const [draft, setDraft] = useState<Tag[]>();
  const changeable = may(session, 'operator') && instance.state !== 'terminated';
  if (draft) return <Editing instance={instance} draft={draft} setDraft={setDraft} />;
  return (
    <Table<Tag>
      items={rowsOf(instance)}
      trackBy="key"
      header={
        <Header
          description={words.subtitle}
          actions={changeable && <Button onClick={() => setDraft(rowsOf(instance))}>{words.edit}</Button>}
        >
          {words.title}
        </Header>
      }
      empty={<Box textAlign="center">{words.empty}</Box>}
      columnDefinitions={[
        { id: 'key', header: words.key, cell: (tag) => tag.key, isRowHeader: true },
        { id: 'value', header: words.value, cell: (tag) => tag.value },
      ]}
    />
  );
}

function Editing(props: { instance: Instance; draft: Tag[]; setDraft: (draft: Tag[] | undefined) => void }) {
  const { instance, draft, setDraft } = props;
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  async function save() {
    setBusy(true);
    try {
      const kept = draft.filter((tag) => tag.key !== '');
      await edit(instance, { tags: Object.fromEntries(kept.map((tag) => [tag.key, tag.value])) });
      setDraft(undefined);
    } catch (thrown) {
      setRefusal(asRefusal(thrown));
      setBusy(false);
    }
  }
  return (
    <Container
      header={<Header description={words.subtitle}>{words.edit}</Header>}
      footer={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" loading={busy} disabled={!tagsAreGood(draft)} onClick={() => void save()}>
            {words.save}
          </Button>
          <Button variant="link" onClick={() => setDraft(undefined)}>
            {text.common.cancel}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="m">
        {refusal && <RefusalAlert title={words.edit} refusal={refusal} />}
        <Tags tags={draft} onChange={setDraft} />
      </SpaceBetween>
    </Container>
  );
}

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { images } from '../api/catalog';
import type { Image } from '../api/types';
import { useLoad } from '../api/useLoad';
import { navigate } from '../app/route';
import { may, useSession } from '../app/session';
import { Ago, Copied, Empty, RefusalAlert } from '../app/Shown';
import { text } from '../text';

/** What may be booted. */
export default function ImagesPage() {
  const session = useSession();
  const list = useLoad(images, []);
  const words = text.images;
  if (list.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.title)} refusal={list.error} onRetry={list.reload} />;
  }
  const all = list.value ?? [];
  return (
    <Table<Image>
      variant="full-page"
      loading={list.loading}
      loadingText={text.common.loading}
      items={all}
      trackBy="id"
      header={
        <Header variant="awsui-h1-sticky" counter={`(${all.length})`} description={words.subtitle}>
          {words.title}
        </Header>
      }
      empty={<Empty title={words.emptyTitle} hint={words.emptyHint} />}
      columnDefinitions={[
        {
          id: 'name',
          header: words.name,
          isRowHeader: true,
          cell: (image) => (
            <>
              <Box variant="strong">{image.name}</Box>
              <Box variant="small" display="block">
                <Copied>{image.id}</Copied>
              </Box>
            </>
          ),
        },
        { id: 'description', header: words.description, cell: (image) => image.description },
        {
          id: 'owner',
          header: words.owner,
          minWidth: 110,
          cell: (image) => (image.public ? words.cloud : words.own),
        },
        { id: 'memory', header: words.memory, cell: (image) => words.mib(image.memoryMibMin) },
        { id: 'architecture', header: words.architecture, cell: (image) => image.architecture },
        { id: 'created', header: words.created, cell: (image) => <Ago at={image.createdAt} /> },
        ...(may(session, 'operator')
          ? [
              {
                id: 'launch',
                header: words.action,
                minWidth: 100,
                cell: (image: Image) => (
                  <Button
                    variant="inline-link"
                    ariaLabel={words.launchOf(image.name)}
                    onClick={() => navigate(`/instances/launch?image=${encodeURIComponent(image.name)}`)}
                  >
                    {words.launch}
                  </Button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

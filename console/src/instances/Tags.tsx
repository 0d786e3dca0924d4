import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Box from '@cloudscape-design/components/box';
import Input from '@cloudscape-design/components/input';
import { text } from '../text';
import { TAGS_MAX, type Tag } from './request';

const words = text.instances.tags;
const KEY_MAX = 128;
const VALUE_MAX = 256;

function keyError(tags: readonly Tag[], index: number): string | undefined {
  const key = tags[index]?.key ?? '';
  if (key === '' && tags[index]?.value !== '') return words.keyMissing;
  if (key.length > KEY_MAX) return words.keyLong;
  return key !== '' && tags.findIndex((tag) => tag.key === key) < index ? words.duplicate : undefined;
}

export function tagsAreGood(tags: readonly Tag[]): boolean {
  return tags.every((tag, index) => keyError(tags, index) === undefined && tag.value.length <= VALUE_MAX);
}

/** Rows of key and value. */
export function Tags(props: { tags: Tag[]; onChange: (tags: Tag[]) => void }) {
  const { tags, onChange } = props;
  const set = (index: number, change: Partial<Tag>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...change } : tag)));
  return (
    <AttributeEditor<Tag>
      items={tags}
      empty={<Box color="text-body-secondary">{words.empty}</Box>}
      addButtonText={words.add}
      removeButtonText={words.remove}
      disableAddButton={tags.length >= TAGS_MAX}
      additionalInfo={words.limit(TAGS_MAX - tags.length)}
      onAddButtonClick={() => onChange([...tags, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, at) => at !== detail.itemIndex))}
      definition={[
        {
          label: words.key,
          control: (tag, index) => (
            <Input
              value={tag.key}
              ariaLabel={words.key}
              placeholder={words.keyPlaceholder}
              onChange={({ detail }) => set(index, { key: detail.value })}
            />
          ),
          errorText: (_, index) => keyError(tags, index),
        },
        {
          label: words.value,
          control: (tag, index) => (
            <Input
              value={tag.value}
              ariaLabel={words.value}
              placeholder={words.valuePlaceholder}
              onChange={({ detail }) => set(index, { value: detail.value })}
            />
          ),
          errorText: (tag) => (tag.value.length > VALUE_MAX ? words.valueLong : undefined),
        },
      ]}
    />
  );
}

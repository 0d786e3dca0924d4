interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** All pages of a list, up to `limit` items; `whole` is false where there are more. */
export async function allPages<T>(
  page: (cursor: string | undefined) => Promise<Page<T>>,
  limit: number,
): Promise<{ items: T[]; whole: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const answer = await page(cursor);
    items.push(...answer.items);
    cursor = answer.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  return { items, whole: cursor === undefined };
}

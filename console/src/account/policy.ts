const TAGS_MAX = 10;

/** `key=pattern` between commas; undefined where one is not so, or there are too many. */
export function tagsOf(given: string): Record<string, string> | undefined {
  const parts = given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const tags: Record<string, string> = {};
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at <= 0) return undefined;
    tags[part.slice(0, at)] = part.slice(at + 1);
  }
  return Object.keys(tags).length <= TAGS_MAX ? tags : undefined;
}

export function tagsText(tags: Record<string, string>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

// How much a browser fetches before the first page is there: the entry, what it imports, and the page
// of instances. Fails above the limit that SPECIFICATION.md promises.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 900;
const FIRST_PAGES = ['index.html', 'src/instances/InstancesPage.tsx'];

const site = new URL('../target/site/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', site), 'utf8'));

const files = new Set(['index.html']);
function collect(key) {
  const chunk = manifest[key];
  if (!chunk) {
    throw new Error(`${key} is not in the bundle: scripts/size.mjs names a page that is gone`);
  }
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const imported of chunk.imports ?? []) collect(imported);
}
FIRST_PAGES.forEach(collect);

let compressed = 0;
for (const file of files) {
  compressed += gzipSync(readFileSync(new URL(file, site))).length;
}
const kb = Math.ceil(compressed / 1000);
console.log(`first load: ${kb} KB compressed in ${files.size} files, of ${LIMIT_KB} KB`);
if (kb > LIMIT_KB) {
  console.error(`the first load is above ${LIMIT_KB} KB: make a route lazy, or drop a component`);
  process.exit(1);
}

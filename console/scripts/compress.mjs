// A smaller form beside each file, which the cloud sends to browsers that take it; the JDK has no
// Brotli, so it is made here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const QUALITY = 9;
const TEXT = /\.(js|css|svg|html)$/;

const site = new URL('../target/site/', import.meta.url);
for (const entry of readdirSync(site, { recursive: true })) {
  if (!TEXT.test(entry)) continue;
  const file = new URL(entry, site);
  const plain = readFileSync(file);
  const small = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
  if (small.length < plain.length) writeFileSync(new URL(`${entry}.br`, site), small);
}

// How fast the console is with much in it, before a cloud that is made up: 10,000 instances, and 500
// events in a second. `npm run measure` prints each figure beside its aim; the bundle must be there.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const INSTANCES = 10_000;
const EVENTS_PER_SECOND = 500;
const EVENTS_MS = 10_000;
const TICK_MS = 20;
const FIRST_LOAD_MS = 1500;
const STALL_MS = 200;

const site = fileURLToPath(new URL('../target/site', import.meta.url));
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };
const session = {
  account: { id: '000000000001', name: 'measured' },
  principal: 'tok-00000000000000001',
  label: 'measured',
  role: 'owner',
  cloudOperator: true,
  scopes: [],
  regions: [],
};
const idOf = (number) => `i-${number.toString(16).padStart(17, '0')}`;
const all = Array.from({ length: INSTANCES }, (_, index) => ({
  id: idOf(INSTANCES - index),
  name: `web-${INSTANCES - index}`,
  state: 'running',
  reservationId: 'r-00000000000000001',
  imageId: 'ami-00000000000000001',
  imageName: 'debian-micro',
  type: index % 3 === 0 ? 'e1.nano' : 'e1.micro',
  vcpu: 1,
  memoryMib: 128,
  zone: 'abc'[index % 3],
  node: { id: 'node-00000000000000001', name: `node-${index % 50}` },
  tags: { team: ['blue', 'red', 'green'][index % 3], number: String(index) },
  generation: 1,
  terminationProtected: false,
  createdAt: '2026-01-01T00:00:00Z',
  runningSince: '2026-01-01T00:00:00Z',
}));
const streams = new Set();

function answer(url, response) {
  const json = (value) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
  if (url.pathname === '/v1/session') return json(session);
  if (url.pathname === '/v1/instances') {
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const to = from + Number(url.searchParams.get('limit') ?? 100);
    return json({ items: all.slice(from, to), ...(to < all.length ? { nextCursor: String(to) } : {}) });
  }
  if (url.pathname === '/v1/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': here\n\n');
    streams.add(response);
    return response.on('close', () => streams.delete(response));
  }
  const one = all.find(({ id }) => url.pathname === `/v1/instances/${id}`);
  return one ? json(one) : response.writeHead(404).end();
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/v1/')) return answer(url, response);
  const named = `${site}${url.pathname}`;
  const file = extname(url.pathname) !== '' && existsSync(named) ? named : `${site}/index.html`;
  response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/plain');
  if (!existsSync(`${file}.br`)) return createReadStream(file).pipe(response);
  response.setHeader('Content-Encoding', 'br');
  return createReadStream(`${file}.br`).pipe(response);
});
await new Promise((resolve) => server.listen(0, 'localhost', resolve));
const origin = `http://localhost:${server.address().port}`;

const STATES = ['STOPPING', 'GONE', 'STARTING', 'RUNNING'];
let seq = 0;
function sendEvents(count) {
  let text = '';
  for (let index = 0; index < count; index++) {
    seq++;
    const event = {
      seq,
      instanceId: idOf(INSTANCES - (seq % INSTANCES)),
      epoch: 1,
      generation: 1,
      state: STATES[Math.floor(seq / INSTANCES + seq) % STATES.length],
      at: '2026-01-01T00:00:00Z',
      recordedAt: '2026-01-01T00:00:00Z',
    };
    text += `id: ${seq}\nevent: transition\ndata: ${JSON.stringify(event)}\n\n`;
  }
  for (const stream of streams) stream.write(text);
}

const browser = await chromium.launch({
  executablePath: process.env.BRUME_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
await page.addInitScript(() => {
  globalThis.tasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => globalThis.tasks.push(entry.duration))).observe({
    type: 'longtask',
    buffered: true,
  });
});
const longest = () =>
  page.evaluate(() => {
    const most = Math.max(0, ...globalThis.tasks);
    globalThis.tasks = [];
    return Math.round(most);
  });
function say(what, figure, unit, aim) {
  console.log(`${what.padEnd(58)} ${String(figure).padStart(7)} ${unit}${aim === undefined ? '' : `   aim ${aim} ${unit}`}`);
}

const started = performance.now();
await page.goto(`${origin}/instances`);
await page.getByRole('button', { name: 'Launch instances' }).first().waitFor();
say('first load, until the page can be used', Math.round(performance.now() - started), 'ms', FIRST_LOAD_MS);
const bytes = await page.evaluate(() =>
  performance.getEntriesByType('resource').reduce((sum, { name, encodedBodySize }) => sum + (name.includes('/v1/') ? 0 : encodedBodySize), 0));
say('fetched for it, compressed', Math.round(bytes / 1000), 'KB', 900);
await page.getByRole('link', { name: `web-${INSTANCES}`, exact: true }).waitFor();
say(`until all of ${INSTANCES} instances are in the table`, Math.round(performance.now() - started), 'ms');
await longest();

const filter = page.getByPlaceholder('Find by name', { exact: false });
await filter.fill('web-777');
const filtered = performance.now();
await page.keyboard.press('Enter');
await page.getByText('11 matches').first().waitFor();
say('a filter over all of them', Math.round(performance.now() - filtered), 'ms');
say('longest stall meanwhile', await longest(), 'ms', STALL_MS);
await page.getByRole('button', { name: 'Clear filters' }).click();
await page.getByRole('button', { name: 'Next page' }).first().click();
await longest();

const frames = page.evaluate((ms) => new Promise((done) => {
  let count = 0;
  const end = performance.now() + ms;
  const frame = () => {
    count++;
    if (performance.now() < end) requestAnimationFrame(frame);
    else done(count);
  };
  requestAnimationFrame(frame);
}), EVENTS_MS);
const ticking = setInterval(() => sendEvents((EVENTS_PER_SECOND * TICK_MS) / 1000), TICK_MS);
await new Promise((resolve) => setTimeout(resolve, EVENTS_MS / 2));
const clicked = performance.now();
await page.getByRole('button', { name: 'Next page' }).first().click();
await page.getByRole('button', { name: '3', exact: false }).first().waitFor();
const answered = Math.round(performance.now() - clicked);
const drawn = await frames;
clearInterval(ticking);
say(`frames in a second at ${EVENTS_PER_SECOND} events in a second`, Math.round((drawn * 1000) / EVENTS_MS), '/s');
say('a click meanwhile is answered in', answered, 'ms');
say('longest stall meanwhile', await longest(), 'ms', STALL_MS);
say('events sent', seq, '');

await browser.close();
server.close();
server.closeAllConnections();

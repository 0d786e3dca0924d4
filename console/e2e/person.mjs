// A person before a browser: opens pages, signs in, and goes step by step. BRUME_URL, BRUME_TOKEN and
// BRUME_CHROMIUM say where the cloud and the browser are.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { failureShot, watch } from './pages.mjs';
import { relay } from './relay.mjs';

const { BRUME_URL, BRUME_TOKEN, BRUME_CHROMIUM } = process.env;
// Generous: a step waits only as long as it must, and a machine may be busy.
const WAIT_MS = Number(process.env.BRUME_WAIT_MS ?? 120_000);
const NO_BROWSER = 77;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Between the browser and the cloud, to take the cloud away. */
export const between = relay(Number(new URL(BRUME_URL).port));
export const origin = `http://localhost:${await between.listen()}`;
export const token = BRUME_TOKEN;

const browser = await chromium.launch({ executablePath: BRUME_CHROMIUM, args: FLAGS }).catch((failure) => {
  console.error(failure);
  process.exit(NO_BROWSER);
});

/** All that was found wrong on the way: of axe, of pictures, of what a page should never do. */
export const found = [];
let page;

export async function step(name, run) {
  const started = Date.now();
  await run();
  console.log(`${String(Date.now() - started).padStart(6)} ms  ${name}`);
}

/** A page of somebody who has never been here. */
export async function newPage() {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(WAIT_MS);
  page = await context.newPage();
  watch(page, origin, found);
  return page;
}

export async function signIn(on, given) {
  await on.getByLabel('Token', { exact: true }).fill(given);
  await on.getByRole('button', { name: 'Sign in' }).click();
}

export const heading = (on, name) => on.getByRole('heading', { level: 1, name });

/** Until nothing says that it is still being loaded. */
export async function settled(on) {
  await on.getByText('Loading', { exact: true }).first().waitFor({ state: 'hidden' });
}

/** The call of another client, for what the console does not do. */
export async function api(method, path, body) {
  const answer = await fetch(`${BRUME_URL}${path}`, {
    method,
    headers: { Authorization: `Bearer ${BRUME_TOKEN}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
}

/** Runs the way to its end; the exit status is the answer, with a picture of where it stopped. */
export async function walk(way) {
  try {
    await way();
    assert.deepEqual([...new Set(found)], []);
  } catch (failure) {
    console.error(failure);
    if (page) {
      await failureShot(page);
      const shown = await page.innerText('body').catch(() => '');
      console.error(`it was at ${page.url()}, and showed:\n${shown.slice(0, 3000)}`);
    }
    process.exitCode = 1;
  } finally {
    await browser.close();
    between.close();
  }
}

// A person's way through the console, in a real browser, before a real cloud with a real guest.
// BRUME_URL, BRUME_TOKEN and BRUME_CHROMIUM say where they are; the exit status is the answer, and 77
// that the browser does not start.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { failureShot, glance, picture, watch } from './pages.mjs';
import { relay } from './relay.mjs';

const { BRUME_URL, BRUME_TOKEN, BRUME_CHROMIUM } = process.env;
// Generous: a step waits only as long as it must, and a machine may be busy.
const WAIT_MS = 120_000;
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

const between = relay(Number(new URL(BRUME_URL).port));
const origin = `http://localhost:${await between.listen()}`;
const browser = await chromium.launch({ executablePath: BRUME_CHROMIUM, args: FLAGS }).catch((failure) => {
  console.error(failure);
  process.exit(NO_BROWSER);
});
const found = [];
let page;

async function step(name, run) {
  const started = Date.now();
  await run();
  console.log(`${String(Date.now() - started).padStart(6)} ms  ${name}`);
}

async function newPage() {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(WAIT_MS);
  const opened = await context.newPage();
  return { opened, wrong: watch(opened, origin) };
}

async function signIn(on, token) {
  await on.getByLabel('Token', { exact: true }).fill(token);
  await on.getByRole('button', { name: 'Sign in' }).click();
}

const heading = (on, name) => on.getByRole('heading', { level: 1, name });

/** The call of another client, for what the console does not do. */
async function api(method, path, body) {
  const answer = await fetch(`${BRUME_URL}${path}`, {
    method,
    headers: { Authorization: `Bearer ${BRUME_TOKEN}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
}

async function aPersonsWay() {
  const { opened, wrong } = await newPage();
  page = opened;

  await step('a wrong token is refused in words', async () => {
    await page.goto(`${origin}/instances`);
    await heading(page, 'Sign in to Brume').waitFor();
    found.push(...(await picture(page, 'sign-in')));
    await signIn(page, 'no-token-of-this-cloud');
    await page.getByText('This token does not hold', { exact: false }).waitFor();
  });

  await step('the right one leads to where the link went', async () => {
    await signIn(page, BRUME_TOKEN);
    await heading(page, 'Instances').waitFor();
    await page.getByText('No instances yet').waitFor();
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script can read the session');
    found.push(...(await glance(page, 'instances-empty')));
  });

  await step('the price and the place are there before the launch', async () => {
    await page.getByRole('button', { name: 'Launch instances' }).first().click();
    await heading(page, 'Launch instances').waitFor();
    await page.getByLabel('Name – optional').fill('first');
    await page.getByTestId('price').waitFor();
    await page.getByText('1 in zone', { exact: false }).waitFor();
    found.push(...(await picture(page, 'launch')));
  });

  await step('launched, it becomes running by itself', async () => {
    await page.getByTestId('launch').click();
    await heading(page, 'first').waitFor();
    await page.getByText('Running', { exact: true }).first().waitFor();
    await page.getByTestId('cost').waitFor();
    found.push(...(await picture(page, 'instance')));
  });

  await step('a shell answers in the serial console', async () => {
    await page.getByRole('tab', { name: 'Console' }).click();
    const terminal = page.getByTestId('terminal');
    await page.getByText('Connected', { exact: true }).waitFor();
    await terminal.getByText('ready after', { exact: false }).first().waitFor();
    await terminal.click();
    await page.keyboard.type('uname -a\n');
    await terminal.getByText('riscv64 GNU/Linux', { exact: false }).first().waitFor();
    found.push(...(await picture(page, 'console')));
  });

  await step('what it uses is drawn', async () => {
    await page.getByRole('tab', { name: 'Monitoring' }).click();
    await page.getByRole('heading', { name: 'Instructions' }).waitFor();
    found.push(...(await picture(page, 'monitoring')));
  });

  await step('tags are edited, the history is there', async () => {
    await page.getByRole('tab', { name: 'Tags' }).click();
    await page.getByRole('button', { name: 'Edit tags' }).click();
    await page.getByRole('button', { name: 'Add tag' }).click();
    await page.getByRole('textbox', { name: 'Key' }).fill('team');
    await page.getByRole('textbox', { name: 'Value' }).fill('blue');
    await page.getByRole('button', { name: 'Save tags' }).click();
    await page.getByRole('cell', { name: 'blue' }).waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('rowheader', { name: 'Running' }).waitFor();
    found.push(...(await glance(page, 'history')));
  });
  return wrong;
}

async function theCloudGoesAndComes() {
  await step('the cloud goes away and comes back, and the page says so', async () => {
    await page.goto(`${origin}/instances`);
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByRole('button', { name: 'Live' }).waitFor();
    between.take();
    await page.getByText('The cloud does not answer.', { exact: false }).first().waitFor();
    const wanted = { image: 'debian-micro', type: 'e1.nano', count: 1, name: 'meanwhile' };
    const { instances } = await api('POST', '/v1/instances', wanted);
    between.giveBack();
    await page.getByRole('button', { name: 'Live' }).waitFor();
    // What happened while it was away is there without a reload.
    await page.getByRole('link', { name: 'meanwhile' }).waitFor();
    found.push(...(await picture(page, 'instances')));
    await api('POST', `/v1/instances/${instances[0].id}/terminate`);
  });
}

async function theEnd() {
  await step('stopped after a question, with a way back', async () => {
    await page.getByRole('link', { name: 'first' }).click();
    await heading(page, 'first').waitFor();
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Stop' }).click();
    await page.getByText('The guest is asked to shut down.', { exact: false }).waitFor();
    await page.getByTestId('agree').click();
    await page.getByRole('button', { name: 'Start again' }).waitFor();
    await page.getByText('Stopped', { exact: true }).first().waitFor();
  });

  await step('terminated only after its name was typed', async () => {
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Terminate' }).click();
    const typed = page.getByLabel('To confirm, type first');
    await typed.waitFor();
    assert.ok(await page.getByTestId('agree').isDisabled());
    found.push(...(await glance(page, 'terminate')));
    await typed.fill('first');
    await page.getByTestId('agree').click();
    await page.getByText('Terminated', { exact: true }).first().waitFor();
  });

  await step('the bill is there, and a line is explained down to the log', async () => {
    await page.goto(`${origin}/billing`);
    await page.getByTestId('month').waitFor();
    await page.getByRole('button', { name: 'Explain the line of first' }).click();
    await page.getByText('Why first costs this').waitFor();
    await page.getByText('asked by', { exact: false }).first().waitFor();
    found.push(...(await glance(page, 'explain')));
    await page.keyboard.press('Escape');
    found.push(...(await picture(page, 'costs')));
  });
}

async function theOtherPages() {
  const pages = [
    ['/images', 'Images', 'images'],
    ['/fleet', 'Fleet', 'fleet'],
    ['/billing/invoices', 'Invoices', 'invoices'],
    ['/account', 'Account', 'account'],
    ['/account/tokens', 'Account', 'tokens'],
    ['/account/audit', 'Account', 'audit'],
  ];
  for (const [path, title, name] of pages) {
    await step(`the page ${path}`, async () => {
      await page.goto(`${origin}${path}`);
      await heading(page, title).waitFor();
      await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'hidden' });
      found.push(...(await picture(page, name)));
    });
  }

  await step('the palette goes anywhere by the keyboard', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'An instance, a page', exact: false }).fill('cos');
    await page.getByRole('option', { name: 'Costs' }).waitFor();
    found.push(...(await glance(page, 'palette')));
    await page.keyboard.press('Enter');
    await heading(page, 'Costs').waitFor();
  });
}

async function aSmallAccount() {
  const small = await api('POST', '/v1/accounts', { name: 'small', quotas: { instancesMax: 1 } });
  const { opened, wrong } = await newPage();
  page = opened;
  await step('what is above the quota is refused before and at the launch', async () => {
    await page.goto(`${origin}/instances/launch`);
    await signIn(page, small.ownerToken.token);
    await heading(page, 'Launch instances').waitFor();
    await page.getByLabel('Number').fill('2');
    await page.getByText('It would be refused').waitFor();
    await page.getByTestId('launch').click();
    await page.getByText('It was not launched').waitFor();
    await page.getByText('the account may hold 1 instance', { exact: false }).first().waitFor();
    found.push(...(await glance(page, 'quota')));
  });
  await step('signed out, nothing is shown', async () => {
    await page.getByRole('button', { name: 'small' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in to Brume').waitFor();
    await page.goto(`${origin}/instances`);
    await heading(page, 'Sign in to Brume').waitFor();
  });
  return wrong;
}

try {
  const wrong = await aPersonsWay();
  await theCloudGoesAndComes();
  await theEnd();
  await theOtherPages();
  wrong.push(...(await aSmallAccount()));
  assert.deepEqual([...new Set([...found, ...wrong])], []);
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

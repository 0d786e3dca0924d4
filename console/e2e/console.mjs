// A person's way through the console, in a real browser, before a real cloud with real guests; then
// an operator's. The exit status is the answer, and 77 that the browser does not start.
import assert from 'node:assert/strict';
import { anOperatorsWay } from './operator.mjs';
import { glance, picture } from './pages.mjs';
import { api, between, found, heading, newPage, origin, settled, signIn, step, token, walk } from './person.mjs';

async function aPersonsWay(page) {
  await step('a wrong token is refused in words', async () => {
    await page.goto(`${origin}/instances`);
    await heading(page, 'Sign in to Brume').waitFor();
    found.push(...(await picture(page, 'sign-in')));
    await signIn(page, 'no-token-of-this-cloud');
    await page.getByText('This token does not hold', { exact: false }).waitFor();
  });

  await step('the right one leads to where the link went', async () => {
    await signIn(page, token);
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
    found.push(...(await picture(page, 'tags')));
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('rowheader', { name: 'Running' }).waitFor();
    found.push(...(await picture(page, 'history')));
  });

  await step('its cost has begun to tick', async () => {
    await page.getByRole('tab', { name: 'Overview' }).click();
    const cost = page.getByTestId('cost');
    const before = await cost.textContent();
    await page.waitForFunction((was) => document.querySelector('[data-testid=cost]')?.textContent !== was, before);
    found.push(...(await picture(page, 'instance')));
  });
}

async function theCloudGoesAndComes(page) {
  await step('the cloud goes away and comes back, and the page says so', async () => {
    await page.goto(`${origin}/instances`);
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByRole('button', { name: 'Live' }).waitFor();
    between.take();
    await page.getByText('The cloud does not answer.', { exact: false }).first().waitFor();
    found.push(...(await glance(page, 'away')));
    const wanted = { image: 'debian-micro', type: 'e1.nano', count: 2, name: 'meanwhile' };
    await api('POST', '/v1/instances', wanted);
    between.giveBack();
    await page.getByRole('button', { name: 'Live' }).waitFor();
    // What happened while it was away is there without a reload.
    await page.getByRole('link', { name: 'meanwhile-2' }).waitFor();
    found.push(...(await picture(page, 'instances')));
  });
}

async function theEnd(page) {
  await step('stopped after a question, with a way back', async () => {
    await page.goto(`${origin}/instances`);
    await page.getByRole('link', { name: 'first' }).click();
    await heading(page, 'first').waitFor();
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Stop' }).click();
    await page.getByText('The guest is asked to shut down.', { exact: false }).waitFor();
    found.push(...(await glance(page, 'stop')));
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
    // By the keyboard alone: what is to be typed has it.
    await page.keyboard.type('first');
    await page.getByTestId('agree').click();
    await page.getByText('Terminated', { exact: true }).first().waitFor();
  });

  await step('the others are terminated together from the table', async () => {
    await page.goto(`${origin}/instances`);
    await page.getByRole('link', { name: 'meanwhile-2' }).waitFor();
    await page.getByTitle('Select all on this page').first().click();
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Terminate' }).click();
    await page.getByLabel('To confirm, type 2').fill('2');
    await page.getByTestId('agree').click();
    await page.getByText('No instances yet').waitFor();
  });

  await step('what was running a while ago is still known', async () => {
    await page.goto(`${origin}/instances/as-of?at=${runningAt}`);
    await page.getByRole('link', { name: 'first' }).waitFor();
    await page.getByText('Running', { exact: true }).first().waitFor();
    found.push(...(await picture(page, 'as-of')));
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
    await page.goto(`${origin}/billing?by=day`);
    await page.getByRole('heading', { name: 'Costs by day' }).waitFor();
    found.push(...(await glance(page, 'costs-by-day')));
  });
}

let runningAt = '';

async function theAccountsPages(page) {
  await step('a budget is made', async () => {
    await page.goto(`${origin}/billing/budgets`);
    await page.getByText('No budgets yet').waitFor();
    await page.getByRole('button', { name: 'Make a budget' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('all');
    await page.getByRole('dialog').getByLabel('Amount').fill('100.00');
    found.push(...(await glance(page, 'budget-form')));
    await page.getByTestId('agree').click();
    await page.getByRole('rowheader', { name: 'all' }).waitFor();
    found.push(...(await picture(page, 'budgets')));
  });

  await step('a webhook is set, its secret shown once, and removed', async () => {
    await page.getByRole('button', { name: 'Set a webhook' }).click();
    await page.getByLabel('Address').fill('https://example.com/brume');
    await page.getByTestId('agree').click();
    await page.getByText(/^whsec_/).waitFor();
    found.push(...(await glance(page, 'webhook')));
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByTestId('agree').click();
    await page.getByText('None: alerts are shown here', { exact: false }).waitFor();
  });

  await step('a person is added and given another role', async () => {
    await page.goto(`${origin}/account/users`);
    await page.getByText('No users yet').waitFor();
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('ada@example.com');
    await page.getByTestId('agree').click();
    await page.getByRole('button', { name: 'Role ada@example.com' }).click();
    await page.getByRole('dialog').getByLabel('Role').click();
    await page.getByRole('option', { name: 'Operator', exact: false }).click();
    await page.getByTestId('agree').click();
    await page.getByRole('cell', { name: 'Operator: launch, stop, change' }).waitFor();
    found.push(...(await picture(page, 'users')));
  });

  await step('a policy is made and changed', async () => {
    await page.goto(`${origin}/account/policies`);
    await page.getByRole('button', { name: 'Make a policy' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('keep production');
    await page.getByLabel('Actions', { exact: true }).fill('TerminateInstances');
    await page.getByLabel('Tags – optional').fill('env=prod');
    await page.getByTestId('agree').click();
    await page.getByRole('cell', { name: 'env=prod' }).waitFor();
    await page.getByRole('button', { name: 'Change the policy keep production' }).click();
    await page.getByLabel('Tags – optional').fill('env=prod*');
    await page.getByTestId('agree').click();
    await page.getByRole('cell', { name: 'env=prod*' }).waitFor();
    found.push(...(await picture(page, 'policies')));
  });

  await step('a token is made, shown once, and rotated', async () => {
    await page.goto(`${origin}/account/tokens`);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('dialog').getByLabel('Label').fill('ci');
    await page.getByTestId('agree').click();
    await page.getByText('export BRUME_TOKEN=', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Rotate ci' }).click();
    await page.getByTestId('agree').click();
    await page.getByRole('button', { name: 'Rotate ci' }).nth(1).waitFor();
    found.push(...(await picture(page, 'tokens')));
  });

  const pages = [
    ['/images', 'Images', 'images'],
    ['/billing/invoices', 'Invoices', 'invoices-empty'],
    ['/billing/usage', 'Usage', 'usage'],
    ['/billing/prices', 'Price books', 'prices'],
    ['/account', 'Account', 'account'],
    ['/account/keys', 'Account', 'keys'],
    ['/account/audit', 'Account', 'audit'],
  ];
  for (const [path, title, name] of pages) {
    await step(`the page ${path}`, async () => {
      await page.goto(`${origin}${path}`);
      await heading(page, title).waitFor();
      await settled(page);
      found.push(...(await picture(page, name)));
    });
  }

  await step('the audit trail is taken along', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([page.waitForEvent('popup').catch(() => undefined), page.getByRole('menuitem', { name: 'CSV' }).click()]);
    await file?.close().catch(() => undefined);
    const answer = await page.request.get(`${origin}/v1/audit/export?format=csv`);
    const trail = await answer.text();
    assert.match(trail, /TerminateInstances/);
    assert.doesNotMatch(trail, /PublishPriceBook/, 'a book that was only tried was not published');
  });

  await step('the palette goes anywhere by the keyboard', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'An instance, a page', exact: false }).fill('cos');
    await page.getByRole('option', { name: 'Costs' }).waitFor();
    found.push(...(await glance(page, 'palette')));
    await page.keyboard.press('Enter');
    await heading(page, 'Costs').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await heading(page, 'Usage').waitFor();
    await page.keyboard.press('?');
    await page.getByText('Keyboard shortcuts').first().waitFor();
    found.push(...(await glance(page, 'shortcuts')));
    await page.keyboard.press('Escape');
  });

  await step('what is not there says so, and leads on', async () => {
    for (const [path, says, name] of [
      ['/no-such-page', 'There is no such page', 'no-page'],
      ['/instances/i-0000000000000dead', 'There is no such instance', 'no-instance'],
      ['/billing/invoices/inv-0000000000000dead', 'There is no such invoice', 'no-invoice'],
      ['/fleet/node-0000000000000dead', 'There is no such node', 'no-node'],
      ['/cloud/accounts/999999999999', 'There is no such account', 'no-account'],
      ['/billing/prices/none', 'There is no such price book', 'no-price-book'],
    ]) {
      await page.goto(`${origin}${path}`);
      await page.getByText(says).first().waitFor();
      found.push(...(await glance(page, name)));
    }
  });
}

async function aSmallAccount() {
  const small = await api('POST', '/v1/accounts', { name: 'small', quotas: { instancesMax: 1 } });
  const page = await newPage();
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
  await step('what is for operators of the cloud is not for everybody', async () => {
    await page.goto(`${origin}/fleet`);
    await page.getByText('Only operators of the cloud see this').waitFor();
    assert.equal(await page.getByRole('link', { name: 'Fleet' }).count(), 0);
  });
  await step('signed out, nothing is shown', async () => {
    await page.getByRole('button', { name: 'small' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in to Brume').waitFor();
    await page.goto(`${origin}/instances`);
    await heading(page, 'Sign in to Brume').waitFor();
  });
}

await walk(async () => {
  const page = await newPage();
  await aPersonsWay(page);
  runningAt = new Date().toISOString();
  await theCloudGoesAndComes(page);
  await anOperatorsWay(page);
  await theEnd(page);
  await theAccountsPages(page);
  await aSmallAccount();
});

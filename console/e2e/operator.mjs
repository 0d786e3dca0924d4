// What an operator of the cloud does: looks at the fleet, empties a node with a guest on it, agrees on
// terms with an account, tries a price book.
import assert from 'node:assert/strict';
import { glance, picture } from './pages.mjs';
import { api, found, heading, origin, settled, step } from './person.mjs';

async function nodeOf(name) {
  const { items } = await api('GET', `/v1/instances?name=${name}`);
  return items.find((one) => one.state === 'running')?.node;
}

async function theFleet(page) {
  await step('the fleet is a map, with what would fit', async () => {
    await page.goto(`${origin}/fleet`);
    await heading(page, 'Fleet').waitFor();
    await page.getByRole('rowheader', { name: 'e1.nano' }).waitFor();
    await settled(page);
    found.push(...(await picture(page, 'fleet')));
  });

  await step('why one waits, and what is the largest that would fit', async () => {
    // Larger than any node of this machine has free.
    const types = (await api('GET', '/v1/instance-types')).items;
    const largest = types.reduce((most, type) => (type.memoryMib > most.memoryMib ? type : most));
    const { instances } = await api('POST', '/v1/instances', { image: 'debian-micro', type: largest.name, count: 3, name: 'waits' });
    await page.goto(`${origin}/fleet`);
    await page.getByText('no node has', { exact: false }).first().waitFor();
    found.push(...(await glance(page, 'fleet-waiting')));
    for (const { id } of instances) await api('POST', `/v1/instances/${id}/terminate`);
  });

  const from = await nodeOf('first');
  await step('a node is emptied, and its guest starts again on another', async () => {
    await page.goto(`${origin}/fleet/${from.id}`);
    await heading(page, from.name).waitFor();
    found.push(...(await picture(page, 'node')));
    await page.getByRole('button', { name: `Actions for ${from.name}` }).click();
    await page.getByRole('menuitem', { name: 'Drain' }).click();
    const typed = page.getByLabel(`To confirm, type ${from.name}`);
    await typed.waitFor();
    assert.ok(await page.getByTestId('agree').isDisabled());
    found.push(...(await glance(page, 'drain-question')));
    await typed.fill(from.name);
    await page.getByTestId('agree').click();
    await page.getByTestId('drain').waitFor();
    found.push(...(await glance(page, 'node-draining')));
    await page.getByText('It holds nothing and takes nothing', { exact: false }).waitFor();
    found.push(...(await picture(page, 'node-drained')));
    await page.goto(`${origin}/instances`);
    await page.getByRole('row', { name: 'first' }).getByText('Running').waitFor();
    const to = await nodeOf('first');
    assert.notEqual(to.id, from.id, 'it runs on another node');
  });

  await step('and takes new work again', async () => {
    await page.goto(`${origin}/fleet/${from.id}`);
    await page.getByRole('button', { name: `Actions for ${from.name}` }).click();
    await page.getByRole('menuitem', { name: 'Take new work again' }).click();
    await page.getByText('Ready', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: `Actions for ${from.name}` }).click();
    await page.getByRole('menuitem', { name: 'Cordon' }).click();
    await page.getByTestId('agree').click();
    await page.getByText('Cordoned: nothing new is placed here', { exact: false }).waitFor();
    await api('PATCH', `/v1/nodes/${from.id}`, { availability: 'active' });
  });
}

async function anAccount(page) {
  const order = `order-${Date.now()}`;
  await step('an account is made, and terms and a credit agreed with it', async () => {
    await page.goto(`${origin}/cloud/accounts`);
    await page.getByRole('button', { name: 'Make an account' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('blue');
    await page.getByTestId('agree').click();
    await page.getByText('export BRUME_TOKEN=', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'blue' }).waitFor();
    found.push(...(await picture(page, 'accounts')));
    await page.getByRole('link', { name: 'blue' }).click();
    await heading(page, 'blue').waitFor();
    await page.getByRole('button', { name: 'Change the terms' }).click();
    await page.getByLabel('Country').fill('FR');
    await page.getByLabel('Discount on usage in percent').fill('12.5');
    found.push(...(await glance(page, 'terms-form')));
    await page.getByTestId('agree').click();
    await page.getByText('12.5 %').waitFor();
    await page.getByRole('button', { name: 'Grant a credit' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill(order);
    await page.getByRole('dialog').getByLabel('Amount').fill('50.00');
    await page.getByTestId('agree').click();
    await page.getByRole('rowheader', { name: order }).waitFor();
    await settled(page);
    found.push(...(await picture(page, 'operated-account')));
  });
}

async function prices(page) {
  await step('a price book is tried and shows what it would change', async () => {
    await page.goto(`${origin}/billing/prices`);
    await page.getByText('In force', { exact: true }).waitFor();
    await page.getByRole('link', { name: '2026-01' }).click();
    await page.getByRole('rowheader', { name: 'e1.nano' }).first().waitFor();
    found.push(...(await picture(page, 'price-book')));
    await page.goto(`${origin}/billing/prices/new`);
    const list = page.getByLabel('Prices as JSON');
    await list.waitFor();
    const prices = JSON.parse(await list.inputValue());
    const nano = prices.find((price) => price.sku === 'e1.nano' && price.meter === 'instance-seconds');
    nano.micros *= 2;
    await list.fill(JSON.stringify(prices, undefined, 1));
    await page.getByRole('button', { name: 'See what would change' }).click();
    await page.getByText('+100 %').waitFor();
    found.push(...(await picture(page, 'price-book-new')));
    await list.fill('[{');
    await page.getByText('This is not a list in JSON', { exact: false }).waitFor();
  });
}

export async function anOperatorsWay(page) {
  await theFleet(page);
  await anAccount(page);
  await prices(page);
}

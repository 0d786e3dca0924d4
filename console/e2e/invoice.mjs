// After the month has passed: an operator audits it and issues its invoices, and a person opens theirs,
// explains a line down to the log, and takes it along. BRUME_MONTH is the month, such as 2026-10.
import assert from 'node:assert/strict';
import { glance, picture } from './pages.mjs';
import { found, heading, newPage, origin, signIn, step, token, walk } from './person.mjs';

const { BRUME_MONTH } = process.env;

async function close(page) {
  await step('the month is audited against the log', async () => {
    await page.goto(`${origin}/cloud/periods?month=${BRUME_MONTH}`);
    await signIn(page, token);
    await heading(page, 'Billing periods').waitFor();
    found.push(...(await glance(page, 'periods-empty')));
    await page.getByRole('button', { name: 'Audit', exact: true }).click();
    await page.getByText('Usage and log agree').waitFor();
    await page.getByText('The log is whole').waitFor();
    found.push(...(await picture(page, 'periods')));
  });

  await step('and closed: its invoices are issued', async () => {
    await page.getByRole('button', { name: 'Close the month' }).click();
    await page.getByText('Issued invoices never change.', { exact: false }).waitFor();
    await page.getByTestId('agree').click();
    await page.getByText('is closed:', { exact: false }).waitFor();
  });
}

async function taken(page, format) {
  const answer = await page.request.get(`${page.url().replace('/billing/', '/v1/')}?format=${format}`);
  assert.equal(answer.status(), 200, format);
  return answer.body();
}

async function open(page) {
  await step('the invoice is opened', async () => {
    await page.goto(`${origin}/billing/invoices`);
    await page.getByText('Issued', { exact: true }).first().waitFor();
    found.push(...(await picture(page, 'invoices')));
    await page.getByRole('link', { name: /^\d{12}-\d{6}$/ }).first().click();
    await heading(page, /^Invoice \d{12}-\d{6}$/).waitFor();
    await page.getByRole('button', { name: 'Explain the line of first' }).waitFor();
    found.push(...(await picture(page, 'invoice')));
  });

  await step('a line is explained down to the transitions', async () => {
    await page.getByRole('button', { name: 'Explain the line of first' }).click();
    await page.getByText('Why first costs this').waitFor();
    await page.getByText('of the log', { exact: false }).first().waitFor();
    await page.getByText('RUN asked by', { exact: false }).first().waitFor();
    // It was emptied off its node once: two intervals, and so two starts.
    assert.ok((await page.getByText('Running', { exact: true }).count()) >= 2, 'each start is there');
    found.push(...(await picture(page, 'invoice-explained')));
    await page.keyboard.press('Escape');
  });

  await step('it is taken along as PDF and CSV', async () => {
    await page.getByRole('button', { name: 'Download' }).click();
    for (const name of ['PDF', 'CSV, a line for a row', 'FOCUS 1.4 (CSV)', 'JSON']) {
      await page.getByRole('menuitem', { name }).waitFor();
    }
    found.push(...(await glance(page, 'invoice-downloads')));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV, a line for a row' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /\.csv$/);
    assert.equal((await taken(page, 'pdf')).subarray(0, 5).toString(), '%PDF-');
    assert.match((await taken(page, 'csv')).toString(), /e1\.nano/);
  });

  await step('and marked as paid by an operator', async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settle' }).click();
    await page.getByRole('menuitem', { name: 'Mark as paid' }).click();
    await page.getByLabel('Note – optional').fill('card');
    await page.getByTestId('agree').click();
    await page.getByText('Paid', { exact: true }).first().waitFor();
  });
}

await walk(async () => {
  const page = await newPage();
  await close(page);
  await open(page);
});

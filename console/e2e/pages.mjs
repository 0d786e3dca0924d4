// What is asked of every page: no serious finding of axe, nothing asked of another host, nothing that
// the content security policy refused; and a picture of it in each size and theme.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = fileURLToPath(new URL('../target/screenshots/', import.meta.url));
const SIZES = [
  { width: 1440, height: 900 },
  { width: 400, height: 860 },
];
const THEMES = ['light', 'dark'];

mkdirSync(SHOTS, { recursive: true });

/** Writes into `wrong` what a page should never do. */
export function watch(page, origin, wrong) {
  const own = [origin, origin.replace('http', 'ws'), 'data:'];
  page.on('request', (request) => {
    if (!own.some((place) => request.url().startsWith(place))) wrong.push(`asked of another host: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(`the page failed: ${error.stack}`));
}

/** Serious findings, each with the first element it is about; of all rules or of these. */
export async function findings(page, rules) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (only) => globalThis.axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) }),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 300)}`);
}

const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** All of the page, on a screen that is as high. */
async function whole(page, name, size) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (height > size.height) {
    await page.setViewportSize({ width: size.width, height });
    await drawn(page);
  }
  await page.screenshot({ path: `${SHOTS}${name}.png` });
}

/** In light and dark, wide and narrow; of the dark only what colours can do wrong is asked again. */
export async function picture(page, name) {
  const found = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await drawn(page);
      await whole(page, `${name}-${size.width}-${colorScheme}`, size);
      if (size.width === 400) {
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wider > 0) found.push(`the page is ${wider} px wider than the screen`);
      } else {
        found.push(...(await findings(page, colorScheme === 'light' ? undefined : ['color-contrast'])));
      }
    }
  }
  await page.setViewportSize(SIZES[0]);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return found.map((one) => `${name}: ${one}`);
}

/** Of what is a part of a page that has its pictures: one, and the findings. */
export async function glance(page, name) {
  await page.screenshot({ path: `${SHOTS}${name}-1440-light.png` });
  return (await findings(page)).map((one) => `${name}: ${one}`);
}

export async function failureShot(page) {
  await page.screenshot({ path: `${SHOTS}failed.png`, timeout: 5000 }).catch(() => undefined);
}

import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FixtureServer, startFixture } from './fixture-board.ts';
import { compilePage, hasBrowser, launchBrowser } from './page-in-browser.ts';
import { anAction, anException, noon } from './rows.ts';

/** Run in the page: gathers in `touched` the lines that anything is written to, but for what time alone moves. */
const watchLines = `
  window.touched = new Set();
  new MutationObserver((records) => {
    for (const { target } of records) {
      const node = target instanceof Element ? target : target.parentElement;
      if (node?.closest('h2')) window.touched.add(node.closest('.row'));
    }
  }).observe(document.querySelector('#list'), { subtree: true, childList: true, characterData: true });
`;

describe.skipIf(!hasBrowser)('the page in a browser', () => {
  let browser: Browser;
  let root: string;
  let server: FixtureServer;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    root = await compilePage();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await rm(root, { recursive: true, force: true });
  });
  afterEach(async () => {
    await page.close();
    await server.app.close();
    expect(complaints).toEqual([]);
  });

  const open = async (size: number, options: Parameters<Browser['newPage']>[0] = {}): Promise<void> => {
    server = await startFixture({ size, root });
    page = await browser.newPage(options);
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 503'))
        complaints.push(message.text());
    });
    await page.goto(server.url);
    await page.waitForSelector('#connection[data-state=live]');
  };
  const lines = (): Promise<number> => page.locator('.row').count();
  const settled = (check: () => Promise<unknown>, wanted: unknown) =>
    expect.poll(check, { timeout: 10_000 }).toEqual(wanted);

  it('shows a thousand lines, the gravest first, and a change touches one of them', async () => {
    await open(1_000);
    await settled(lines, 1_000);
    const scores = (await page.locator('.score').allTextContents()).map(Number);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    await page.evaluate(watchLines);
    const exception = server.board.exception('x0');
    if (exception === undefined) throw new Error('no x0');
    server.board.applyException({ ...exception, version: 2, category: 'changed' });
    await settled(() => page.locator('h2', { hasText: 'Changed' }).count(), 1);
    expect(await page.evaluate('window.touched.size')).toBe(1);
  });

  it('approves at once on the page and once in the log', async () => {
    await open(0);
    await settled(() => page.locator('#empty').isVisible(), true);
    server.board.applyException(anException());
    server.board.applyAction(anAction({ state: 'awaiting_approval', role: 'desk', costMinor: 4_500 }));
    await page.getByRole('button', { name: 'Approve: Notify customer for S-1' }).click();
    await settled(
      () => page.locator('#notice').textContent(),
      'Say who decides: enter your name above, then decide again.',
    );
    await page.getByLabel('You decide as').fill('Dana');
    await page.getByRole('button', { name: 'Approve: Notify customer for S-1' }).click();
    await settled(() => page.locator('.action-state').textContent(), 'being sent · Dana');
    expect(server.decided).toEqual(['approve a1 by Dana']);
    expect(await page.getByRole('button', { name: /Approve/ }).count()).toBe(0);
  });

  it('refuses with a reason, and says so when the server did not take it', async () => {
    await open(0);
    server.board.applyException(anException());
    server.board.applyAction(anAction({ state: 'awaiting_approval' }));
    await page.getByLabel('You decide as').fill('Dana');
    server.setRefusing(true);
    await page.getByRole('button', { name: /Refuse/ }).click();
    await page.getByRole('button', { name: 'Too costly' }).click();
    await settled(() => page.locator('.action .error').textContent(), 'FW304 the log is closed');
    server.setRefusing(false);
    await page.getByRole('button', { name: /Refuse/ }).click();
    await page.getByRole('button', { name: 'Too costly' }).click();
    await settled(() => page.locator('.action-state').textContent(), 'refused · Dana');
    await page.getByRole('button', { name: /Take it on/ }).click();
    await settled(() => page.locator('.acknowledge').textContent(), 'Acknowledged');
  });

  it('writes what partners send as text, never as markup', async () => {
    await open(0);
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const evidence = { events: [evil], alerts: [], ports: [], predictions: [] };
    server.board.applyException(
      anException({ shipmentId: evil, customerId: evil, carrier: evil, lane: evil, evidence }),
    );
    await page.locator('summary', { hasText: '1 event' }).click();
    await settled(() => page.locator('code').first().textContent(), evil);
    expect(await page.locator('.row strong').textContent()).toBe(evil);
    expect(await page.locator('.row img, .row script').count()).toBe(0);
    expect(await page.title()).toBe('Forewarn');
  });

  it('filters, ends lines, and can be walked by keyboard', async () => {
    await open(40);
    await settled(lines, 40);
    await page.getByLabel('Needs approval').check();
    await settled(lines, server.board.totals().waiting);
    await page.getByLabel('Needs approval').uncheck();
    await page.getByLabel('Find').fill('S-104233 ');
    await settled(lines, 1);
    await page.getByLabel('Find').fill('');
    await settled(lines, 40);
    await page.locator('.row').first().focus();
    await page.keyboard.press('j');
    expect(await page.evaluate("document.activeElement === document.querySelectorAll('.row')[1]")).toBe(true);
    const exception = server.board.exception('x3');
    if (exception === undefined) throw new Error('no x3');
    server.board.applyException({ ...exception, version: 9, state: 'closed', closedAt: noon });
    await settled(lines, 39);
    await page.locator('#ended summary').click();
    await settled(() => page.locator('.ended-row').count(), 50);
  });

  it('comes back by itself with a fresh board after the line was restarted', async () => {
    await open(3);
    await settled(lines, 3);
    const port = Number(new URL(server.url).port);
    await server.app.close();
    await page.waitForSelector('#connection[data-state=reconnecting]');
    server = await startFixture({ size: 5, root, port });
    await settled(lines, 5);
    complaints.length = 0;
  });

  it.each(['light', 'dark'] as const)('fits 380 px without a sideways scroll, %s', async (colorScheme) => {
    await open(60, { viewport: { width: 380, height: 800 }, colorScheme });
    await settled(lines, 60);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as nap } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionView, BoardView } from '../../console/page/contract.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { until } from '../support/until.ts';
import { canRunLine, type RunningLine, startLine } from './running-line.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
if (!hasBrowser) console.warn(`skipped: the screenshot, for there is no ${executablePath} (set CHROMIUM)`);

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const startAt = '2026-01-05T00:00:00Z';
const warmUpDays = 2;
const minuteMs = 60_000;
const longMs = 300_000;

/** The simulated line as `npm start` runs it, only with fewer shipments, and what its page shows of it. */
describe.skipIf(!hasBrowser || !canRunLine())('the page of the running line', () => {
  let folder: string;
  let line: RunningLine;
  let browser: Browser;
  let page: Page;

  const board = async (): Promise<BoardView> =>
    (await (await fetch(`${line.url}/v1/exceptions?limit=1000`)).json()) as BoardView;
  const actions = async (): Promise<readonly ActionView[]> =>
    (await board()).rows.flatMap(({ actions: done }) => done);

  const isTelling = async (): Promise<boolean> => {
    // A board of a thousand lines is work for the line too: it is asked for twice a second at most.
    const [{ totals, progress }] = await Promise.all([board(), nap(500)]);
    const isWarm = progress.at >= Date.parse(startAt) + (warmUpDays * 24 + 1) * 60 * minuteMs;
    return isWarm && totals.waiting > 0 && totals.actionsSent > 0 && totals.outcomes > 0;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forewarn-screenshot-'));
    const config = join(folder, 'forewarn.yaml');
    const world = { shipmentsPerDay: 400, startAt, warmUpDays, warmSpeedUp: 3_600, speedUp: 60 };
    await writeFile(config, JSON.stringify({ sources: { simulated: world } }));
    line = await startLine({ config, data: join(folder, 'data') });
    browser = await chromium.launch({ executablePath, args: flags });
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(line.url);
    await until('the world is warm, and something waits for approval', isTelling, longMs);
  });

  afterAll(async () => {
    await browser?.close();
    line?.send('SIGTERM');
    // It stops by itself within ten seconds; a test of its own holds it to that.
    await Promise.race([line?.exited, nap(20_000)]);
    await line?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const numberUnder = async (name: string): Promise<number> => {
    const text = await page.locator('#totals > div', { hasText: name }).locator('.value').textContent();
    return Number(text?.replaceAll(/[^\d]/g, ''));
  };

  it('has what the README shows', async () => {
    await page.waitForSelector('#connection[data-state=live]');
    await page.waitForSelector('.row');
    for (const name of ['Open exceptions', 'Wait for approval', 'Actions sent', 'Shipments ended'])
      await expect.poll(() => numberUnder(name), { timeout: 30_000 }).toBeGreaterThan(0);
    const some = async (selector: string): Promise<void> =>
      expect(await page.locator(selector).count(), selector).toBeGreaterThan(0);
    await some('.kind[data-kind=predicted]');
    await some('.kind[data-kind=detected]');
    for (const tier of ['standard', 'priority', 'guaranteed']) await some(`.tier[data-tier=${tier}]`);
    await some('.action[data-state=sent]');
    await some('.action[data-state=awaiting_approval] button.primary:visible');
    await some('.evidence summary');
    const scores = (await page.locator('.score').allTextContents()).map(Number);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    // Time on the page is never ahead of what it speaks of.
    expect(
      (await page.locator('.action-state').allTextContents()).filter((text) => text.startsWith('sent in ')),
    ).toEqual([]);
    const wanted = process.env['UPDATE_SCREENSHOT'] === '1';
    const path = wanted ? join(packageRoot, 'docs', 'page.png') : join(folder, 'page.png');
    await page.screenshot({ path });
    expect(existsSync(path)).toBe(true);
  });

  it('approves an action, which then goes out', async () => {
    const waiting = (await actions())
      .filter(({ state }) => state === 'awaiting_approval')
      .toSorted((a, b) => (b.approvalDueAt ?? 0) - (a.approvalDueAt ?? 0));
    const [action] = waiting;
    if (action === undefined) throw new Error('nothing waits for approval any more');
    await page.getByLabel('You decide as').fill('Dana');
    await page.getByLabel('Find').fill(action.shipmentId);
    const row = page.locator('.row', { has: page.locator('.action[data-state=awaiting_approval]') }).first();
    await row.locator('button.primary:visible').first().click();
    const decided = async (): Promise<ActionView | undefined> =>
      (await actions()).find(
        ({ shipmentId, decidedBy }) => shipmentId === action.shipmentId && decidedBy === 'Dana',
      );
    await expect.poll(async () => (await decided())?.state, { timeout: 60_000, interval: 500 }).toBe('sent');
    await expect
      .poll(async () => (await page.locator('.action-state').allTextContents()).join('\n'), {
        timeout: 30_000,
      })
      .toMatch(/^sent .*· Dana$/m);
  });
});

import { rm } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallerView } from '../../console/page/contract.ts';
import { fillDesk, stormId } from './desk-fixture.ts';
import { type FixtureServer, startFixture } from './fixture-board.ts';
import { compilePage, hasBrowser, launchBrowser } from './page-in-browser.ts';
import { anException, noon } from './rows.ts';

const hour = 3_600_000;

/** Run in the page: controls without a name, and texts whose contrast is below WCAG AA. */
const complaintsOfPage = `(() => {
  const complaints = [];
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width > 1;
  for (const node of document.querySelectorAll('button, input, select, textarea, summary')) {
    if (!isShown(node)) continue;
    const label = node.getAttribute('aria-label') ?? node.labels?.[0]?.textContent ?? node.textContent;
    if (label.trim() === '') complaints.push('no name: ' + node.outerHTML);
  }
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let at = node; at !== null; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  for (const node of document.querySelectorAll('body *')) {
    const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== '');
    if (!hasText || !isShown(node) || node.matches('option, :disabled, .gone *')) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(rgba(style.color)), light(behind(node))].toSorted((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    if (ratio < (isLarge ? 3 : 4.5)) complaints.push(ratio.toFixed(2) + ' for ' + node.className + ': ' + node.textContent.slice(0, 40));
  }
  return complaints;
})()`;

describe.skipIf(!hasBrowser)('the desk in a browser', () => {
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

  const open = async (
    options: Parameters<Browser['newPage']>[0] & { caller?: CallerView } = {},
  ): Promise<void> => {
    const { caller, ...pageOptions } = options;
    server = await startFixture({
      size: 0,
      root,
      ...(caller === undefined ? {} : { caller }),
      records: {
        history: async (id) => [
          {
            kind: 'exception',
            at: noon - hour,
            id,
            version: 1,
            row: { state: 'open', severity: 60, changedBy: 'signal' },
          },
        ],
        evidence: async () => [{ id: 'e1', at: noon - hour, says: 'departed Joliet' }],
        events: async () => ({ events: [], next: null }),
      },
    });
    fillDesk(server.board);
    page = await browser.newPage(pageOptions);
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(server.url);
    await page.waitForSelector('#connection[data-state=live]');
    await page.waitForSelector('.row');
    if (caller === undefined) await page.getByLabel('You decide as').fill('Dana');
  };
  const settled = (check: () => Promise<unknown>, wanted: unknown) =>
    expect.poll(check, { timeout: 10_000 }).toEqual(wanted);
  const rowOf = (shipment: string): Locator =>
    page.locator('.row', { has: page.locator(`.who strong:text-is("${shipment}")`) });
  const shipments = () => page.locator('.who strong').allTextContents();
  const saysOf = (shipment: string) => rowOf(shipment).locator('.action-state').allTextContents();

  it('tells what became of each action, in words', async () => {
    await open();
    const says = await saysOf('S-900');
    expect(says[0]).toMatch(
      /^waits for planner · 1 of 2 approved \(Kim\) · escalates in \d+ min · too late in /,
    );
    expect(says[1]).toMatch(
      /^goes out in 3 h 5\d min, after the quiet hours$|^goes out in 4 h, after the quiet hours$/,
    );
    expect(says.slice(2)).toEqual([
      'not sent: the customer was told already',
      'held out, to compare',
      'recommended',
    ]);
    const row = rowOf('S-900');
    expect(await row.locator('.anew').textContent()).toBe('Judged anew because contract v3');
    expect(await row.locator('.impact').textContent()).toMatch(
      /^2 of 5 order lines late · 2 customers · \$12,400\.00 · first due Tue 14 Jan 11:30, in /,
    );
    expect(await row.locator('.owner').textContent()).toBe('Kim has it');
    expect(await row.locator('.notes li').textContent()).toContain('they call back at ten.');
  });

  it('shows the sum behind a severity, what the evidence says, the lines, and all that happened', async () => {
    await open();
    const row = rowOf('S-900');
    await row.locator('summary').click();
    const details = row.locator('.details');
    await settled(async () => (await details.textContent())?.includes('departed Joliet'), true);
    const text = (await details.textContent()) ?? '';
    expect(text).toContain(
      '83.2 = (50 category + 10 lateness + 12 tier + 6.2 value + 6 contents) × 0.988 certainty',
    );
    expect(Number(((50 + 10 + 12 + 6.2 + 6) * 0.988).toFixed(1))).toBe(83.2);
    expect(text).toContain('PO-71 line 1: due Tue 14 Jan 11:30, 6 h late');
    expect(text).toContain(
      'contract v3 · playbook delay-predicted@1 · version 3, because of contract contract-acme-3',
    );
    await details.getByRole('button', { name: 'Show all that happened' }).click();
    await settled(
      () => details.locator('.history li').first().textContent(),
      'Tue 14 Jan 08:30Version 1: open, severity 60, because of signal',
    );
    expect(await details.locator('.history').textContent()).toContain('Kim, comment: Carrier says');
  });

  it('lets the second of two people approve, and nobody twice', async () => {
    await open();
    await page.getByLabel('You decide as').fill('Kim');
    await settled(
      () => rowOf('S-900').locator('.mine').first().textContent(),
      'You approved it; it needs somebody else too.',
    );
    const approve = page.getByRole('button', { name: 'Approve: Expedite for S-900' });
    expect(await approve.isVisible()).toBe(false);
    await page.getByLabel('You decide as').fill('Dana');
    await approve.click();
    await settled(async () => (await saysOf('S-900'))[0], 'being sent · Kim, Dana');
    expect(server.decided).toEqual(['approve two by Dana']);
  });

  it('refuses for a reason of the list, and in words where the code says nothing', async () => {
    await open();
    await page.getByRole('button', { name: 'Refuse: Expedite for S-900' }).click();
    const why = page.getByRole('group', { name: 'Why refuse: Expedite for S-900' });
    expect(await why.getByRole('button').allTextContents()).toEqual([
      'Too costly',
      'Not needed',
      'Customer knows',
      'Already done',
      'Data is wrong',
      'Other',
      'Back',
    ]);
    await why.getByRole('button', { name: 'Other' }).click();
    await page.keyboard.press('Enter');
    await page.keyboard.type('they cancelled the order');
    await page.keyboard.press('Enter');
    await settled(async () => (await saysOf('S-900'))[0], 'refused · Dana');
    expect(server.requests[0]).toMatchObject({ reason: 'other', note: 'they cancelled the order' });
  });

  it('takes up a recommendation', async () => {
    await open();
    await page.getByRole('button', { name: 'Done: Split order for S-900' }).click();
    await settled(async () => server.decided, ['approve tip by Dana']);
  });

  it('puts a storm on one line, approves it once, and opens to what is under it', async () => {
    await open();
    const group = page.locator('.group');
    expect(await group.locator('.size').textContent()).toBe('4 exceptions · 4 shipments · 2 customers');
    expect(await group.locator('.lateness').textContent()).toBe('$50,000.00 at risk');
    expect(await group.locator('.waiting-words').textContent()).toBe(
      '3 wait for planner, 1 waits for claims',
    );
    expect(await shipments()).toEqual(['S-900']);
    await group.getByRole('button', { name: 'Show 4 exceptions' }).click();
    await settled(shipments, ['S-900', 'S-704', 'S-703', 'S-702', 'S-701']);
    await group.getByRole('button', { name: 'Approve all 4: all of Weather KLOT.BZ.W.0004' }).click();
    await settled(() => group.locator('.answer').textContent(), '4 approved');
    expect(server.requests.map(({ actionId, causeId }) => `${actionId} ${causeId}`)).toEqual(
      [4, 3, 2, 1].map((n) => `reroute${n} ${stormId}`),
    );
    await settled(() => group.locator('.waiting-words').textContent(), '');
    await group.getByRole('button', { name: 'Take all 3 on' }).click();
    await settled(() => group.locator('.answer').textContent(), '3 taken on');
    await group.getByRole('button', { name: 'Hide 4 exceptions' }).click();
    await settled(shipments, ['S-900']);
    await page.getByLabel('Find').fill('S-703');
    await settled(shipments, ['S-703']);
  });

  it('snoozes out of sight, shows what is snoozed where it is asked for, and wakes it', async () => {
    await open();
    await rowOf('S-900').getByRole('button', { name: 'Snooze' }).click();
    await page.getByRole('button', { name: '4 h' }).click();
    await settled(shipments, []);
    const [snoozed] = server.requests;
    expect(snoozed?.until).toBeGreaterThanOrEqual(noon + 4 * hour);
    await page.getByLabel('Whose work').selectOption('snoozed');
    await settled(shipments, ['S-900', 'S-901']);
    expect(await rowOf('S-901').locator('.owner').textContent()).toMatch(
      /^snoozed until Tue 14 Jan 12:30, in /,
    );
    await rowOf('S-901').getByRole('button', { name: 'Wake' }).click();
    await settled(shipments, ['S-900']);
  });

  it('snoozes until a time of one’s own, and until tomorrow at eight of this place', async () => {
    await open({ timezoneId: 'America/Chicago' });
    const snooze = rowOf('S-900').getByRole('button', { name: 'Snooze' });
    await snooze.click();
    await page.getByRole('button', { name: 'Tomorrow 08:00' }).click();
    await settled(async () => server.requests[0]?.until, Date.UTC(2025, 0, 15, 14));
    await page.getByLabel('Whose work').selectOption('snoozed');
    await rowOf('S-900').getByRole('button', { name: 'Snooze longer' }).click();
    await page.getByLabel('Snooze until').fill('2025-01-16T06:30');
    await page.getByRole('button', { name: 'Until then' }).click();
    await settled(async () => server.requests[1]?.until, Date.UTC(2025, 0, 16, 12, 30));
  });

  it('assigns to me, to another and to nobody, and finds what is mine', async () => {
    await open();
    const assign = rowOf('S-900').getByRole('button', { name: 'Assign', exact: true });
    await assign.first().click();
    await page.getByRole('button', { name: 'To me' }).click();
    await settled(() => rowOf('S-900').locator('.owner').textContent(), 'Dana has it');
    await page.getByLabel('Whose work').selectOption('mine');
    await settled(shipments, ['S-900']);
    await assign.first().click();
    await page.getByLabel('Assign to').fill('Lee');
    await page.keyboard.press('Enter');
    await settled(shipments, []);
    await page.getByLabel('Whose work').selectOption('');
    await assign.first().click();
    await page.getByRole('button', { name: 'Give it back' }).click();
    await page.getByLabel('Whose work').selectOption('unassigned');
    await settled(shipments, ['S-900']);
  });

  it('comments, and ends what a person says is over', async () => {
    await open();
    await rowOf('S-900').getByRole('button', { name: 'Comment' }).click();
    await page.getByLabel('Comment', { exact: true }).fill('They called: it rolls.');
    await page.keyboard.press('Control+Enter');
    await settled(
      async () =>
        (await rowOf('S-900').locator('.notes li').last().textContent())?.endsWith('They called: it rolls.'),
      true,
    );
    await rowOf('S-900').getByRole('button', { name: 'It is over' }).click();
    await page.getByLabel('How it ended').fill('found');
    await page.keyboard.press('Enter');
    await settled(shipments, []);
    expect(server.requests.map(({ verdict, note }) => `${verdict} ${note}`)).toEqual([
      'comment They called: it rolls.',
      'resolve found',
    ]);
  });

  it('keeps what is being written, and the focus, while the line goes on', async () => {
    await open();
    await rowOf('S-900').getByRole('button', { name: 'Comment' }).click();
    await page.keyboard.type('half a sen');
    const rich = server.board.exception('rich');
    if (rich === undefined) throw new Error('no rich');
    const top = await rowOf('S-900').evaluate((node) => node.getBoundingClientRect().top);
    server.board.applyException({ ...rich, version: 4, severity: 20, category: 'changed' });
    server.board.applyException(anException({ id: 'new', severity: 99, shipmentId: 'S-999' }));
    await settled(() => rowOf('S-900').locator('h2').textContent(), 'Changed');
    expect(await rowOf('S-900').evaluate((node) => node.getBoundingClientRect().top)).toBe(top);
    await settled(shipments, ['S-999', 'S-900']);
    await page.keyboard.type('tence');
    expect(await page.getByLabel('Comment', { exact: true }).inputValue()).toBe('half a sentence');
  });

  it('decides as its key, and offers only what the key’s roles may decide', async () => {
    await open({ caller: { name: 'kit', roles: ['claims'], onBehalf: false } });
    expect(await page.getByLabel('You decide as').isVisible()).toBe(false);
    expect(await page.locator('#as').textContent()).toBe('You decide as kit (claims)');
    expect(await page.getByRole('button', { name: 'Approve: Expedite for S-900' }).count()).toBe(0);
    expect(await rowOf('S-900').locator('.mine').first().textContent()).toBe(
      'Your key has not the role planner.',
    );
    await page.getByLabel('Whose work').selectOption('my_role');
    await settled(shipments, ['S-704']);
    await page.getByRole('button', { name: 'Approve: Reroute for S-704' }).click();
    await settled(async () => server.decided, ['approve reroute4 by kit']);
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [900, 'light'],
    [900, 'dark'],
  ] as const)('can be read and named at %i px, %s, with everything open', async (width, colorScheme) => {
    // What is new fades in, and for a moment stands on another ground.
    await open({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Show 4 exceptions' }).click();
    await settled(async () => (await shipments()).length, 5);
    await rowOf('S-900').locator('summary').click();
    await rowOf('S-900').getByRole('button', { name: 'Snooze' }).click();
    await rowOf('S-704').getByRole('button', { name: 'Comment' }).click();
    await page.getByRole('button', { name: 'Refuse: Reroute for S-704' }).click();
    expect(await page.evaluate(complaintsOfPage)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

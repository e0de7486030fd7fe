import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openReceivedActions } from '../../../sources/simulated/received-actions.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-received-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a digest is read back with all that it covers, beside lines from before there were digests', async () => {
  const old = { webhookId: 'w-1', at: 5, action: { id: 'a-1', type: 'expedite', shipmentId: 'S1' } };
  appendFileSync(join(folder, 'received-actions.ndjson'), `${JSON.stringify(old)}\n`);
  const covers = [
    { actionId: 'a-3', shipmentId: 'S3' },
    { actionId: 'a-4', shipmentId: 'S4' },
  ];
  const digest = {
    webhookId: 'w-2',
    at: 6,
    action: { id: 'a-2', type: 'notify_customer', shipmentId: 'S3', covers },
  };
  const first = await openReceivedActions(folder);
  await first.append(digest);
  await first.close();
  const again = await openReceivedActions(folder);
  expect(again.past).toEqual([{ ...old, action: { ...old.action, covers: [] } }, digest]);
  await again.close();
});

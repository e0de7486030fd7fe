import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedDocument } from '../../../sources/recorded-document.ts';
import { readRecorded } from '../../../sources/replay/recorded-file.ts';
import { recordDay } from '../../../sources/simulated/record-day.ts';
import { createWorld } from '../../../sources/simulated/world.ts';

const startAt = Date.UTC(2026, 0, 5);
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const all = async (path: string): Promise<RecordedDocument[]> => {
  const documents: RecordedDocument[] = [];
  for await (const document of readRecorded(path)) documents.push(document);
  return documents;
};

describe('recordDay', () => {
  it('writes what the world sends, and it reads back the same', async () => {
    const options = { seed: 3, startAt, shipmentsPerDay: 60 };
    const path = join(folder, 'day.ndjson');
    const count = await recordDay({ ...options, days: 1.5 }, path);
    const expected = createWorld(options).advance(startAt + 36 * 3_600_000);
    expect(count).toBe(expected.length);
    expect(await all(path)).toEqual(expected);
  });

  it('names the line that is no recorded document', async () => {
    const path = join(folder, 'odd.ndjson');
    const good: RecordedDocument = {
      heardAt: 1,
      source: 'tms',
      contentType: 'application/json',
      documentId: 'd',
      text: '{}',
    };
    writeFileSync(path, `${JSON.stringify(good)}\n\n{"heardAt":1}\n`);
    await expect(all(path)).rejects.toThrow(/FW401 .*odd\.ndjson:3: /);
  });
});

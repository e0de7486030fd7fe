import { expect, it } from 'vitest';
import { normalise } from '../../pipelines/normalise.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { decode } from '../../sources/decoders/decode.ts';
import { rules } from '../rules/shipped-rules.ts';
import { settingsWith } from '../sources/decoders/decoder-settings.ts';
import { delivered, interchange } from '../sources/decoders/x12/interchange.ts';

const heardAt = Date.parse('2025-06-03T00:00:00Z');

/** Rows of the topics that a document becomes. */
const rowsOf = (content: string, topics: readonly string[]): readonly unknown[] => {
  const rows: unknown[] = [];
  const run = new MemoryRun(
    normalise({
      decode: (document) => decode(document, settingsWith()),
      rules,
      codeVersion: 'test',
      patienceMs: 3_600_000,
    }),
    {
      partitions: 1,
      onRows: (topic, { size, body }) => {
        if (!topics.includes(topic)) return;
        for (let index = 0; index < size; index += 1) rows.push(structuredClone(body.row(index)));
      },
    },
  );
  run.tick(heardAt - 1);
  const bytes = Buffer.from(content, 'latin1');
  const document = {
    source: 'rdwy',
    documentId: 'a.edi',
    contentType: 'application/edi-x12',
    heardAt,
    bytes,
  };
  run.push('raw', document, heardAt);
  run.flush();
  run.tick(heardAt + 1);
  return rows;
};

const sound = interchange([delivered('P1')]);

it('a wrong count is written down with document, position and partner', () => {
  expect(rowsOf(sound.replace(/SE\*\d+/, 'SE*99'), ['edi-findings'])).toEqual([
    expect.objectContaining({
      at: heardAt,
      source: expect.objectContaining({ feed: 'rdwy', document: 'a.edi', position: 1 }),
      standard: 'x12',
      kind: 'wrong_count',
      said: '99',
      sender: expect.stringMatching(/^\w\w:\w+/),
    }),
  ]);
  expect(rowsOf(sound, ['edi-findings'])).toEqual([]);
});

it('a finding alone is no sign that a feed is well', () => {
  const unknown = sound.replaceAll('ST*214*', 'ST*810*').replace(/SE\*\d+/, 'SE*99');
  expect(rowsOf(unknown, ['edi-findings'])).toHaveLength(1);
  expect(rowsOf(unknown, ['feed-beats'])).toEqual([]);
  expect(rowsOf(sound, ['feed-beats'])).toHaveLength(1);
});

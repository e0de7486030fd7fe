import { beforeAll, expect, it } from 'vitest';
import type { ReadingRules } from '../../domain/reading-rules.ts';
import { normalise } from '../../pipelines/normalise.ts';
import { deadLetters, partitionsByTopic, readingInForce, tracking } from '../../pipelines/topics.ts';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { decodingUnder, loadReadingRules } from '../../runtime/wire/reading.ts';
import { decode } from '../../sources/decoders/decode.ts';
import { at } from '../domain/sample-shipment.ts';
import { rules, rulesFolder } from '../rules/shipped-rules.ts';
import { startRun } from '../support/law-run.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { tempFolder } from '../support/temp-folder.ts';

const config = { ...loadConfig({ environment: {} }), rules: rulesFolder };
const decodingBy = decodingUnder(config);
let shipped: ReadingRules;
beforeAll(() => {
  shipped = loadReadingRules(config);
});

/** A record that carries the code alone: what it means is the mapping's to say. */
const told = (id: string): string =>
  JSON.stringify({
    type: 'tracking',
    id,
    at: '2023-12-31T10:00:00Z',
    shipmentId: id,
    status: 'unmapped',
    code: { standard: 'x12-214', status: 'SD', reason: 'AO' },
  });

const withCategory = (version: number, category: string): ReadingRules => {
  const codes = shipped.codes.map((file) =>
    file.standard !== 'x12-214' || file.partner !== null
      ? file
      : {
          ...file,
          version,
          lists: {
            ...file.lists,
            '1651': {
              ...file.lists['1651']!,
              codes: {
                ...file.lists['1651']!.codes,
                AO: { ...file.lists['1651']!.codes['AO']!, category },
              },
            },
          },
        },
  );
  return { ...shipped, codes, fingerprint: `${version}:${category}` };
};

const pipelineNow = () => [
  normalise({
    decode: (document, reading) => decode(document, decodingBy(reading ?? shipped)),
    rules,
    codeVersion: 'test',
    patienceMs: 60_000,
  }),
];

/** A document at minutes 0, 2, 4; other rules at 1, their like under a new version at 3. `restartsAfter`: the run is stopped and taken up behind that minute. */
const play = async (restartsAfter?: number): Promise<readonly unknown[]> => {
  const log = new MemoryLog({ topics: partitionsByTopic(1), time: 'recorded' });
  const stateFolder = await tempFolder();
  let run = await startRun(pipelineNow(), log, { stateFolder });
  const step = async (minutes: number, append: () => Promise<unknown>): Promise<void> => {
    await append();
    if (minutes !== restartsAfter) return;
    await run.settle(at(minutes));
    await run.stop();
    run = await startRun(pipelineNow(), log, { stateFolder });
  };
  const hear = (minutes: number, id: string): Promise<void> =>
    step(minutes, () =>
      log.append(
        'raw',
        {
          key: 'acme',
          value: new TextEncoder().encode(told(id)),
          headers: { source: 'acme', documentId: id, contentType: 'application/json' },
        },
        { heardAt: at(minutes) },
      ),
    );
  const reading = (minutes: number, next: ReadingRules): Promise<void> =>
    step(minutes, () => {
      const row = { heardAt: at(minutes), rules: next };
      return log.append(
        readingInForce.name,
        { key: readingInForce.key(row), value: readingInForce.write(row) },
        { heardAt: at(minutes) },
      );
    });
  await hear(0, 'A');
  await reading(1, withCategory(2, 'damage'));
  await hear(2, 'B');
  await reading(3, withCategory(3, 'customs_hold'));
  await hear(4, 'C');
  await run.settle(at(4));
  await run.stop();
  expect((await log.read(deadLetters.name, 0, 0)).map((record) => deadLetters.read(record).reason)).toEqual(
    [],
  );
  return (await log.read(tracking.name, 0, 0)).map((record) => tracking.read(record));
};

it('reads a document by the rules of its place in the log, names their version, and does so again after any restart', async () => {
  const events = await play();
  expect(events).toMatchObject([
    { shipmentId: 'A', category: 'weather', source: { mapping: 'x12-214@1' } },
    { shipmentId: 'B', category: 'damage', source: { mapping: 'x12-214@2' } },
    { shipmentId: 'C', category: 'customs_hold', source: { mapping: 'x12-214@3' } },
  ]);
  for (const minute of [0, 1, 2, 3]) expect(await play(minute)).toEqual(events);
});

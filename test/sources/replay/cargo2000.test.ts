import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shipmentPlan } from '../../../domain/shipment-plan.ts';
import { trackingEvent } from '../../../domain/tracking-event.ts';
import type { RecordedDocument } from '../../../sources/recorded-document.ts';
import {
  cargo2000Documents,
  type Cargo2000Options,
  readCargo2000,
} from '../../../sources/replay/cargo2000.ts';
import { cargo2000File } from './cargo2000-file.ts';

const real = join(import.meta.dirname, '../../../../shared/data/cargo2000/c2k_data_comma.csv');
const hasReal = existsSync(real);
if (!hasReal) console.warn('skipped: the real Cargo 2000, ../shared/data/cargo2000 is not here');

const minuteMs = 60_000;
const startAt = Date.UTC(2024, 0, 1);
const source = { feed: 'cargo2000', document: 'd', position: 0, decoder: 'canonical', mapping: null };

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forewarn-c2k-'));
  path = join(folder, 'c2k.csv');
  const file = cargo2000File([
    {
      inbound: [
        {
          steps: [
            [100, 90],
            [50, 60],
            [200, 210],
            [150, 140],
          ],
          places: [11, 22],
        },
        {
          steps: [
            [200, 300],
            [60, 0],
            [200, 220],
            [30, 40],
            [40, 40],
            [100, 100],
          ],
          places: [33, 44, 22],
        },
      ],
      outbound: {
        steps: [
          [10, 20],
          [50, 50],
          [300, 290],
          [140, 100],
        ],
        places: [22, 55],
      },
    },
    {
      inbound: [
        {
          steps: [
            [10, 10],
            [20, 20],
            [30, 30],
            [40, 40],
          ],
          places: [11, 22],
        },
      ],
      outbound: {
        steps: [
          [10, 10],
          [20, 20],
          [30, 30],
          [40, 40],
        ],
        places: [22, 66],
      },
    },
  ]);
  await writeFile(path, `${file}\n`);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const documents = async (options?: Cargo2000Options): Promise<RecordedDocument[]> => {
  const all: RecordedDocument[] = [];
  for await (const document of cargo2000Documents(path, options)) all.push(document);
  return all;
};

describe('readCargo2000', () => {
  it('lets inbound legs run together and the outbound one begin when the last is in', async () => {
    const [first] = await readCargo2000(path);
    const plannedMin = first?.plan.milestones?.map(({ key, plannedAt }) => [
      key,
      (Number(plannedAt) - startAt) / minuteMs,
    ]);
    expect(plannedMin).toEqual([
      ['i1:rcs', 100],
      ['i1:dep:1', 150],
      ['i1:rcf:1', 350],
      ['i1:dlv', 500],
      ['i2:rcs', 200],
      ['i2:dep:1', 260],
      ['i2:rcf:1', 460],
      ['i2:dep:2', 490],
      ['i2:rcf:2', 530],
      ['i2:dlv', 630],
      ['o:rcs', 640],
      ['o:dep:1', 690],
      ['o:rcf:1', 990],
      ['o:dlv', 1130],
    ]);
    expect(first?.plan).toMatchObject({ promisedAt: startAt + 1130 * minuteMs, lane: 'P22-P55' });
    expect(first?.plan.legs.map(({ from, to }) => `${from}-${to}`)).toEqual([
      'P11-P22',
      'P33-P22',
      'P22-P55',
    ]);
    // The second inbound leg is in at 700; its first departure was never seen.
    expect(first?.events.map(({ milestone, at }) => [milestone, (at - startAt) / minuteMs])).toEqual([
      ['i1:rcs', 90],
      ['i1:dep:1', 150],
      ['i2:rcs', 300],
      ['i1:rcf:1', 360],
      ['i1:dlv', 500],
      ['i2:rcf:1', 520],
      ['i2:dep:2', 560],
      ['i2:rcf:2', 600],
      ['i2:dlv', 700],
      ['o:rcs', 720],
      ['o:dep:1', 770],
      ['o:rcf:1', 1060],
      ['o:dlv', 1160],
    ]);
    expect(
      first?.events.filter(({ status }) => status === 'delivered').map(({ milestone }) => milestone),
    ).toEqual(['o:dlv']);
  });

  it('gives a row the same times whether the others are read or not', async () => {
    const all = await readCargo2000(path);
    expect(await readCargo2000(path, { from: 1 })).toEqual(all.slice(1));
    expect(await readCargo2000(path, { to: 1 })).toEqual(all.slice(0, 1));
    const apart = await readCargo2000(path, { intervalMs: 7 * minuteMs, startAt: 0 });
    expect(apart.map(({ plan }) => plan.at)).toEqual([0, 7 * minuteMs]);
  });

  it.skipIf(!hasReal)(
    'has the size, the lateness and the drift that are known of the real file',
    async () => {
      const shipments = await readCargo2000(real);
      const late = shipments.map(({ plan, events }) => (events.at(-1)?.at ?? NaN) > Number(plan.promisedAt));
      const rate = (of: readonly boolean[]): number => of.filter(Boolean).length / of.length;
      expect(shipments).toHaveLength(3_942);
      expect(shipments.reduce((sum, { events }) => sum + events.length, 0)).toBe(56_082);
      expect(shipments.every(({ events }) => events.at(-1)?.status === 'delivered')).toBe(true);
      expect(rate(late)).toBeCloseTo(0.266, 3);
      expect(rate(late.slice(0, 394))).toBeCloseTo(0.2, 2);
      expect(rate(late.slice(-394))).toBeCloseTo(0.33, 2);
    },
  );
});

describe('cargo2000Documents', () => {
  it('tells each record as ingest takes it, in the order it was heard', async () => {
    const all = await documents();
    expect(all).toHaveLength(23);
    const heard = all.map(({ heardAt }) => heardAt);
    expect(heard).toEqual(heard.toSorted((left, right) => left - right));
    expect(new Set(all.map(({ documentId }) => documentId)).size).toBe(23);
    for (const { text, heardAt, contentType } of all) {
      expect(contentType).toBe('application/x-ndjson');
      const { type, ...fields } = JSON.parse(text.trimEnd()) as { type: string };
      const schema = type === 'plan' ? shipmentPlan : trackingEvent;
      expect(schema.parse({ ...fields, heardAt, source })).toMatchObject({ at: heardAt });
    }
  });

  it('tells the plan before the first event', async () => {
    const all = await documents({ intervalMs: 0 });
    const types = all.map(({ text }) => (JSON.parse(text) as { type: string }).type);
    expect(types.slice(0, 3)).toEqual(['plan', 'plan', 'tracking']);
  });
});

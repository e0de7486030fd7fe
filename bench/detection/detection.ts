import { join } from 'node:path';
import { isFeedSubject } from '../../domain/detection/silent-feed.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { carriers } from '../../sources/simulated/carriers.ts';
import { createWorld } from '../../sources/simulated/world.ts';
import type { Bench } from '../bench.ts';
import { quantile } from '../quantile.ts';
import { withTempFolder } from '../temp-folder.ts';
import { exceptionsFound } from './detection-line.ts';
import { scoreOf } from './score.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 5);
const WARM_DAYS = 3;
const MEASURED_DAYS = 3;
/** Until what was measured has ended. */
const TAIL_DAYS = 6;
/** A parcel carrier's feed says nothing for two hours, and then all of it. */
const cut = {
  source: 'nvhx-tracking',
  from: START + 4 * DAY_MS + 18 * HOUR_MS,
  to: START + 4 * DAY_MS + 20 * HOUR_MS,
};

const withCut = (documents: readonly RecordedDocument[]): readonly RecordedDocument[] =>
  documents
    .map((one) =>
      one.source === cut.source && one.heardAt >= cut.from && one.heardAt < cut.to
        ? { ...one, heardAt: cut.to }
        : one,
    )
    .toSorted((a, b) => a.heardAt - b.heardAt);

const latestOf = (versions: readonly ShipmentException[]): readonly ShipmentException[] => [
  ...new Map(versions.map((one) => [one.id, one])).values(),
];

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

export const detectionBench: Bench = {
  name: 'detection',
  about: 'What is raised on a simulated world, against what truly was.',
  options: { shipments: 'shipments a day; 250 if not given', seed: 'of the world; 7 if not given' },
  run: (say, options) =>
    withTempFolder(async (folder) => {
      const perDay = Number(options['shipments'] ?? 250);
      const seed = Number(options['seed'] ?? 7);
      const world = createWorld({ seed, startAt: START, shipmentsPerDay: perDay, collapse: null });
      const days = WARM_DAYS + MEASURED_DAYS + TAIL_DAYS;
      const documents: RecordedDocument[] = [];
      for (let hour = 1; hour <= days * 24; hour += 1)
        documents.push(...world.advance(START + hour * HOUR_MS));
      say(`${documents.length} documents of ${world.counts.tendered} shipments`);
      const rulesFolder = join(packageRoot, 'rules');
      const partners = Object.fromEntries(
        carriers.flatMap(({ source, scac, feed }) =>
          feed.kind === 'x12' ? [[source, { standard: 'x12-214', scac, zone: 'America/Chicago' }]] : [],
        ),
      );
      const versions = await exceptionsFound(folder, withCut(documents), {
        rules: loadRules(rulesFolder),
        decoding: {
          mappings: loadMappings(join(rulesFolder, 'mappings')),
          partners,
          defaultZone: 'America/Chicago',
          maxFutureMs: DAY_MS,
        },
      });
      const from = START + WARM_DAYS * DAY_MS;
      const truths = [...world.truth()].filter(
        ({ ended, plannedAt }) =>
          ended && plannedAt >= from + DAY_MS && plannedAt < from + (1 + MEASURED_DAYS) * DAY_MS,
      );
      const raised = latestOf(versions);
      const score = scoreOf(
        truths,
        raised.filter(({ shipmentId }) => !isFeedSubject(shipmentId)),
      );
      const silent = raised.filter(({ shipmentId }) => isFeedSubject(shipmentId));
      const ofCut = silent.filter(
        ({ shipmentId, raisedAt }) =>
          shipmentId.endsWith(cut.source) && raisedAt >= cut.from && raisedAt <= cut.to,
      );
      return {
        tables: [
          {
            title: 'Alert economy',
            columns: [{ name: 'measure' }, { name: 'value', digits: 2 }, { name: 'goal' }],
            rows: [
              ['shipments', score.shipments, ''],
              ['truly affected', score.affected, ''],
              ['exceptions per 1,000 shipments', (1_000 * score.raised) / score.shipments, ''],
              ['raised that were true, %', share(score.true, score.raised), 'at least 90'],
              ['true ones that were found, %', share(score.found, score.toFind), 'at least 90'],
              ['exceptions per affected shipment and cause', score.ofAffected / score.causes, 'at most 1.1'],
              ['exceptions of the feed that was cut for 2 h', ofCut.length, '1'],
              ['exceptions of feeds in all', silent.length, ''],
            ],
          },
          {
            title: 'By category: minutes from the cause, or the promise, until it was raised',
            columns: [
              { name: 'category' },
              { name: 'raised' },
              { name: 'true' },
              { name: 'true %', digits: 1 },
              { name: 'p50 min' },
              { name: 'p90 min' },
            ],
            rows: score.categories.map((one) => {
              return [
                one.category,
                one.raised,
                one.true,
                share(one.true, one.raised),
                quantile(one.delaysMin, 0.5),
                quantile(one.delaysMin, 0.9),
              ];
            }),
          },
        ],
        notes: [
          `A world of ${perDay} shipments a day, seed ${seed}: ${WARM_DAYS} days to learn from, then shipments planned to end on ${MEASURED_DAYS} days, until they have ended.`,
          'Without the model: what the rules of rules/detection.yaml find. True: the shipment has a cause of the category, or misses its promise.',
        ],
      };
    }),
};

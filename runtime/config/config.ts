import { z } from 'zod';
import { duration } from '../../domain/duration.ts';
import { promotionRule } from '../../domain/promotion-rule.ts';
import { formatNames } from '../format-names.ts';
import { reference } from './reference.ts';
import { aperakSettings } from './aperak-settings.ts';
import { clickhouseSettings } from './clickhouse-settings.ts';
import { destination } from './destinations.ts';
import { kafkaLogSettings } from './kafka-log-settings.ts';
import { kafkaSinkSettings } from './kafka-sink-settings.ts';
import { kafkaSourceSettings } from './kafka-source-settings.ts';
import { pollSettings } from './poll-settings.ts';
import { snapshotSettings } from './snapshot-settings.ts';
import { webhook } from './webhook.ts';

const whole = (least: number, most: number) => z.int().min(least).max(most);

const apiKey = z.strictObject({
  name: z.string().min(1).meta({ description: 'Whose key it is; audits show it.' }),
  sha256: z.string().optional().meta({ description: 'SHA-256 of the key, 64 hex digits.' }),
  key: reference.optional().meta({ description: 'Or the key itself, by reference to the environment.' }),
  scopes: z
    .array(z.enum(['ingest', 'approve', 'read']))
    .min(1)
    .meta({ description: 'What it may do: send documents, decide actions, look.' }),
  roles: z
    .array(z.string().min(1).max(120))
    .min(1)
    .optional()
    .meta({ description: 'Roles of playbooks whose actions it may approve; without any, all of them.' }),
  onBehalf: z.boolean().default(false).meta({
    description: 'true: a request may name the person who decides; else the key’s own name stands.',
  }),
});

const partner = z.strictObject({
  zone: z
    .string()
    .optional()
    .meta({ description: 'IANA zone of local times that name none, such as America/Chicago.' }),
  standard: z
    .string()
    .optional()
    .meta({ description: 'Code list of its codes that name none, such as x12-214.' }),
  format: z.enum(formatNames).optional().meta({
    description: 'What its documents are where their content type does not say; else their content tells.',
  }),
  partner: z.string().optional().meta({ description: 'Name of its dialect in rules/mappings.' }),
  scac: z.string().optional().meta({ description: 'Carrier of its shipments where a document names none.' }),
  carrierReference: z
    .enum(['pro', 'tracking'])
    .optional()
    .meta({ description: 'What its own reference, B10-01 of a 214, is; pro where nothing is said.' }),
  corrects: z.array(z.string().min(1).max(20)).optional().meta({
    description:
      'X12 status codes, such as D1, that it sends again when it knows better: of one shipment and stop the last said counts.',
  }),
  aperak: aperakSettings.optional().meta({
    description: 'Every EDIFACT interchange of this source is answered with APERAKs, by this way.',
  }),
  webhook: webhook.optional().meta({
    description:
      'How its sender signs what it posts. Then a signed request needs no API key, and one without both is refused.',
  }),
});

export const simulatedSource = z.strictObject({
  seed: whole(0, 2 ** 31)
    .default(1)
    .meta({ description: 'The same seed makes the same world.' }),
  shipmentsPerDay: whole(1, 100_000)
    .default(1_000)
    .meta({ description: 'New shipments in a simulated day.' }),
  startAt: z.iso
    .datetime({ offset: true })
    .default('2026-01-05T00:00:00Z')
    .meta({ description: 'First moment of the world.' }),
  speedUp: z
    .number()
    .min(1)
    .max(10_000)
    .default(120)
    .meta({ description: 'Simulated seconds in one second.' }),
  warmUpDays: z
    .number()
    .min(0)
    .max(365)
    .default(2)
    .meta({ description: 'First days, that pass at warmSpeedUp: the world begins empty.' }),
  warmSpeedUp: z
    .number()
    .min(1)
    .max(10_000)
    .default(3_600)
    .meta({ description: 'Simulated seconds in one second during those days.' }),
});

const fraction = z.number().min(0).max(1);
const probabilityRange = z.strictObject({
  min: fraction.default(0.2).meta({ description: 'Lowest.' }),
  max: fraction.default(0.95).meta({ description: 'Highest.' }),
});

/** `forewarn.yaml`. Every key has a default; an empty file, or none, runs the simulated world. */
export const config = z.strictObject({
  dataFolder: z
    .string()
    .default('./data')
    .meta({ description: 'Everything that must survive a restart lies here.' }),
  rules: z
    .string()
    .default('./rules')
    .meta({ description: 'Folder of taxonomy, SLA, playbooks and mappings.' }),
  locations: z.string().optional().meta({
    description:
      'File of your own places; left out, locations.yaml in the folder of rules where there is one.',
  }),
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1').meta({ description: 'Other than loopback only with API keys.' }),
      port: whole(0, 65_535).default(8080).meta({ description: '0 takes a free one.' }),
      maxDocumentBytes: whole(1_024, 1 << 30)
        .default(8 << 20)
        .meta({ description: 'A larger document is refused with 413.' }),
      apiKeys: z.array(apiKey).default([]).meta({
        description: 'With any, every request must carry one; without, only this machine may call.',
      }),
    })
    .prefault({}),
  log: z
    .strictObject({
      partitions: whole(1, 64).default(2).meta({ description: 'Fixed when the data folder is made.' }),
      keepBytes: z
        .number()
        .min(1 << 20)
        .default(2 ** 31)
        .meta({ description: 'History kept beyond what is still needed.' }),
      maxLagRecords: whole(100, 100_000_000)
        .default(200_000)
        .meta({ description: 'Documents that may wait before the ingest answers 429.' }),
      time: z
        .enum(['live', 'recorded'])
        .default('live')
        .meta({ description: 'recorded: log time is what x-forewarn-heard-at says.' }),
      kafka: kafkaLogSettings.optional().meta({
        description:
          'The log is in Kafka, not in the data folder; its client is installed apart (docs/kafka.md).',
      }),
    })
    .prefault({}),
  engine: z
    .strictObject({
      checkpointMs: whole(10, 60_000)
        .default(250)
        .meta({ description: 'A task commits at least this often while it is busy.' }),
      workers: whole(0, 64).default(0).meta({
        description:
          'Threads that tasks are spread over by partition number; 0 runs all in the main one (docs/threads.md).',
      }),
      credit: whole(1, 256).default(8).meta({ description: 'Batches under way outside a task at once.' }),
      patience: z
        .string()
        .default('30d')
        .meta({ description: 'How long an event waits for the plan that claims it.' }),
      maxFuture: z
        .string()
        .default('1h')
        .meta({ description: 'How far an event may lie after it was heard.' }),
      idle: duration
        .default('10m')
        .meta({ description: 'An input that is silent for so long holds event time back no more.' }),
      disorder: z.record(z.string(), duration).default({}).meta({
        description: 'By topic: how far behind the latest event time rows may come before they are late.',
      }),
      defaultZone: z
        .string()
        .default('UTC')
        .meta({ description: 'IANA zone of local times of which nothing tells more.' }),
    })
    .prefault({}),
  snapshots: snapshotSettings.prefault({}),
  sources: z
    .strictObject({
      simulated: simulatedSource
        .optional()
        .meta({ description: 'A world of its own, for trying things out; on when no source is configured.' }),
      dropFolder: z
        .strictObject({
          path: z
            .string()
            .meta({ description: 'Files in incoming/<source>/ are taken, then moved to done/ or refused/.' }),
        })
        .optional()
        .meta({ description: 'A folder that documents are dropped into.' }),
      poll: z
        .record(z.string().regex(/^[a-z0-9-]{1,64}$/), pollSettings)
        .optional()
        .meta({
          description:
            'By ingest source: documents that are asked for again and again, such as alerts of the NWS.',
        }),
      kafka: kafkaSourceSettings.optional().meta({
        description: 'Topics of other programs, record by record (docs/kafka-topics.md).',
      }),
      http: z
        .boolean()
        .default(false)
        .meta({ description: 'true: documents come by HTTP, and no world is simulated.' }),
    })
    .prefault({}),
  sinks: z
    .strictObject({
      kafka: kafkaSinkSettings.optional().meta({
        description: 'Rows of ours, and dead letters, for topics of other programs (docs/kafka-topics.md).',
      }),
    })
    .prefault({}),
  partners: z
    .record(z.string(), partner)
    .default({})
    .meta({ description: 'What is known of each ingest source.' }),
  clickhouse: clickhouseSettings.prefault({}),
  models: z
    .strictObject({
      folder: z.string().optional().meta({
        description:
          'Folder of the model registry; left out, models/ in the data folder, which begins with the models that ship.',
      }),
      lateDelivery: z
        .string()
        .default('late-delivery')
        .meta({ description: 'Name of the model that predict uses; its champion is served.' }),
      workers: whole(1, 16).default(1).meta({ description: 'Threads that score.' }),
      timeoutMs: whole(10, 60_000)
        .default(1_000)
        .meta({ description: 'After it the rule of thumb answers instead.' }),
      promotion: promotionRule.prefault({}).meta({
        description: 'When a challenger becomes the champion by itself, and when it is taken back.',
      }),
      watch: z
        .strictObject({
          settle: duration.default('7d').meta({
            description:
              'So long after its end a day of predictions is judged: what it predicted has an end by then.',
          }),
        })
        .prefault({})
        .meta({ description: 'Watching models and carriers.' }),
      retrain: z
        .strictObject({
          automatic: z.boolean().default(true).meta({
            description: 'Whether a drift alarm leads to training by itself; else it is a proposal.',
          }),
          learnFrom: duration.default('90d').meta({
            description: 'Outcomes that became known in so long are what a new version learns from.',
          }),
          coolDown: duration
            .default('14d')
            .meta({ description: 'No second request for a model in less than this.' }),
          budgetPerYear: whole(0, 366)
            .default(12)
            .meta({ description: 'Requests that drift may make for a model in 365 days.' }),
        })
        .prefault({})
        .meta({ description: 'Training anew.' }),
    })
    .prefault({}),
  review: z
    .strictObject({
      every: duration.default('7d').meta({
        description:
          'Length of a period. One is written when log time has passed its end; weeks begin on Monday, UTC.',
      }),
      folder: z.string().optional().meta({ description: 'Where reviews lie; reviews/ in the data folder.' }),
      learnFrom: duration
        .default('28d')
        .meta({ description: 'Outcomes of so long before its end are what thresholds and effects rest on.' }),
      thresholds: probabilityRange
        .prefault({})
        .meta({ description: 'Where a better threshold is looked for.' }),
      spares: z.number().min(0).max(1).default(0.5).meta({
        description:
          'Share of a penalty that acting in time is assumed to spare; every proposal says what was assumed.',
      }),
      autoApply: z
        .strictObject({
          maxStep: z
            .number()
            .positive()
            .max(0.5)
            .default(0.05)
            .meta({ description: 'Most that one review moves one threshold by.' }),
          min: fraction.default(0.3).meta({ description: 'No threshold is moved below this.' }),
          max: fraction.default(0.9).meta({ description: 'No threshold is moved above this.' }),
        })
        .optional()
        .meta({
          description:
            'With it a review applies proposals for guards of playbooks by itself, within these bounds.',
        }),
    })
    .prefault({}),
  destinations: z
    .record(z.string(), destination)
    .default({})
    .meta({ description: 'Where actions go, by the names that playbooks use.' }),
});
export type Config = z.infer<typeof config>;

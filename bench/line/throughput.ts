import { createWorld } from '../../sources/simulated/world.ts';
import { exceptions, outcomes, predictions, raw, signals, tracking } from '../../pipelines/topics.ts';
import type { Forewarn } from '../../runtime/wire/start-forewarn.ts';
import { type LoopDelay, watchLoopDelay } from '../loop-delay.ts';
import type { Table } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import type { Outgoing } from './sender.ts';
import { scoredBy, startLine, untilSettled } from './start-line.ts';
import { startSender, threadTime } from './start-sender.ts';

const DAYS = 3;
const CONNECTIONS = 16;
const START = Date.UTC(2026, 0, 5);
const HOUR_MS = 3_600_000;

export interface Stage {
  readonly name: string;
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** From the first POST until the stage had nothing more to do. */
  readonly doneSec: number;
}

export interface Throughput {
  readonly documents: number;
  readonly refused: number;
  readonly megabytes: number;
  /** From the first POST to the last 202. */
  readonly takenSec: number;
  readonly stages: readonly Stage[];
  readonly tables: Stage;
  readonly events: number;
  readonly written: Readonly<Record<string, number>>;
  readonly allSec: number;
  readonly loop: LoopDelay;
  /** Processor time of the process, all threads; ClickHouse's own is not in it. */
  readonly cpuSec: number;
  readonly scoredBy: string;
}

/** Documents of a simulated world, made before anything is measured. */
export const worldDocuments = (days = DAYS): readonly Outgoing[] => {
  const world = createWorld({ seed: 1, startAt: START, shipmentsPerDay: 2_000, keepTruth: false });
  const documents: Outgoing[] = [];
  for (let hour = 1; hour <= days * 24; hour += 1) documents.push(...world.advance(START + hour * HOUR_MS));
  return documents;
};

const RECORDS =
  /^forewarn_records_total\{pipeline="(?<stage>[^"]+)",direction="(?<direction>in|out)"\} (?<count>\d+)$/gm;

const rowsOf = async (line: Forewarn): Promise<ReadonlyMap<string, { in: number; out: number }>> => {
  const rows = new Map<string, { in: number; out: number }>();
  for (const { groups } of (await line.metricsText()).matchAll(RECORDS)) {
    const { stage, direction, count } = groups as { stage: string; direction: 'in' | 'out'; count: string };
    const known = rows.get(stage) ?? { in: 0, out: 0 };
    known[direction] += Number(count);
    rows.set(stage, known);
  }
  return rows;
};

const endOf = (line: Forewarn, topic: string): number =>
  Array.from({ length: line.log.partitionsOf(topic) }, (_, partition) =>
    line.log.end(topic, partition),
  ).reduce((sum, end) => sum + end, 0);

/** Sends everything as fast as 202s come, and watches until every stage and every table has all of it. */
export const measureThroughput = (documents: readonly Outgoing[], workers = 0): Promise<Throughput> =>
  withTempFolder(async (folder) => {
    const line = await startLine(folder, 'recorded', workers);
    const sender = startSender();
    const stageNames = [...new Set(line.engine.tasks.map((task) => task.stage))];
    const busyUntil = new Map<string, number>();
    const look = (): void => {
      const now = threadTime();
      for (const task of line.engine.tasks) {
        if (!task.settled(line.log.closedUntil)) busyUntil.set(task.stage, now);
      }
      if (line.storage.mirror.stats().lagRecords > 0) busyUntil.set('tables', now);
    };
    const looking = setInterval(look, 25);
    const readDelay = watchLoopDelay();
    const cpu = process.cpuUsage();
    const sent = await sender.send({ url: line.url, documents, connections: CONNECTIONS, perSec: null });
    await untilSettled(line);
    look();
    clearInterval(looking);
    const loop = readDelay();
    const { user, system } = process.cpuUsage(cpu);

    const begun = sent.sentAt[0]!;
    const since = (at: number): number => (at - begun) / 1_000;
    const rows = await rowsOf(line);
    const stage = (name: string): Stage => ({
      name,
      rowsIn: rows.get(name)?.in ?? 0,
      rowsOut: rows.get(name)?.out ?? 0,
      doneSec: since(busyUntil.get(name) ?? begun),
    });
    const mirrored = line.storage.mirror.stats().rows;
    const tables = { ...stage('tables'), rowsIn: mirrored, rowsOut: mirrored };
    const stages = stageNames.map(stage);
    const topics = [raw, tracking, signals, predictions, exceptions, outcomes];
    await sender.close();
    const result: Throughput = {
      documents: documents.length,
      refused: sent.answeredAt.filter(Number.isNaN).length,
      megabytes: documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6,
      takenSec: since(Math.max(...sent.answeredAt.filter((at) => !Number.isNaN(at)))),
      stages,
      tables,
      events: endOf(line, tracking.name) + endOf(line, 'plans'),
      written: Object.fromEntries(topics.map(({ name }) => [name, endOf(line, name)])),
      allSec: Math.max(...[...stages, tables].map(({ doneSec }) => doneSec)),
      loop,
      cpuSec: (user + system) / 1e6,
      scoredBy: scoredBy(line),
    };
    await line.stop();
    return result;
  });

export const throughputTable = (run: Throughput): Table => ({
  title: `Throughput: ${run.documents.toLocaleString('en-US')} documents of ${DAYS} simulated days, sent as fast as they are acknowledged`,
  columns: [
    { name: 'station' },
    { name: 'rows in' },
    { name: 'rows out' },
    { name: 'done after s', digits: 2 },
    { name: 'rows in/s' },
    { name: '× all of the line', digits: 2 },
  ],
  rows: [
    {
      name: 'ingest (durable)',
      rowsIn: run.documents,
      rowsOut: run.documents - run.refused,
      doneSec: run.takenSec,
    },
    ...run.stages,
    run.tables,
  ].map(({ name, rowsIn, rowsOut, doneSec }) => [
    name,
    rowsIn,
    rowsOut,
    doneSec,
    rowsIn / doneSec,
    doneSec / run.allSec,
  ]),
});

import { exceptions } from '../../pipelines/topics.ts';
import type { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { watchLoopDelay } from '../loop-delay.ts';
import { middle } from '../middle.ts';
import { type Place, withOpenWorld, type World, type WorldShape } from './open-world.ts';

const ROWS_AS_JSON = 20_000;
const ROUNDS = 3;

/** A world is made once, and the contracts of its customers change one after the other. */
type Changes = Omit<WorldShape, 'open'> & { readonly change: readonly string[] };

/** One exception for each shipment: of a hundredth of them, of a tenth, and of all. */
const allTroubled: readonly Changes[] = [
  { owners: { hundredth: 0.01, tenth: 0.1 }, oneExceptionIn: 1, threads: 0, change: ['hundredth', 'tenth'] },
  { owners: { all: 1 }, oneExceptionIn: 1, threads: 0, change: ['all'] },
];
/** As it is when all goes as usual: in turn, several times. */
const fewTroubled: readonly Changes[] = [0, 2].map((threads) => ({
  owners: { all: 1 },
  oneExceptionIn: 20,
  threads,
  change: ['all'],
}));

export interface Rejudged {
  readonly threads: number;
  /** Open shipments in all, those of the customer, and those of them with an open exception. */
  readonly open: number;
  readonly shipments: number;
  readonly troubled: number;
  /** Exceptions and actions that it wrote. */
  readonly rows: number;
  /** From the contract's append to the last new version being durable in the topic of exceptions. */
  readonly seconds: number;
  /** The same of the worst tenth of them. */
  readonly worstSeconds: number;
  readonly cpuSeconds: number;
  /** Of `JSON.stringify` and `JSON.parse` alone, for the rows that it wrote. */
  readonly jsonCpuSeconds: number;
  readonly megabytes: number;
  readonly stallMs: number;
}

const secondsSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

async function* rowsOf(log: EmbeddedLog, { topic, partition, offset: from }: Place, most: number) {
  const end = log.end(topic.name, partition);
  for (let offset = from, left = most; offset < end && left > 0;) {
    const records = await log.read(topic.name, partition, offset);
    for (const record of records) yield { row: topic.read(record), offset: record.offset };
    left -= records.length;
    offset = records.at(-1)!.offset + 1;
  }
}

/** CPU seconds of JSON alone for the rows that were written since, and their bytes; measured on some of them. */
const plainJson = async (
  log: EmbeddedLog,
  since: readonly Place[],
): Promise<{ readonly rows: number; readonly cpuSeconds: number; readonly bytes: number }> => {
  const some: object[] = [];
  let rows = 0;
  for (const place of since) {
    rows += log.end(place.topic.name, place.partition) - place.offset;
    for await (const { row } of rowsOf(log, place, ROWS_AS_JSON / since.length)) some.push(row);
  }
  let bytes = 0;
  let cpuSeconds = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const cpu = process.cpuUsage();
    bytes = 0;
    for (const row of some) {
      const text = JSON.stringify(row);
      bytes += text.length;
      JSON.parse(text);
    }
    cpuSeconds = Math.min(cpuSeconds, secondsSince(cpu));
  }
  const share = rows / some.length;
  return { rows, cpuSeconds: cpuSeconds * share, bytes: bytes * share };
};

/** When the last new version of one of these was durable, by where the partitions ended at each look. */
const lastDurable = async (
  log: EmbeddedLog,
  since: readonly Place[],
  shipments: ReadonlySet<string>,
  looks: readonly { readonly at: number; readonly ends: readonly Place[] }[],
): Promise<number> => {
  let last = 0;
  for (const [nth, place] of since.entries()) {
    if (place.topic !== exceptions) continue;
    let offsetOfLast = -1;
    for await (const { row, offset } of rowsOf(log, place, Infinity))
      if (shipments.has(row.shipmentId)) offsetOfLast = offset;
    const look = looks.find(({ ends }) => ends[nth]!.offset > offsetOfLast);
    last = Math.max(last, look!.at);
  }
  return last;
};

export const measureChange = async (
  { log, ends, owned, troubled, worst, change, untilMore }: World,
  { open, threads }: Pick<WorldShape, 'open' | 'threads'>,
  customer: string,
): Promise<Rejudged> => {
  const own = troubled(customer).length;
  const since = ends();
  const looks: { at: number; ends: readonly Place[] }[] = [];
  const readDelay = watchLoopDelay();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await change(customer, 'guaranteed');
  await untilMore(own, (now) => looks.push({ at: (performance.now() - begun) / 1_000, ends: now }));
  const seconds = (performance.now() - begun) / 1_000;
  const cpuSeconds = secondsSince(cpu);
  const { maxMs } = readDelay();
  const worstSeconds = await lastDurable(log, since, new Set(worst(customer)), looks);
  const json = await plainJson(log, since);
  return {
    threads,
    open,
    shipments: owned(customer),
    troubled: own,
    rows: json.rows,
    seconds,
    worstSeconds,
    cpuSeconds,
    jsonCpuSeconds: json.cpuSeconds,
    megabytes: json.bytes / 1e6,
    stallMs: maxMs,
  };
};

/**
 * A customer's contract changes while so many shipments are open. Where one in twenty has an exception it is the middle of
 * three rounds, without threads and with two in turn.
 */
export const measureRejudge = async (
  open: number,
  say: (line: string) => void,
): Promise<readonly Rejudged[]> => {
  const measure = ({ change, ...shape }: Changes): Promise<readonly Rejudged[]> =>
    withOpenWorld({ open, ...shape }, async (world) => {
      const measured: Rejudged[] = [];
      for (const customer of change) {
        const { oneExceptionIn, threads } = shape;
        const owned = world.owned(customer).toLocaleString('en-US');
        say(
          `act: the contract of ${owned} open shipments changes, one exception in ${oneExceptionIn}, ${threads} threads`,
        );
        measured.push(await measureChange(world, { open, threads }, customer));
      }
      return measured;
    });
  const few: Rejudged[][] = fewTroubled.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, changes] of fewTroubled.entries()) few[index]!.push(...(await measure(changes)));
  const all: Rejudged[] = [];
  for (const changes of allTroubled) all.push(...(await measure(changes)));
  return [...few.map((runs) => middle(runs, ({ seconds }) => seconds)), ...all];
};

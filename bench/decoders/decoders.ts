import type { Bench } from '../bench.ts';
import { median } from '../quantile.ts';
import type { Cell, Table } from '../table.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import type { Contender, Contest, ContestOf } from './contest.ts';
import { edifactContest } from './edifact-contest.ts';
import { x12Contest } from './x12-contest.ts';

/** Formats in the order of the tables; a new one is a file of its own and a name here. */
const contests: readonly ContestOf[] = [x12Contest, edifactContest];

const ROUNDS = 9;
const FOR_MS = 400;

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/**
 * Seconds of the processor for one reading of the file: as many readings as fit into the time, so that a short one is not noise.
 * Every contender works in this one process, so what else the machine does at the time costs none of them anything.
 */
const secondsOf = async ({ read }: Contender, bytes: Uint8Array): Promise<number> => {
  const begun = processorMs();
  let readings = 0;
  do {
    await read(bytes);
    readings += 1;
  } while (processorMs() - begun < FOR_MS);
  return (processorMs() - begun) / readings / 1_000;
};

/** All contenders in turn, round after round, so that a busy moment of the machine meets them alike. */
const measured = async (
  { format, sound, contenders }: Contest,
  say: (line: string) => void,
): Promise<readonly (readonly Cell[])[]> => {
  for (const { name, read } of contenders) {
    const found = await read(sound.bytes);
    if (found !== sound.messages) throw new Error(`${name} finds ${found} of ${sound.messages} messages`);
  }
  const seconds = new Map<Contender, number[]>(contenders.map((one) => [one, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    say(`${format}: round ${round + 1} of ${ROUNDS}`);
    for (const [contender, all] of seconds) all.push(await secondsOf(contender, sound.bytes));
  }
  const middle = new Map([...seconds].map(([contender, all]) => [contender, median(all) ?? NaN]));
  const fastest = Math.min(...[...middle].filter(([{ isOurs }]) => !isOurs).map(([, each]) => each));
  return [...middle].map(([{ name, makes }, each]) => [
    format,
    name,
    makes,
    sound.bytes.byteLength / 1e6 / each,
    sound.messages / each,
    fastest / each,
  ]);
};

const survived = async ({ read }: Contender, bytes: Uint8Array): Promise<number | string> => {
  try {
    return await read(bytes);
  } catch {
    return 'throws';
  }
};

const oddTable = async ({ format, odd, contenders }: Contest): Promise<Table> => ({
  title: `${format}: messages that are found in files as partners send them`,
  columns: [
    { name: 'what is odd' },
    { name: 'in it' },
    ...contenders.filter(({ makes }) => makes === 'elements').map(({ name }) => ({ name })),
  ],
  rows: await Promise.all(
    odd.map(async ({ what, messages, bytes }) => [
      what,
      messages,
      ...(await Promise.all(
        contenders.filter(({ makes }) => makes === 'elements').map((one) => survived(one, bytes)),
      )),
    ]),
  ),
});

/** How fast messages are taken apart beside the libraries for their formats, and what is left of odd ones. */
export const decodersBench: Bench = {
  name: 'decoders',
  about: 'MB/s and messages/s of our decoders beside the libraries for the same formats, on the same files',
  run: async (say) => {
    const rows: (readonly Cell[])[] = [];
    const tables: Table[] = [];
    const mappings = loadMappings(`${packageRoot}/rules/mappings`);
    for (const contestOf of contests) {
      const contest = contestOf(mappings);
      rows.push(...(await measured(contest, say)));
      tables.push(await oddTable(contest));
    }
    return {
      tables: [
        {
          title: 'Taking a sound file apart',
          columns: [
            { name: 'format' },
            { name: 'by' },
            { name: 'makes' },
            { name: 'MB/s', digits: 1 },
            { name: 'messages/s' },
            { name: '× the fastest library', digits: 1 },
          ],
          rows,
        },
        ...tables,
      ],
      notes: [
        'elements: every segment of every message cut at its separators; what is wrong with the envelope is told beside it.',
        'events: all that Forewarn does with it: meaning of codes, time zones, ids, a check of every event against its schema.',
        `Medians of ${ROUNDS} rounds in which the contenders take turns; by time of the processor, garbage collection with it.`,
      ],
    };
  },
};

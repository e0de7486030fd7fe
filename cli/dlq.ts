import type { DeadLetter } from '../domain/dead-letter.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { type DeadLetterLine, deadLettersIn, type DeadLetterQuery } from '../runtime/wire/dead-letters.ts';
import { type Replayed, replayLetters } from '../runtime/wire/replay-letters.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { type RunningProcess, runningProcess } from './running-process.ts';

export interface DlqListOptions extends ConfigOptions {
  readonly step?: string;
  readonly code?: string;
  readonly since?: number;
  readonly limit: number;
  readonly json?: boolean;
}

/** `forewarn dlq list`: the latest first. */
export const listLettersCommand = async (options: DlqListOptions): Promise<void> => {
  const { step, code, since, limit } = options;
  const query: DeadLetterQuery = {
    limit,
    ...(step === undefined ? {} : { step }),
    ...(code === undefined ? {} : { code }),
    ...(since === undefined ? {} : { since }),
  };
  const found = await withLetters(configFrom(options), (letters) => letters.list(query));
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0) console.log('no dead letters');
  else console.log(columns(['id', 'heard', 'step', 'code', 'from', 'reason'], found.map(cellsOf)));
};

/** `forewarn dlq show <id>`: all of a letter, its bytes as text where they are text. */
export const showLetterCommand = async (
  id: string,
  options: ConfigOptions & { readonly json?: boolean },
): Promise<void> => {
  const letter = await withLetters(configFrom(options), (letters) => letters.find(id));
  console.log(options.json === true ? JSON.stringify(letter, null, 2) : textOf(letter));
};

export interface DlqReplayOptions extends ConfigOptions {
  readonly all?: boolean;
  readonly step?: string;
  readonly json?: boolean;
}

/** `forewarn dlq replay`: puts records back where they came from. Answers 1 in the exit code when one is refused. */
export const replayLettersCommand = async (
  ids: readonly string[],
  options: DlqReplayOptions,
): Promise<void> => {
  const { all = false, step } = options;
  if (ids.length > 0 === all)
    throw new ForewarnError(
      'FW101',
      'dlq replay takes ids, or --all with the --step whose letters are meant',
    );
  if (all !== (step !== undefined))
    throw new ForewarnError('FW101', 'dlq replay --all and --step go together, such as --all --step decode');
  const wanted = step === undefined ? { ids } : { step };
  const done = await withLetters(configFrom(options), (letters) => letters.replay(wanted));
  if (options.json === true) console.log(JSON.stringify(done, null, 2));
  else for (const line of done) console.log(`${line.id}  ${says[line.result]} ${line.detail}`);
  const refused = done.filter(({ result }) => result === 'refused').length;
  if (options.json !== true)
    console.log(`${done.length - refused} of ${done.length} letters are in the log again`);
  if (refused > 0) process.exitCode = 1;
};

const says: Readonly<Record<Replayed['result'], string>> = {
  played: 'played to',
  again: 'had been played before, to',
  refused: 'refused:',
};

interface Letters {
  list(query: DeadLetterQuery): Promise<readonly DeadLetterLine[]>;
  find(id: string): Promise<DeadLetter>;
  replay(wanted: Parameters<typeof replayLetters>[1]): Promise<readonly Replayed[]>;
}

const withLetters = async <T>(config: Config, work: (letters: Letters) => Promise<T>): Promise<T> => {
  const running = await runningProcess(config);
  if (running !== undefined) return work(lettersOf(running));
  const { log, close } = await openStoppedLine(config.dataFolder);
  try {
    return await work({ ...deadLettersIn(log), replay: (wanted) => replayLetters(log, wanted) });
  } finally {
    await close();
  }
};

const lettersOf = (running: RunningProcess): Letters => ({
  list: (query) => {
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) words.set(name, String(value));
    return running.get(`/v1/dead-letters?${words.toString()}`);
  },
  find: (id) => running.get(`/v1/dead-letters/${encodeURIComponent(id)}`),
  replay: (wanted) => running.post('/v1/dead-letters/replay', wanted),
});

const cellsOf = ({
  id,
  heardAt,
  step,
  code,
  feed,
  document,
  position,
  reason,
}: DeadLetterLine): readonly string[] => [
  id,
  new Date(heardAt).toISOString().slice(0, 19),
  step,
  code,
  document === '' ? feed : `${document}#${position}`,
  reason.length > 90 ? `${reason.slice(0, 89)}…` : reason,
];

const textOf = (letter: DeadLetter): string => {
  const { origin } = letter;
  const bytes = Buffer.from(letter.bytes, 'base64');
  const lines = [
    ['id', letter.id],
    ['reason', letter.reason],
    [
      'code',
      `${letter.code} (stage ${letter.stage}, step "${letter.step}", code version ${letter.codeVersion})`,
    ],
    ['heard', new Date(letter.heardAt).toISOString()],
    [
      'from',
      `${letter.feed}${letter.document === '' ? '' : `, document ${letter.document}, record ${letter.position}`}`,
    ],
    ...(origin === null || origin === undefined ? [] : [['in the log', placeOf(origin)]]),
    ['bytes', `${bytes.length}`],
  ];
  const body = isText(bytes) ? bytes.toString('utf8') : hexOf(bytes);
  return `${lines.map(([name = '', words = '']) => `${name.padEnd(11)} ${words}`).join('\n')}\n\n${body}`;
};

const placeOf = ({ topic, partition, offset, key }: NonNullable<DeadLetter['origin']>): string =>
  `${topic}${partition === null ? '' : `/${partition}`}${offset === null ? '' : `@${offset}`}${key === null ? '' : `, key "${key}"`}`;

/** UTF-8 without control characters other than those of lines. */
const isText = (bytes: Buffer): boolean =>
  Buffer.from(bytes.toString('utf8')).equals(bytes) &&
  bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13 || byte === 28 || byte === 29);

/** `00000010  de ad be ef …  |....|`, sixteen bytes a line. */
const hexOf = (bytes: Buffer): string => {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const part = bytes.subarray(at, at + 16);
    const hex = [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = [...part]
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.'))
      .join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  |${text}|`);
  }
  return lines.join('\n');
};

import type { Action } from '../../domain/action.ts';
import type { Decision } from '../../domain/decision.ts';
import { stableId } from '../../domain/stable-id.ts';
import { seededRandom } from '../../models/training/seeded-random.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { createWorld } from '../../sources/simulated/world.ts';
import type { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { diskWithDataFolder } from '../support/crash-life.ts';
import { plainDecision } from '../support/plain-fields.ts';
import { allKinds, ProtocolPoints } from '../support/protocol-points.ts';
import { hashOf } from '../support/seen-records.ts';
import { HeldReceiver } from './held-receiver.ts';
import { lineTopics, type SimulatedLine, startSimulatedLine } from './simulated-line.ts';

const hourMs = 3_600_000;
const startAt = Date.parse('2026-01-05T00:00:00Z');

/** So many hours of a small world, each document at a millisecond of its own. */
export const recordedHours = (seed: number, hours: number): readonly RecordedDocument[] => {
  const world = createWorld({ seed, startAt, shipmentsPerDay: 8, keepTruth: false });
  let last = 0;
  return world.advance(startAt + hours * hourMs).map((document) => {
    last = Math.max(last + 1, Math.ceil(document.heardAt));
    return { ...document, heardAt: last };
  });
};

/** What is left of a run. */
export interface LineStory {
  readonly kills: number;
  /** Protocol points of all lives; those of the life without a death are not counted. */
  readonly points: number;
  readonly decisions: number;
  readonly receiver: HeldReceiver;
  /** Every row of exceptions, actions and outcomes as a line, sorted, by topic. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

const comparedTopics = ['exceptions', 'actions', 'outcomes'] as const;

/** People decide once an hour, and about each action what its id says. */
const decisionAbout = ({ id, exceptionId, shipmentId }: Action, at: number): Decision | null => {
  const lot = Number.parseInt(stableId('verdict', id).slice(0, 4), 16) % 6;
  if (lot > 3) return null;
  return {
    ...plainDecision,
    id: `decision-${id}`,
    at,
    heardAt: at,
    source: { feed: 'console', document: id, position: 0, decoder: 'console', mapping: null },
    shipmentId,
    exceptionId,
    actionId: id,
    verdict: lot === 0 ? 'refuse' : 'approve',
    by: 'Dana',
    reason: 'as_planned',
    note: '',
  };
};

const isHourOver = ({ heardAt }: RecordedDocument, next: RecordedDocument | undefined): boolean =>
  next === undefined || Math.floor(next.heardAt / hourMs) > Math.floor(heardAt / hourMs);

/** How far the world outside has come with a line; it goes on from there with the next life. */
class Outside {
  #sent = 0;
  #pending: Decision[] | null = null;
  decisions = 0;
  readonly #documents: readonly RecordedDocument[];
  readonly #receiver: HeldReceiver;

  constructor(documents: readonly RecordedDocument[], receiver: HeldReceiver) {
    this.#documents = documents;
    this.#receiver = receiver;
  }

  async goOnWith(line: SimulatedLine): Promise<void> {
    // The last ones go again: their sender may not have heard that they are safe.
    for (const again of this.#documents.slice(Math.max(0, this.#sent - 3), this.#sent))
      await line.send(again);
    if (this.#pending === null) await this.#answerAll(line);
    for (;;) {
      const last = this.#documents[this.#sent - 1];
      if (last !== undefined && isHourOver(last, this.#documents[this.#sent])) await this.#decide(line, last);
      const next = this.#documents[this.#sent];
      if (next === undefined) return;
      await line.send(next);
      this.#sent += 1;
      this.#pending = null;
      await this.#answerAll(line);
    }
  }

  async #answerAll(line: SimulatedLine): Promise<void> {
    do await line.rests();
    while (this.#receiver.answerOneEach());
    this.#receiver.rest();
  }

  /** Once after each hour, however often it is killed over it. */
  async #decide(line: SimulatedLine, { heardAt }: RecordedDocument): Promise<void> {
    this.#pending ??= (await lastVersions<Action>(line.log, 'actions'))
      .filter(({ state }) => state === 'awaiting_approval')
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .flatMap((action) => decisionAbout(action, heardAt) ?? []);
    while (this.#pending.length > 0) {
      await line.decide(this.#pending[0]!);
      this.#pending.shift();
      this.decisions += 1;
    }
    await this.#answerAll(line);
  }
}

const decoder = new TextDecoder();
const readAll = async (log: EmbeddedLog, topic: string): Promise<readonly string[]> => {
  const values: string[] = [];
  for (let partition = 0; partition < lineTopics[topic]!; partition++)
    for (let from = 0; from < log.end(topic, partition);)
      for (const { offset, value } of await log.read(topic, partition, from)) {
        values.push(decoder.decode(value));
        from = offset + 1;
      }
  return values;
};

const lastVersions = async <T extends { readonly id: string }>(
  log: EmbeddedLog,
  topic: string,
): Promise<readonly T[]> => [
  ...new Map(
    (await readAll(log, topic)).map((text) => JSON.parse(text) as T).map((row) => [row.id, row]),
  ).values(),
];

/**
 * Log time of what is answered within one millisecond depends on how often it was tried: instants are compared in whole
 * milliseconds, as tables keep them, and minutes made of them likewise.
 */
const inMilliseconds = (text: string): string =>
  JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value !== 'number' || Number.isInteger(value)
      ? value
      : value > 1e11
        ? Math.floor(value)
        : Math.round(value * 1e4) / 1e4,
  );

export interface Kills {
  readonly seed: number;
  readonly count: number;
  /** Points of an undisturbed run: deaths are spread over so many. */
  readonly among: number;
}

/** Plays the documents to the whole line; it is killed as often as is said, and lives on with what its disk has kept. */
export const playLine = async (documents: readonly RecordedDocument[], kills?: Kills): Promise<LineStory> => {
  const random = seededRandom(kills?.seed ?? 0);
  const chance = (below: number): number => Math.floor(random() * below);
  const disk = await diskWithDataFolder();
  const receiver = new HeldReceiver();
  const outside = new Outside(documents, receiver);
  let killed = 0;
  let reached = 0;
  for (;;) {
    const isMortal = kills === undefined || killed < kills.count;
    // So many that all come before the end, whose points differ a little with the speed of the machine.
    const at = kills === undefined ? Infinity : chance((1.2 * kills.among) / kills.count);
    const points = new ProtocolPoints(isMortal ? { at, kinds: allKinds } : undefined);
    let line: SimulatedLine | undefined;
    try {
      line = await startSimulatedLine(disk, receiver, points);
      await points.orDeath(outside.goOnWith(line));
      reached += points.names.length;
      const rows = new Map<string, readonly string[]>();
      for (const topic of comparedTopics)
        rows.set(topic, (await readAll(line.log, topic)).map(inMilliseconds).toSorted());
      return { kills: killed, points: reached, decisions: outside.decisions, receiver, rows };
    } catch (error) {
      if (points.died === undefined) throw error;
      killed += 1;
      reached += points.names.length;
    } finally {
      await line?.end();
    }
    receiver.hangUp();
    if (chance(3) === 0) disk.loseProcess();
    else disk.losePower(chance);
  }
};

/** In words, what the one run has done that the other has not; none when they are the same and every key is told once. */
export const differencesOf = (undisturbed: LineStory, disturbed: LineStory): readonly string[] => {
  const wrong: string[] = [];
  const { counts, repeated } = disturbed.receiver;
  for (const key of undisturbed.receiver.counts.keys()) if (!counts.has(key)) wrong.push(`${key} was lost`);
  for (const [key, { effects }] of counts) {
    if (!undisturbed.receiver.counts.has(key)) wrong.push(`${key} was sent only by the killed line`);
    if (effects !== 1) wrong.push(`${key} had ${effects} effects`);
  }
  for (const key of repeated) wrong.push(`${key} was written down, and sent again`);
  for (const [topic, wanted] of undisturbed.rows) {
    const found = disturbed.rows.get(topic) ?? [];
    if (hashOf(found) === hashOf(wanted)) continue;
    const known = new Set(wanted);
    const mine = new Set(found);
    const missing = wanted.filter((line) => !mine.has(line));
    const surplus = found.filter((line) => !known.has(line));
    wrong.push(
      `${topic}: ${found.length} rows instead of ${wanted.length}; ${missing.length} missing, ${surplus.length} too many: ${missing[0]} and ${surplus[0]}`,
    );
  }
  return wrong;
};

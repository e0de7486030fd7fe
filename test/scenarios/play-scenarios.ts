import { feed } from '../../cli/recorded-line.ts';
import { rowsOf } from '../../runtime/log/topic-rows.ts';
import type { Action } from '../../domain/action.ts';
import type { Dispatch } from '../../domain/dispatch.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import {
  actionResults,
  actions,
  deadLetters,
  decisions,
  dispatches,
  exceptions,
} from '../../pipelines/topics.ts';
import { type RecordedLine, startRecordedLine } from '../../runtime/wire/recorded-line.ts';
import { config, newDataFolder } from '../cli/recorded-folder.ts';
import { decisionOf, resultOf } from './named-words.ts';
import type { FeedRecord, Line, Scenario, Word } from './scenario.ts';

/** Every version of everything that was decided, in the order of the log. */
export interface Played {
  readonly exceptions: readonly ShipmentException[];
  readonly actions: readonly Action[];
  readonly dispatches: readonly Dispatch[];
  /** What a step could not use: nothing, if the scenarios are well written. */
  readonly letters: readonly string[];
}

const say = async ({ log }: RecordedLine, word: Word): Promise<void> => {
  const { heardAt } = word;
  if (word.type === 'decision') {
    const row = decisionOf(word);
    await log.append(
      decisions.name,
      { key: row.shipmentId, value: decisions.write(row) },
      { documentId: row.id, heardAt },
    );
  } else {
    const row = resultOf(word);
    await log.append(
      actionResults.name,
      { key: row.shipmentId, value: actionResults.write(row) },
      { documentId: row.id, heardAt },
    );
  }
};

/** Each scenario is a feed of its own, where its record does not name another. */
const documentOf = ({ feed: named, ...record }: FeedRecord, documentId: string) => ({
  heardAt: record.heardAt,
  source: named ?? documentId.split('/')[0]!,
  contentType: 'application/json',
  documentId,
  text: JSON.stringify({ at: record.heardAt, ...record }),
});

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
};

/**
 * All scenarios on one line of recorded time, with the rules that ship and the rule of thumb in place of a model, in
 * the order in which they were heard. They share no name, so each is as if it were alone. Nothing is sent: what left
 * and what came of it is in the input. `end` is log time to which the line is taken, so that all timers have gone off.
 */
export const playScenarios = async (
  parent: string,
  scenarios: readonly Scenario[],
  end: number,
): Promise<Played> => {
  const folder = await newDataFolder(parent);
  const untrained = { ...config, models: { ...config.models, folder: parent } };
  const line = await startRecordedLine(untrained, folder, () => undefined);
  try {
    const lines: (readonly [string, Line])[] = scenarios
      .flatMap(({ name, lines: own }) => own.map((one, index) => [`${name}/${index}`, one] as const))
      .sort(([, a], [, b]) => a.heardAt - b.heardAt);
    let documents: ReturnType<typeof documentOf>[] = [];
    for (const [documentId, one] of lines) {
      if (one.kind === 'record') documents.push(documentOf(one.record, documentId));
      else {
        await feed(line, documents);
        documents = [];
        await say(line, one.word);
      }
    }
    await feed(line, [...documents, lastOne(end)]);
    return {
      exceptions: await all(rowsOf(line.log, exceptions)),
      actions: await all(rowsOf(line.log, actions)),
      dispatches: await all(rowsOf(line.log, dispatches)),
      letters: (await all(rowsOf(line.log, deadLetters))).map(
        ({ document, reason }) => `${document}: ${reason}`,
      ),
    };
  } finally {
    await line.stop();
  }
};

/** A port on nobody's way, so that time goes on. */
const lastOne = (end: number) =>
  documentOf(
    { type: 'port', heardAt: end, port: 'XXEND', state: 'open', dwellHours: 1, usualDwellHours: 1 },
    'end',
  );

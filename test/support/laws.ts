import { describe, expect, it } from 'vitest';
import { BeatBuilder } from '../../runtime/beat-builder.ts';
import type { KeyNode, Pipeline, StepNode } from '../../runtime/graph.ts';
import type { ScorerService } from '../../runtime/scorer-service.ts';
import type { StepContext } from '../../runtime/step.ts';
import { wireStage } from '../../runtime/task-plan.ts';
import type { Topic } from '../../runtime/topic.ts';
import { type Heard, heard, type Noted, POISON } from './law-topics.ts';
import { type Answer, answerIn, hear, type LawRunOptions, newLog, startRun } from './law-run.ts';
import { tempFolder } from './temp-folder.ts';

/** An operator on trial: a small pipeline around it, what is heard, and what must come of it. */
export interface OperatorLaws {
  /** Builds the pipeline anew for each run; it writes to `out`. */
  readonly pipeline: () => Pipeline;
  /** In the order of log time. */
  readonly rows: readonly Heard[];
  /** Log time goes on to here when all rows were heard, so that timers come due. */
  readonly endsAt: number;
  /** `log time key what`: all of it, in order. */
  readonly expected: readonly string[];
  /** Inputs on whose rows an author's callback runs: a row of 13 makes it throw. */
  readonly poisoned: readonly Topic<Noted>[];
  /** For an operator that asks a scorer: one that answers at once, and one that takes its time. */
  readonly scorer?: () => ScorerService;
  readonly slowScorer?: () => ScorerService;
}

/**
 * What every operator must keep: the same rows in the same order with the same log times, however its input was cut,
 * wherever it was stopped and started, with no credit left, and with rows among its input on which a callback throws.
 */
export const operatorLaws = (name: string, laws: OperatorLaws): void => {
  const { rows, endsAt, expected } = laws;

  const run = async (
    parts: readonly (readonly Heard[])[],
    settings: Partial<LawRunOptions> & {
      /** After each part: wait until it is done, stop and start, or do nothing. */
      readonly between?: 'settle' | 'restart' | 'settle and restart';
      /** Log time goes on to just before the next row before that is heard. */
      readonly ticks?: boolean;
    } = {},
  ): Promise<Answer> => {
    const { between, ticks = false, ...options } = settings;
    const log = newLog();
    const scorer = laws.scorer?.();
    const stateFolder = await tempFolder();
    const all = { stateFolder, ...(scorer === undefined ? {} : { scorer }), ...options };
    let running = await startRun([laws.pipeline()], log, all);
    for (const [index, part] of parts.entries()) {
      if (ticks && part[0] !== undefined) log.advanceTo(part[0].heardAt - 1 / 512);
      await hear(log, part);
      if (index === parts.length - 1) break;
      if (between?.startsWith('settle') === true) await running.settle(log.closedUntil);
      if (between?.endsWith('restart') === true) {
        await running.stop();
        running = await startRun([laws.pipeline()], log, all);
      }
    }
    log.advanceTo(endsAt);
    await running.settle(endsAt);
    await running.stop();
    return answerIn(log);
  };
  const good: Answer = { rows: expected, letters: [] };

  describe(`${name}: the laws of operators`, () => {
    it('says what its description promises, in one burst', async () => {
      expect(await run([rows])).toEqual(good);
    });

    it('says the same row by row, and when time goes on between them', async () => {
      const oneByOne = rows.map((row) => [row]);
      expect(await run(oneByOne, { between: 'settle' })).toEqual(good);
      expect(await run(oneByOne, { between: 'settle', ticks: true })).toEqual(good);
    });

    it('says the same when its input is cut at every size', async () => {
      for (let size = 2; size < rows.length; size++)
        expect(await run(cut(rows, size), { between: 'settle' }), `cut at ${size}`).toEqual(good);
    });

    it('says the same when it is stopped and started between any two rows', async () => {
      for (let at = 0; at <= rows.length; at++) {
        const parts = [rows.slice(0, at), rows.slice(at)];
        expect(await run(parts, { between: 'restart' }), `stopped after ${at}`).toEqual(good);
        expect(await run(parts, { between: 'settle and restart' }), `settled after ${at}`).toEqual(good);
      }
      const everywhere = rows.map((row) => [row]);
      expect(await run(everywhere, { between: 'settle and restart' })).toEqual(good);
    });

    it('says the same when its state comes back from base files', async () => {
      const oneByOne = rows.map((row) => [row]);
      expect(await run(oneByOne, { between: 'settle and restart', compactAtBytes: 0 })).toEqual(good);
    });

    it('says the same with credit for one batch and answers that take their time', async () => {
      const slow = laws.slowScorer?.();
      const settings = { credit: 1, ...(slow === undefined ? {} : { scorer: slow }) };
      expect(await run([rows], settings)).toEqual(good);
      expect(await run(cut(rows, 3), { ...settings, between: 'restart' })).toEqual(good);
    });

    const poisonable = laws.poisoned.length > 0 ? it : it.skip;
    poisonable('gives up a row on which a callback throws, and no other', async () => {
      for (const topic of laws.poisoned) {
        for (let at = 0; at <= rows.length; at++) {
          const after = rows[at - 1];
          const heardAt = (after?.heardAt ?? rows[0]!.heardAt - 1) + 1 / 4;
          const bad = heard(topic, heardAt, (after ?? rows[0]!).row.key, POISON);
          const parts = [rows.slice(0, at), [bad], rows.slice(at)];
          for (const between of [undefined, 'settle and restart'] as const) {
            const answer = await run(parts, between === undefined ? {} : { between });
            expect(answer.rows, `13 in ${topic.name} after ${at}`).toEqual(expected);
            expect(answer.letters).toEqual([expect.stringContaining(JSON.stringify(bad.row))]);
          }
        }
      }
    });

    it('says nothing after it was unsubscribed', async () => {
      const { stages } = laws.pipeline();
      const scorer = laws.slowScorer?.();
      const said: unknown[] = [];
      for (const stage of stages) {
        const wired = wireStage(stage, (node) => contextOf(node, scorer), {
          rows: (_, { size, body }) => {
            for (let index = 0; index < size; index++) said.push(body.row(index));
          },
          barrier: () => undefined,
        });
        const stop = wired.start((error) => said.push(error));
        const send = (part: readonly Heard[]): void => {
          for (const { topic, heardAt, row } of part) {
            const source = stage.sources.find((one) => one.topic.name === topic.name);
            if (source === undefined) continue;
            const beats = new BeatBuilder(stage);
            beats.row(source.id, row, row.at, heardAt, -Infinity);
            beats.setWatermark(row.at);
            beats.send((node, item) => wired.inlets.get(node)!.next(item));
          }
        };
        send(rows.slice(0, rows.length / 2));
        const before = said.length;
        stop();
        send(rows.slice(rows.length / 2));
        await scorer?.score(new Float32Array(1), 1);
        expect(said.length).toBe(before);
      }
    });
  });
};

const cut = (rows: readonly Heard[], size: number): readonly (readonly Heard[])[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );

const contextOf = (
  node: StepNode | KeyNode,
  scorer: ScorerService | undefined,
): Omit<StepContext, 'side'> => ({
  step: `${node.id}`,
  task: 'law/0',
  services: { scorer: () => scorer! },
  checkpoint: () => undefined,
  paced: () => undefined,
  atBarrier: () => undefined,
  fail: ({ error }) => {
    throw error;
  },
  hold: () => () => undefined,
  countRows: () => undefined,
  count: () => undefined,
});

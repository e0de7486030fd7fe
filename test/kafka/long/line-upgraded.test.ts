import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROWS_FORMAT } from '../../../runtime/wire/sharing/line-definition.ts';
import { type LineRun, recordedDays, runLine, tableNames } from '../../system/line-run.ts';
import { hasEmbeddedClickHouse, killLeftovers, type Exit } from '../../system/running-line.ts';
import { kafkaMissing } from '../support/kafka.ts';
import { nextVersion } from '../support/next-version.ts';
import type { Member, SharedLine } from '../support/shared-line.ts';
import { type SharedRun, sharedRun } from '../support/shared-run.ts';

const PARTITIONS = 3;
const DOCUMENTS = 160;

/** A step that keeps something of each shipment and says nothing. */
const oneStepMore = [
  {
    file: 'dist/pipelines/watch.js',
    from: 'return [byCode.to(topics.signals), found.to(topics.signals)];',
    to: `const counted = keyedProcess('reports-so-far', {
      inputs: { events },
      emits: rowsOf(),
      initial: { n: 0 },
      on: { events: (_, context) => { context.set({ n: context.state.n + 1 }); context.timer('forget', context.now + REMEMBERED_MS); } },
      onTimer: (_, context) => context.drop(),
    });
    return [byCode.to(topics.signals), found.to(topics.signals), counted.to(topics.signals)];`,
  },
];
const otherRows = {
  file: 'dist/runtime/wire/sharing/line-definition.js',
  from: `ROWS_FORMAT = ${ROWS_FORMAT}`,
  to: `ROWS_FORMAT = ${ROWS_FORMAT + 1}`,
};

describe.skipIf(kafkaMissing !== undefined || !hasEmbeddedClickHouse())(
  'a line that is upgraded one process after another while it runs',
  () => {
    const documents = recordedDays(1).slice(0, DOCUMENTS);
    /** Which version met a dead letter is not the same in both runs. */
    const otherwise = { dead_letters: ['origin_offset', 'code_version'] };
    let folder: string;
    let alone: LineRun;
    let shared: SharedRun;
    let refused: { readonly output: string; readonly end: Exit };
    let outdated: { readonly output: string; readonly end: Exit };
    const drained: Exit[] = [];
    /** Numbers of each while one process had the new version and the other had not. */
    let mixed: Readonly<Record<string, readonly number[]>>;

    /** It is not told to end. */
    const endOf = async (line: SharedLine, member: Member): Promise<{ output: string; end: Exit }> => {
      line.release(member.name);
      const end = await member.exited;
      return { output: member.output(), end };
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'forewarn-upgraded-line-'));
      const second = await nextVersion({
        folder: join(folder, 'second'),
        version: '0.2.0',
        edits: oneStepMore,
      });
      const third = await nextVersion({
        folder: join(folder, 'third'),
        version: '0.3.0',
        edits: [...oneStepMore, otherRows],
      });
      alone = await runLine({ folder, name: 'alone', documents, partitions: PARTITIONS, otherwise });
      const upgrade = async (line: SharedLine, name: string, root: string): Promise<void> => {
        drained.push(await line.leave(name));
        await line.join(name, root);
      };
      shared = await sharedRun({
        folder: join(folder, 'shared'),
        partitions: PARTITIONS,
        documents,
        alone,
        otherwise,
        begin: async (line) => {
          await Promise.all([line.join('one'), line.join('two')]);
          await line.placed();
        },
        meanwhile: {
          lastsMs: 60_000,
          run: async (line) => {
            await upgrade(line, 'one', second);
            await line.placed();
            mixed = await line.numbers();
            // The old version gets what the new one has made, and must not go on from it.
            const old = line.members.find(({ name }) => name === 'two')!;
            const ended = endOf(line, old);
            await line.kill('one');
            refused = await ended;
            await Promise.all([line.join('one', second), line.join('two', second)]);
            await line.placed();
            // Rows that the one before cannot read: it ends as soon as it hears of them.
            const behind = endOf(
              line,
              line.members.find(({ name }) => name === 'two')!,
            );
            await upgrade(line, 'one', third);
            outdated = await behind;
            await line.join('two', third);
            await line.placed();
          },
        },
      });
    }, 1_200_000);

    afterAll(async () => {
      killLeftovers();
      await alone?.receiver.close();
      await shared?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('ran both versions beside each other, and drained what was upgraded', () => {
      expect(drained).toEqual([
        { code: 0, signal: null },
        { code: 0, signal: null },
      ]);
      expect(Object.keys(mixed).sort()).toEqual(['one', 'two']);
      for (const numbers of Object.values(mixed)) expect(numbers.length).toBeGreaterThan(0);
    });

    it('refused the old version what the new one had made, in one sentence', () => {
      expect(refused.end).toEqual({ code: 1, signal: null });
      expect(refused.output).toMatch(
        /FW423 partition number \d: step "reports-so-far" would lose the state that Forewarn 0\.2\.0 made: it is gone; start that version here too, or put it back, or allow the loss with --allow-loss/,
      );
    });

    it('ended the version that cannot read rows any more as soon as they were written', () => {
      expect(outdated.end).toEqual({ code: 1, signal: null });
      expect(outdated.output).toContain(
        `FW423 log.kafka.group: Forewarn 0.3.0 writes rows of format ${ROWS_FORMAT + 1} into this line, and this one (0.2.0) reads up to ${ROWS_FORMAT}; start that version here too`,
      );
    });

    it.each(tableNames)(
      'left in %s exactly the rows of one process that was never upgraded',
      async (table) => {
        expect(shared.contents[table], await shared.differences(table)).toEqual(alone.contents[table]);
      },
    );

    it('sent every webhook under one key with one body', () => {
      expect([...shared.receiver.received.keys()].sort()).toEqual([...alone.receiver.received.keys()].sort());
      for (const [key, { bodies }] of shared.receiver.received) expect([key, bodies.size]).toEqual([key, 1]);
    });
  },
);

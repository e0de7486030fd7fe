import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { holderOf } from '../../../runtime/log/holders.ts';
import { createSavepoint } from '../../../runtime/savepoint/create-savepoint.ts';
import { SavepointStore } from '../../../runtime/savepoint/store.ts';
import { FolderSnapshots } from '../../../runtime/state/snapshots/folder-snapshots.ts';
import { encodeSnapshot, type TaskSnapshot } from '../../../runtime/state/task-snapshot.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const TASK = 'sum/0';
const STATE = '~state/sum/0/0';
const topics = { events: 1, sums: 1 };

/** State after an epoch: it has read as many events. */
const snapshotAt = (epoch: number): TaskSnapshot => ({
  format: 3,
  epoch,
  positions: { 'events/0': { resume: epoch, done: { external: epoch } } },
  eventTime: { watermark: epoch, inputs: {} },
  states: { [`total\u0000${epoch === 4 ? 'late' : 'keys'}`]: { set: [['k', epoch]], deleted: [] } },
});

const setUp = async (epochs: number) => {
  const folder = await tempFolder();
  const log = await EmbeddedLog.open({ folder: join(folder, 'log'), topics, time: 'recorded' });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await log.append('events', { key: 'k', value: new Uint8Array(1) });
    const state = encodeSnapshot(snapshotAt(epoch));
    await log.commit({ producer: TASK, epoch, frontier: epoch, writes: [], state });
  }
  const stateFolder = join(folder, 'state');
  const held = new Map<string, ReadonlyMap<string, number>>();
  const savepoints = new SavepointStore(join(folder, 'savepoints'));
  return {
    log,
    held,
    savepoints,
    saveBase: async (epoch: number) => {
      const { states, ...base } = snapshotAt(epoch);
      const all = Object.fromEntries(Object.entries(states).map(([name, part]) => [name, [part]]));
      await new FolderSnapshots(stateFolder).save(TASK, { ...base, stateOffset: epoch }, all);
    },
    /** With what the log says of its ends at each look. */
    create: (ends: () => ReadonlyMap<string, number>) =>
      createSavepoint({
        name: 'one',
        id: 'id-1',
        log: {
          ends,
          begin: (topic, partition) => log.begin(topic, partition),
          read: (topic, partition, from) => log.read(topic, partition, from),
          closedUntil: 77,
          hold: (reader, offsets) => held.set(reader, offsets),
        },
        snapshots: new FolderSnapshots(stateFolder),
        savepoints,
        graph: {
          stages: [{ name: 'sum', partitions: 1, reads: ['events'], writes: ['sums'] }],
          steps: [
            {
              pipeline: 'sum',
              stage: 'sum',
              name: 'total',
              verb: 'process',
              detail: '',
              shape: '',
              keys: ['k'],
              format: 1,
              parts: [],
            },
          ],
        },
        fillsTables: () => false,
        facts: { codeVersion: '0', partitions: 1, time: 'recorded', generation: 0, tables: null },
      }),
  };
};

describe('a savepoint', () => {
  it('is the base with the changes up to the cut, and holds the log behind both', async () => {
    const { log, saveBase, create, held, savepoints } = await setUp(3);
    await saveBase(2);
    const facts = await create(() => log.ends());
    expect(facts).toMatchObject({
      at: 77,
      cut: { [STATE]: 3, 'events/0': 3 },
      holds: { [STATE]: 2, 'events/0': 3 },
      tasks: [{ name: TASK, epoch: 3 }],
    });
    expect(facts.graph.steps[0]!.parts).toEqual(['keys']);
    expect(held.get(holderOf('id-1'))).toEqual(new Map(Object.entries(facts.holds)));
    const copy = await new FolderSnapshots(savepoints.stateOf('one')).load(TASK);
    expect(copy?.base).toMatchObject({ epoch: 2, stateOffset: 2 });
    expect(await savepoints.list()).toEqual([facts]);
    await log.close();
  });

  it('does not see what was committed behind the cut', async () => {
    const { log, create } = await setUp(3);
    const cut = log.ends();
    for (const epoch of [4, 5])
      await log.commit({
        producer: TASK,
        epoch,
        frontier: epoch,
        writes: [],
        state: encodeSnapshot(snapshotAt(epoch)),
      });
    const facts = await create(() => cut);
    expect(facts.tasks[0]!.epoch).toBe(3);
    expect(facts.holds).toEqual({ [STATE]: 0, 'events/0': 3 });
    expect(facts.graph.steps[0]!.parts).toEqual(['keys']);
    await log.close();
  });

  it('is cut anew when a task has written a base behind the cut', async () => {
    const { log, saveBase, create } = await setUp(3);
    await saveBase(3);
    const looks = [
      new Map([
        ['events/0', 1],
        [STATE, 1],
      ]),
      new Map([
        ['events/0', 2],
        [STATE, 2],
      ]),
    ];
    const facts = await create(() => looks.shift() ?? log.ends());
    expect(facts.cut).toEqual({ [STATE]: 3, 'events/0': 3 });
    expect(facts.tasks[0]!.epoch).toBe(3);
    await log.close();
  });

  it('gives up, leaving nothing behind, when that never ends', async () => {
    const { log, saveBase, create, held, savepoints } = await setUp(3);
    await saveBase(3);
    await expect(create(() => new Map([[STATE, 1]]))).rejects.toThrow(
      /FW322 savepoint "one": tasks wrote new bases/,
    );
    expect(held.get(holderOf('id-1'))).toEqual(new Map());
    expect(await savepoints.list()).toEqual([]);
    await log.close();
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { feed } from '../../../cli/recorded-line.ts';
import type { Action } from '../../../domain/action.ts';
import { actionResults, actions, partitionsByTopic } from '../../../pipelines/topics.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { SavepointStore } from '../../../runtime/savepoint/store.ts';
import { FolderSnapshots } from '../../../runtime/state/snapshots/folder-snapshots.ts';
import { shippedPipelines } from '../../../runtime/wire/pipelines.ts';
import { readMarker } from '../../../runtime/wire/data-folder.ts';
import { rewindFolder, savepointAt } from '../../../runtime/wire/rewind-folder.ts';
import { mirrorRoutes } from '../../../runtime/wire/start-storage.ts';
import { savepointsOf } from '../../../runtime/wire/savepoints.ts';
import { Mirror } from '../../../sinks/clickhouse/mirror.ts';
import { recordDay } from '../../../sources/simulated/record-day.ts';
import { readRecorded } from '../../../sources/replay/recorded-file.ts';
import type { RecordedDocument } from '../../../sources/recorded-document.ts';
import { config, newDataFolder, startLine } from '../../cli/recorded-folder.ts';
import { decoding, rules } from '../../docs/shipped.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const pipelines = shippedPipelines({ decoding, rules, patience: '1h', model: 'late-delivery' });
const topics = partitionsByTopic(config.log.partitions);
const fromOutside = new Set(['raw', 'decisions', 'action-results', 'action-attempts']);
const derived = Object.keys(topics).filter((topic) => !fromOutside.has(topic));

const day = async (folder: string): Promise<readonly RecordedDocument[]> => {
  const file = join(folder, 'day.ndjson');
  await recordDay(
    { days: 1, seed: 7, shipmentsPerDay: 40, startAt: Date.parse('2026-01-05T00:00:00Z') },
    file,
  );
  const documents: RecordedDocument[] = [];
  for await (const document of readRecorded(file)) documents.push(document);
  return documents;
};

/** What each topic holds; which of two tasks came first in a partition is not promised, log time is. */
const contentOf = async (log: EmbeddedLog): Promise<Record<string, readonly string[]>> => {
  const content: Record<string, readonly string[]> = {};
  for (const [topic, partitions] of Object.entries(topics)) {
    const rows: string[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      for (let offset = 0; offset < log.end(topic, partition);) {
        const records = await log.read(topic, partition, offset);
        for (const record of records)
          rows.push(`${record.heardAt} ${record.key} ${Buffer.from(record.value).toString()}`);
        offset = records.at(-1)!.offset + 1;
      }
    }
    content[topic] = rows.sort();
  }
  return content;
};

/** Rows that tasks made. */
const rowsOf = (content: Readonly<Record<string, readonly string[]>>): number =>
  derived.reduce((sum, topic) => sum + (content[topic]?.length ?? 0), 0);

/** Fills tables from a log as a start does; which rows, and under which tokens. */
const mirrored = async (log: EmbeddedLog) => {
  const tokens: string[] = [];
  let rows = 0;
  const states = await log.lastStates('mirror/');
  const mirror = new Mirror({
    log,
    routes: mirrorRoutes,
    initialState: (producer) => states.get(producer),
    insert: (_, chunk, token) => {
      rows += chunk.length;
      tokens.push(token);
      return Promise.resolve();
    },
    onRefused: (_, reason) => {
      throw reason;
    },
    flushMs: 0,
    maxRows: 100_000,
    maxBytes: 1 << 30,
  });
  mirror.start();
  await mirror.drain();
  await mirror.stop();
  return { rows, tokens };
};

/** Says of every action that became due behind the cut that it was sent, as the outbox does. */
const tellResults = async (log: EmbeddedLog, cut: Readonly<Record<string, number>>): Promise<number> => {
  const due: Action[] = [];
  for (let partition = 0; partition < topics['actions']!; partition++) {
    for (const record of await log.read('actions', partition, cut[`actions/${partition}`] ?? 0, 64 << 20)) {
      const row = actions.read(record);
      if (row.state === 'due') due.push(row);
    }
  }
  for (const { id, exceptionId, shipmentId } of due) {
    const at = log.closedUntil;
    const row = { id: `result-${id}`, at, heardAt: at, actionId: id, exceptionId, shipmentId };
    const result = { ...row, result: 'sent' as const, attempts: 1, httpStatus: 200, error: null };
    const record = { key: shipmentId, value: actionResults.write(result, at) };
    await log.append(actionResults.name, record, { documentId: `result:${id}:sent` });
  }
  return due.length;
};

describe('a rewind to a savepoint', () => {
  it('decides the same again, from the state of the cut and all that came from outside since', async () => {
    const parent = await tempFolder();
    const documents = await day(parent);
    const half = Math.floor(documents.length / 2);
    const data = await newDataFolder(parent);
    const line = await startLine(data);
    const savepoints = savepointsOf({
      data: { in: (...parts) => join(data, ...parts) },
      marker: readMarker(data)!,
      snapshots: new FolderSnapshots(join(data, 'state')),
      log: line.log,
      pipelines,
      clickhouse: config.clickhouse,
    });
    await feed(line, documents.slice(0, half));
    const made = [await savepoints.create('first')];
    // While the line runs, each at another moment of it, wherever that is.
    const feeding = feed(line, documents.slice(half));
    for (const name of ['second', 'third']) made.push(await savepoints.create(name));
    await feeding;
    // Facts from outside of after the savepoint, about what was decided after it.
    const told = await tellResults(line.log, made[0]!.cut);
    expect(told).toBeGreaterThan(0);
    await until('the results are heard', () => line.settled());
    const before = await contentOf(line.log);
    await line.stop();
    expect(before['exceptions']!.length).toBeGreaterThan(10);
    const had = rowsOf(before);

    const rewound = (savepoint: string) => ({
      from: data,
      to: join(parent, savepoint),
      savepoint,
      pipelines,
      clickhouse: config.clickhouse,
      log: 'embedded',
      allowLoss: false,
      note: () => undefined,
    });
    for (const { name, id, cut } of made) {
      const options = rewound(name);
      await rewindFolder(options);
      expect(readMarker(options.to)).toMatchObject({ generation: 1, madeFrom: id });
      const log = await EmbeddedLog.open({ folder: join(options.to, 'log'), topics, time: 'recorded' });
      for (const topic of derived)
        for (let partition = 0; partition < topics[topic]!; partition++)
          expect(log.end(topic, partition), topic).toBe(cut[`${topic}/${partition}`] ?? 0);
      const kept = rowsOf(await contentOf(log));
      expect(kept).toBeGreaterThan(0);
      if (name === 'first') expect(kept).toBeLessThan(had);
      await log.close();

      const again = await startLine(options.to);
      await until('the new folder has decided', () => again.settled());
      expect(await contentOf(again.log)).toEqual(before);
      const { rows, tokens } = await mirrored(again.log);
      expect(rows).toBe(mirrorRoutes.reduce((sum, { topic }) => sum + before[topic]!.length, 0));
      expect(tokens.filter((token) => !/^mirror\|\w+\|\d\|g1\|0-/.test(token))).toEqual([]);
      await again.stop();
    }

    expect(savepointAt(join(data, 'savepoints', 'first'))).toEqual({ from: data, name: 'first' });
    expect(savepointAt('first')).toBeUndefined();
    // The old folder is as it was, and the same command does nothing the second time.
    const options = rewound('first');
    const marker = await readFile(join(options.to, 'forewarn.json'), 'utf8');
    await rewindFolder(options);
    expect(await readFile(join(options.to, 'forewarn.json'), 'utf8')).toBe(marker);
    await expect(rewindFolder({ ...options, to: parent })).rejects.toThrow(/FW324 .* is not empty/);
  });

  it('is refused where state would be lost or cannot be read, and where the tables hold later rows', async () => {
    const parent = await tempFolder();
    const data = await newDataFolder(parent);
    const line = await startLine(data);
    const clickhouse = { ...config.clickhouse, url: 'http://127.0.0.1:8123', database: 'forewarn' };
    const savepoints = savepointsOf({
      data: { in: (...parts) => join(data, ...parts) },
      marker: readMarker(data)!,
      snapshots: new FolderSnapshots(join(data, 'state')),
      log: line.log,
      pipelines,
      clickhouse,
    });
    await savepoints.create('empty');
    await line.stop();
    const options = {
      from: data,
      to: join(parent, 'new'),
      savepoint: 'empty',
      pipelines,
      clickhouse: { ...clickhouse, database: 'forewarn_2' },
      log: 'embedded',
      allowLoss: false,
      note: () => undefined,
    };
    await expect(rewindFolder({ ...options, clickhouse })).rejects.toThrow(
      /FW324 database "forewarn" .* new name/,
    );
    await expect(
      rewindFolder({ ...options, pipelines: pipelines.filter(({ name }) => name !== 'watch') }),
    ).rejects.toThrow(/FW323 savepoint "empty": step "by-code" loses its state/);
    await expect(rewindFolder({ ...options, savepoint: 'none' })).rejects.toThrow(/FW320 .*there are empty/);
    await expect(rewindFolder({ ...options, log: 'Kafka topics forewarn.*' })).rejects.toThrow(
      `FW322 savepoint "empty" is of another log (embedded) than this run's (Kafka topics forewarn.*); set log.kafka as it was, or let a new log.kafka.prefix hear all of it again with forewarn rehear`,
    );
    await rewindFolder(options);
    expect(readMarker(options.to)?.generation).toBe(1);
  });
});

describe('savepoints', () => {
  it('hold the log until they are deleted', async () => {
    const data = await newDataFolder(await tempFolder());
    const log = await EmbeddedLog.open({
      folder: join(data, 'log'),
      topics,
      time: 'recorded',
      segmentBytes: 20_000,
    });
    const append = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++)
        await log.append('raw', { key: 'x', value: new Uint8Array(2_000) });
    };
    const savepoints = savepointsOf({
      data: { in: (...parts) => join(data, ...parts) },
      marker: readMarker(data)!,
      snapshots: new FolderSnapshots(join(data, 'state')),
      log,
      pipelines,
      clickhouse: config.clickhouse,
    });
    const partition = log.partitionFor('raw', 'x');
    await append(40);
    await log.retain(0);
    const begin = log.begin('raw', partition);
    expect(begin).toBeGreaterThan(0);
    const { holds } = await savepoints.create('kept');
    // The tasks have not read it yet.
    expect(holds[`raw/${partition}`]).toBe(begin);
    await append(40);
    await log.retain(0);
    expect(log.begin('raw', partition)).toBe(begin);
    await savepoints.delete('kept');
    await log.retain(0);
    expect(log.begin('raw', partition)).toBeGreaterThan(begin);
    expect(await new SavepointStore(join(data, 'savepoints')).list()).toEqual([]);
    await log.close();
  });

  it('have a name each, once', async () => {
    const store = new SavepointStore(join(await tempFolder(), 'savepoints'));
    const never = () => Promise.reject(new Error('not asked'));
    await expect(store.create('Before Upgrade', never)).rejects.toThrow(/FW321 .* such as before-upgrade/);
    await expect(store.create('../up', never)).rejects.toThrow(/FW321/);
    await expect(store.load('../up')).rejects.toThrow(/FW320/);
    await expect(store.delete('..')).rejects.toThrow(/FW320/);
    await expect(store.create('fails', never)).rejects.toThrow('not asked');
    expect(await store.list()).toEqual([]);
  });
});

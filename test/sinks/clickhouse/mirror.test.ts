import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallClock } from '../../../runtime/clock.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { EmbeddedLog, stateTopic } from '../../../runtime/log/embedded-log.ts';
import type { Log } from '../../../runtime/log/log.ts';
import { Mirror } from '../../../sinks/clickhouse/mirror.ts';
import { mirrorProducer } from '../../../sinks/clickhouse/mirror-state.ts';
import { append, dyingAt, mirrorOf, newLog, portRow, TableDouble } from './mirror-fixture.ts';

const idsTo = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `port-${n}`);

const sorted = (ids: readonly unknown[]): readonly string[] =>
  ids.map(String).toSorted((a, b) => a.localeCompare(b));

describe('Mirror', () => {
  it('copies what is there and what comes, in chunks whose tokens are their offsets', async () => {
    const log = newLog();
    const table = new TableDouble();
    for (let n = 0; n < 7; n++) await append(log, 'ports', portRow(n));
    const mirror = mirrorOf(log, table.insert, { maxRows: 3 });
    mirror.start();
    await mirror.drain();
    await append(log, 'ports', portRow(7));
    await mirror.drain();
    await mirror.stop();
    expect(table.ids()).toEqual(idsTo(8));
    expect(table.calls).toEqual([
      'mirror|port_status|0|0-3',
      'mirror|port_status|0|3-6',
      'mirror|port_status|0|6-7',
      'mirror|port_status|0|7-8',
    ]);
    expect(table.rows[1]).toMatchObject({
      at: '2023-11-14 22:13:20.001',
      source_position: 1,
      note: "it's\n",
    });
    expect(mirror.stats()).toMatchObject({ rows: 8, refused: 0, lagRecords: 0, inserts: 4, errors: 0 });
  });

  // Seen red with a chunk that ended in the gap, had no row, and was taken for lost.
  it('goes across a gap of offsets that is longer than a chunk', async () => {
    const log = newLog();
    const table = new TableDouble();
    for (let n = 0; n < 7; n++) await append(log, 'ports', portRow(n));
    const gap = 1_000;
    const moved = (offset: number): number => (offset < 3 ? offset : offset + gap);
    const apart: Log = {
      ...dyingAt(Infinity, 'before', log, table.insert).log,
      end: (topic, partition) => moved(log.end(topic, partition)),
      read: async (topic, partition, from, maxBytes) => {
        const found = await log.read(topic, partition, from < 3 ? from : Math.max(3, from - gap), maxBytes);
        return found.map((record) => ({ ...record, offset: moved(record.offset) }));
      },
    };
    const mirror = mirrorOf(log, table.insert, { log: apart, maxRows: 4 });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(table.ids()).toEqual(idsTo(7));
    expect(table.calls).toEqual(['mirror|port_status|0|0-1004', 'mirror|port_status|0|1004-1007']);
  });

  it('cuts chunks by bytes, but takes at least one record', async () => {
    const log = newLog();
    const table = new TableDouble();
    for (let n = 0; n < 3; n++) await append(log, 'ports', portRow(n));
    const mirror = mirrorOf(log, table.insert, { maxBytes: 1 });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(table.calls).toHaveLength(3);
    expect(table.ids()).toEqual(idsTo(3));
  });

  it('seals a chunk durably before it inserts it', async () => {
    const log = newLog();
    await append(log, 'ports', portRow(0));
    const sealed: unknown[] = [];
    const mirror = mirrorOf(log, async () => {
      sealed.push(
        ...log
          .statesOf(mirrorProducer('port_status', 0))
          .map((state) => JSON.parse(Buffer.from(state).toString())),
      );
    });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(sealed).toEqual([{ format: 1, next: 0, sealedTo: 1, epoch: 1 }]);
  });

  it('seals full chunks that wait with one commit, and those that are not full by themselves', async () => {
    const log = newLog();
    const table = new TableDouble();
    for (let n = 0; n < 7; n++) await append(log, 'ports', portRow(n));
    const mirror = mirrorOf(log, table.insert, { maxRows: 2 });
    mirror.start();
    await mirror.drain();
    const states = log
      .statesOf(mirrorProducer('port_status', 0))
      .map((state) => JSON.parse(Buffer.from(state).toString()) as unknown);
    expect(states).toEqual([
      { format: 2, next: 0, sealedTo: 2, more: [4, 6], epoch: 1 },
      { format: 1, next: 6, sealedTo: 7, epoch: 2 },
    ]);
    await mirror.stop();
    expect(table.ids()).toEqual(idsTo(7));
  });

  it('stops between chunks that are sealed, one of which may be in or not, and cuts them no other way', async () => {
    const log = newLog();
    const table = new TableDouble();
    for (let n = 0; n < 6; n++) await append(log, 'ports', portRow(n));
    let isTried: () => void = () => undefined;
    const tried = new Promise<void>((resolve) => (isTried = resolve));
    const first = mirrorOf(
      log,
      async (name, rows, token) => {
        await table.insert(name, rows, token);
        if (!token.endsWith('|2-4')) return;
        isTried();
        throw new ForewarnError('FW501', 'the answer is lost');
      },
      { maxRows: 2 },
    );
    first.start();
    await tried;
    await first.stop();
    for (let n = 6; n < 9; n++) await append(log, 'ports', portRow(n));
    const second = mirrorOf(log, table.insert, { maxRows: 5 });
    second.start();
    await second.drain();
    await second.stop();
    expect(table.ids()).toEqual(idsTo(9));
    const chunks = new Set(table.calls.map((token) => token.split('|').at(-1)));
    expect([...chunks]).toEqual(['0-2', '2-4', '4-6', '6-9']);
  });

  it('lets a few rows wait for others, a full chunk not', async () => {
    const log = newLog();
    const table = new TableDouble();
    let inserted: () => void = () => undefined;
    const next = () =>
      new Promise<void>((resolve) => {
        inserted = resolve;
      });
    const mirror = mirrorOf(log, table.insert, { maxRows: 3, flushMs: 1e8, onInserted: () => inserted() });
    mirror.start();
    const first = next();
    await append(log, 'ports', portRow(0));
    await first;
    const full = next();
    for (let n = 1; n < 4; n++) await append(log, 'ports', portRow(n));
    await full;
    await append(log, 'ports', portRow(4));
    await mirror.drain();
    await mirror.stop();
    expect(table.calls).toEqual([
      'mirror|port_status|0|0-1',
      'mirror|port_status|0|1-4',
      'mirror|port_status|0|4-5',
    ]);
  });

  it('tries again for as long as ClickHouse is away, and reads nothing more meanwhile', async () => {
    const log = newLog();
    const table = new TableDouble();
    let attempts = 0;
    table.away = () => attempts++ < 5;
    for (let n = 0; n < 4; n++) await append(log, 'ports', portRow(n));
    const errors: string[] = [];
    const mirror = mirrorOf(log, table.insert, {
      maxRows: 2,
      onError: ({ message }) => errors.push(message),
    });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(table.calls.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'mirror|port_status|0|0-2'));
    expect(table.ids()).toEqual(idsTo(4));
    expect(errors).toHaveLength(5);
    expect(mirror.stats().errors).toBe(5);
  });

  it('cuts a refused chunk down to the bad row and tells of it', async () => {
    const log = newLog();
    const table = new TableDouble();
    for (let n = 0; n < 8; n++) await append(log, 'ports', portRow(n, n === 5 ? 'bad' : 'good'));
    const refused: number[] = [];
    const mirror = mirrorOf(log, table.insert, { refused: ({ offset }) => refused.push(offset) });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(table.calls.map((token) => token.split('|').at(-1))).toEqual([
      '0-8',
      '0-4',
      '4-8',
      '4-6',
      '4-5',
      '5-6',
      '6-8',
    ]);
    expect(table.ids()).toEqual(idsTo(8).filter((id) => id !== 'port-5'));
    expect(refused).toEqual([5]);
    expect(mirror.stats()).toMatchObject({ rows: 7, refused: 1, lagRecords: 0 });
  });

  it('tells once of a record that does not fit, however often its chunk is tried, and of one that is not JSON', async () => {
    const log = newLog();
    const table = new TableDouble();
    let attempts = 0;
    table.away = () => attempts++ < 3;
    await append(log, 'ports', portRow(0));
    await append(log, 'ports', portRow(1, 'odd'));
    await log.append('ports', { key: 'x', value: new TextEncoder().encode('{') });
    const reasons: string[] = [];
    const mirror = mirrorOf(log, table.insert, { onRefused: (_, { message }) => void reasons.push(message) });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(table.ids()).toEqual(['port-0']);
    expect(reasons).toEqual([
      expect.stringMatching(
        /^FW402 field "vesselsWaiting": a whole number that fits UInt32 expected, got -1/,
      ),
      expect.stringMatching(/^FW402 record is not JSON/),
    ]);
  });

  it('holds the chunk until whoever is told of a refused record has taken it', async () => {
    const log = newLog();
    const table = new TableDouble();
    await append(log, 'ports', portRow(0, 'odd'));
    let calls = 0;
    const mirror = mirrorOf(log, table.insert, {
      onRefused: async () => {
        if (calls++ < 2) throw new ForewarnError('FW310', 'line is full');
      },
    });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(calls).toBe(3);
    expect(mirror.stats()).toMatchObject({ refused: 1, lagRecords: 0, errors: 2 });
  });

  it('runs two inserts at a time, over all partitions', async () => {
    const log = newLog(8);
    const table = new TableDouble();
    for (let n = 0; n < 80; n++) await append(log, 'ports', portRow(n));
    let running = 0;
    let most = 0;
    const mirror = mirrorOf(log, async (...args) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      await table.insert(...args);
      running--;
    });
    mirror.start();
    await mirror.drain();
    await mirror.stop();
    expect(most).toBe(2);
    expect(sorted(table.ids())).toEqual(sorted(idsTo(80)));
  });

  it('says so when it is stopped before it is drained', async () => {
    const log = newLog();
    await append(log, 'ports', portRow(0));
    const table = new TableDouble();
    table.away = () => true;
    const mirror = mirrorOf(log, table.insert);
    mirror.start();
    const drained = expect(mirror.drain()).rejects.toThrow(
      /FW501 mirror "mirror\/port_status\/0": stopped with 1 records to go/,
    );
    await mirror.stop();
    await drained;
    await expect(mirror.drain()).rejects.toThrow(/stopped/);
  });

  it('goes on behind a restart of the real log, and says what that must keep', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-mirror-'));
    const table = new TableDouble();
    const producer = mirrorProducer('port_status', 0);
    for (let life = 0; life < 3; life++) {
      const log = await EmbeddedLog.open({ folder, topics: { ports: 1 }, time: () => wallClock });
      const states = await log.read(stateTopic(producer), 0, 0);
      const mirror = new Mirror({
        log,
        insert: table.insert,
        routes: [{ topic: 'ports', table: 'port_status' }],
        initialState: () => states.at(-1)?.value,
        onRefused: () => undefined,
        flushMs: 0,
      });
      mirror.start();
      for (let n = life * 5; n < life * 5 + 5; n++) {
        const value = new TextEncoder().encode(JSON.stringify(portRow(n)));
        await log.append('ports', { key: 'one', value });
      }
      await mirror.drain();
      await mirror.stop();
      expect(mirror.positions()).toEqual(new Map([['ports/0', life * 5 + 5]]));
      await log.close();
    }
    rmSync(folder, { recursive: true, force: true });
    expect(table.ids()).toEqual(idsTo(15));
    expect(table.faults).toEqual([]);
  });

  it('needs the chunk that was sealed last until the next one is, or it is stopped in order', async () => {
    const log = newLog();
    for (let n = 0; n < 5; n++) await append(log, 'ports', portRow(n));
    const table = new TableDouble();
    const mirror = mirrorOf(log, table.insert, { maxRows: 3 });
    mirror.start();
    await mirror.drain();
    // [0;3) and [3;5) are in. Killed now, the next life reads [3;5) again, whatever this one knows.
    expect(mirror.positions()).toEqual(new Map([['ports/0', 3]]));
    await mirror.stop();
    expect(mirror.positions()).toEqual(new Map([['ports/0', 5]]));
  });

  it('refuses two topics for one table', () => {
    const routes = [
      { topic: 'ports', table: 'port_status' },
      { topic: 'contracts', table: 'port_status' },
    ] as const;
    expect(() => mirrorOf(newLog(), new TableDouble().insert, { routes })).toThrow(
      /FW101 mirror: table "port_status"/,
    );
  });

  it('refuses a state of another format', () => {
    const initialState = () => new TextEncoder().encode('{"format":9}');
    expect(() => mirrorOf(newLog(), new TableDouble().insert, { initialState })).toThrow(/FW105 .* format 9/);
  });

  it('has every row once, wherever it is killed and whatever is refused', async () => {
    const lives = fc.array(
      fc.record({ step: fc.nat({ max: 12 }), when: fc.constantFrom('before' as const, 'after' as const) }),
      { maxLength: 6 },
    );
    const kinds = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constant('good' as const) },
        { weight: 1, arbitrary: fc.constantFrom('bad' as const, 'odd' as const) },
      ),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(lives, kinds, fc.integer({ min: 1, max: 9 }), async (deaths, rows, maxRows) => {
        const log = newLog(2);
        const table = new TableDouble();
        const refused = new Set<string>();
        const told = ({ key }: { key: string }) => void refused.add(key);
        let n = 0;
        const share = Math.ceil(rows.length / (deaths.length + 1));
        const more = async () => {
          for (const kind of rows.slice(n, n + share)) await append(log, 'ports', portRow(n++, kind));
        };
        for (const { step, when } of deaths) {
          await more();
          const life = dyingAt(step, when, log, table.insert);
          const mirror = mirrorOf(log, life.insert, { log: life.log, maxRows, refused: told });
          mirror.start();
          await Promise.race([mirror.drain(), life.died]);
          life.kill();
        }
        await more();
        const last = mirrorOf(log, table.insert, { maxRows, refused: told });
        last.start();
        await last.drain();
        await last.stop();
        expect(table.faults).toEqual([]);
        const idsOf = (wanted: (kind: string) => boolean) =>
          sorted(rows.flatMap((kind, index) => (wanted(kind) ? [`port-${index}`] : [])));
        expect(sorted(table.ids())).toEqual(idsOf((kind) => kind === 'good'));
        expect(sorted([...refused])).toEqual(idsOf((kind) => kind !== 'good'));
      }),
      { numRuns: 150 },
    );
  });
});

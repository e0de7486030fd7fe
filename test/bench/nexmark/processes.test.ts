import { expect, it } from 'vitest';
import { join } from 'node:path';
import { writeEventFiles } from '../../../bench/nexmark/event-files.ts';
import { generateEvents } from '../../../bench/nexmark/generate.ts';
import { nexmarkBench } from '../../../bench/nexmark/nexmark.ts';
import type { Peer } from '../../../bench/nexmark/peers/peer.ts';
import { preparePeers, startPeer } from '../../../bench/nexmark/peers/peers.ts';
import { startRun } from '../../../bench/nexmark/start-run.ts';
import { withTempFolder } from '../../../bench/temp-folder.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const withEvents = <T>(work: (folder: string) => Promise<T>): Promise<T> =>
  withTempFolder((folder) => {
    writeEventFiles(folder, generateEvents({ events: 2_000, random: seededRandom(7) }));
    return work(folder);
  });

it('runs a contender in a process of its own, cold and then warm', () =>
  withEvents(async (data) => {
    const runs = await startRun({ who: 'hand loop', query: 'q2', mode: 'file', data, runs: 3 });
    expect(runs.map(({ run }) => run)).toEqual([0, 1, 2]);
    const [oracle] = await startRun({ who: 'oracle', query: 'q2', mode: 'mem', data, runs: 1 });
    for (const { events, rows, sum, rssMiB, eps } of runs) {
      expect({ events, rows, sum }).toEqual({ events: 2_000, rows: oracle!.rows, sum: oracle!.sum });
      expect(rssMiB).toBeGreaterThan(10);
      expect(eps).toBeGreaterThan(0);
    }
  }));

it('says why a contender cannot run', async () => {
  await expect(startRun({ who: 'nobody', query: 'q2', mode: 'file', data: 'x', runs: 1 })).rejects.toThrow(
    /run-one <hand loop \|/,
  );
});

it('prints its tables, with rows that are the oracle’s', () =>
  withEvents(async (data) => {
    const said: string[] = [];
    const options = { data, queries: 'q0,q12', modes: 'file', rounds: '1', runs: '2', who: 'RxJS' };
    const { tables, notes } = await nexmarkBench.run((line) => said.push(line), options);
    const [speed, ratio] = tables;
    expect(speed!.columns.map(({ name }) => name)).toEqual(['query', 'hand loop file', 'RxJS file']);
    expect(speed!.rows.map(([query]) => query)).toEqual(['q0', 'q12']);
    expect(speed!.rows[0]!.slice(1).every((cell) => typeof cell === 'number' && cell > 0)).toBe(true);
    // q12 is not written in plain RxJS.
    expect(ratio!.rows[1]).toEqual(['q12', null]);
    expect(notes.join(' ')).toContain('2,000 events');
    expect(said.some((line) => line.includes('round 1 of 1, q12, file, hand loop'))).toBe(true);
  }));

it('leaves out peers that are not there, and says why', () =>
  withTempFolder(async (folder) => {
    const place = { folder: join(folder, 'built'), temp: join(folder, 'temp') };
    const prepared = await preparePeers(['samza', 'node-loop'], folder, place, () => undefined);
    expect(prepared).toEqual({
      ready: [],
      leftOut: [
        'samza is left out: no such peer.',
        'node-loop is left out: no folder "node" among the peers.',
      ],
    });
  }));

it('takes the lines of a peer, and counts the events itself', async () => {
  const line = '{"peer":"x","run":1,"events":5,"secs":2,"eps":1,"rows":3,"sum":4,"rss":6,"cpu":1.5}';
  const script = `console.log('Loading'); console.log(${JSON.stringify(line)})`;
  const peer: Peer = {
    name: 'fake',
    about: '',
    part: 'node',
    tools: [],
    queries: ['q0'],
    modes: ['mem'],
    build: () => [],
    start: () => ({ command: process.execPath, args: ['-e', script], cwd: '.' }),
  };
  const place = { folder: '.', temp: '.' };
  const runs = await startPeer(peer, place, { query: 'q0', mode: 'mem', data: '.', events: 1_000 });
  expect(runs).toEqual([
    {
      who: 'fake',
      q: 'q0',
      mode: 'mem',
      run: 1,
      events: 1_000,
      secs: 2,
      eps: 500,
      cpuSecs: 1.5,
      rows: 3,
      sum: 4,
      rssMiB: 6,
    },
  ]);
});

import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../../runtime/clock.ts';
import {
  startSimulatedWorld,
  type SimulatedWorld,
  type SimulatedWorldOptions,
} from '../../../sources/simulated/start-simulated-world.ts';
import { createWorld } from '../../../sources/simulated/world.ts';

const hourMs = 3_600_000;
const startAt = Date.UTC(2026, 0, 5);
const settings = { seed: 21, startAt, shipmentsPerDay: 80 };

interface Heard {
  readonly source: string;
  readonly id: string;
  readonly text: string;
}

let folder = '';
let ingest: Server;
let ingestUrl = '';
let heard: Heard[] = [];
/** Answers that the ingest gives before it takes anything: status, and `Retry-After` in seconds. */
let moods: [number, string | null][] = [];
let authorizations: Set<string | undefined>;
const running: SimulatedWorld[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-world-'));
  heard = [];
  moods = [];
  authorizations = new Set();
  ingest = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      authorizations.add(request.headers.authorization);
      const mood = moods.shift();
      if (mood !== undefined) {
        if (mood[0] === 0) request.socket.destroy();
        else response.writeHead(mood[0], mood[1] === null ? {} : { 'retry-after': mood[1] }).end();
        return;
      }
      const source = (request.url ?? '').replace('/v1/ingest/', '');
      heard.push({
        source,
        id: String(request.headers['webhook-id']),
        text: Buffer.concat(chunks).toString(),
      });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => ingest.listen(0, '127.0.0.1', () => resolve()));
  const address = ingest.address();
  ingestUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((world) => world.stop()));
  await new Promise((resolve) => {
    ingest.close(resolve);
    ingest.closeAllConnections();
  });
  rmSync(folder, { recursive: true });
});

const start = async (
  clock: SimulatedWorldOptions['clock'],
  more: Partial<SimulatedWorldOptions> = {},
): Promise<SimulatedWorld> => {
  const world = await startSimulatedWorld({ ...settings, ingestUrl, clock, folder, ...more });
  running.push(world);
  return world;
};

const reaches = (world: SimulatedWorld, t: number): Promise<void> =>
  vi.waitFor(
    () => {
      expect(world.world.now).toBe(t);
      expect(world.sent() + world.refused()).toBe(heardThisRun(world));
    },
    { timeout: 20_000, interval: 20 },
  );

/** Every document that the world has made so far in this run has its answer. */
const heardThisRun = (world: SimulatedWorld): number => world.world.counts.documents - madeBefore(world);
const made = new WeakMap<SimulatedWorld, number>();
const madeBefore = (world: SimulatedWorld): number => made.get(world) ?? 0;

const act = async (world: SimulatedWorld, id: string, type: string, shipmentId: string): Promise<number> => {
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: '/forewarn',
    type: 'action',
    data: { action: { id, type }, shipmentId },
  });
  const at = new Date();
  const answer = await fetch(world.receiverUrl, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(world.receiverSecret).sign(id, at, body),
    },
  });
  return answer.status;
};

describe('startSimulatedWorld', () => {
  it('sends up to the clock and no further, in order within each source', async () => {
    const clock = manualClock(startAt);
    const world = await start(clock, { apiKey: 'key' });
    clock.set(startAt + 12 * hourMs);
    await reaches(world, startAt + 12 * hourMs);
    const expected = createWorld(settings).advance(startAt + 12 * hourMs);
    for (const source of new Set(expected.map((document) => document.source))) {
      expect(heard.filter((one) => one.source === source).map((one) => one.text)).toEqual(
        expected.filter((one) => one.source === source).map((one) => one.text),
      );
    }
    expect(heard.length).toBe(expected.length);
    expect([...authorizations]).toEqual(['Bearer key']);
  });

  it('sends again when the line is full, the server fails or the connection breaks; not what is refused', async () => {
    moods = [
      [429, '0'],
      [503, null],
      [0, null],
      [413, null],
    ];
    const clock = manualClock(startAt + hourMs);
    const world = await start(clock);
    await reaches(world, startAt + hourMs);
    expect(world.refused()).toBe(1);
    expect(new Set(heard.map((one) => one.id)).size).toBe(world.world.counts.documents - 1);
  });

  it('goes on after a restart as if it had never stopped, with the actions it had received', async () => {
    const clock = manualClock(startAt);
    const first = await start(clock);
    clock.set(startAt + 9 * hourMs);
    await reaches(first, startAt + 9 * hourMs);
    const targets = [...first.world.truth()].filter((truth) => !truth.ended).map((truth) => truth.shipmentId);
    expect(targets.length).toBeGreaterThan(3);
    for (const id of targets) expect(await act(first, `e-${id}`, 'expedite', id)).toBe(200);
    clock.set(startAt + 12 * hourMs);
    await reaches(first, startAt + 12 * hourMs);
    await first.stop();
    // What a crash in the middle of a line leaves behind.
    appendFileSync(join(folder, 'received-actions.ndjson'), '{"webhookId":"torn","at":17');

    const second = await start(clock);
    made.set(second, second.world.counts.documents);
    expect(second.world.now).toBe(startAt + 12 * hourMs);
    expect(second.receiverSecret).toBe(first.receiverSecret);
    // A repetition of an action changes nothing.
    expect(await act(second, `e-${targets[0]}`, 'expedite', targets[0] ?? '')).toBe(200);
    clock.set(startAt + 40 * hourMs);
    await reaches(second, startAt + 40 * hourMs);
    expect(second.world.counts.actions).toBe(targets.length);

    const whole = createWorld(settings);
    const expected = whole.advance(startAt + 9 * hourMs);
    for (const id of targets)
      whole.act({ id: `e-${id}`, type: 'expedite', shipmentId: id }, startAt + 9 * hourMs);
    expected.push(...whole.advance(startAt + 40 * hourMs));
    const byId = new Map(heard.map((one) => [one.id, one.text]));
    expect(byId).toEqual(new Map(expected.map((one) => [one.documentId, one.text])));
    const untouched = createWorld(settings).advance(startAt + 40 * hourMs);
    expect(byId).not.toEqual(new Map(untouched.map((one) => [one.documentId, one.text])));
  });

  it('sends the same again, under the same ids, when a crash has lost its position', async () => {
    const clock = manualClock(startAt + 8 * hourMs);
    const first = await start(clock);
    await reaches(first, startAt + 8 * hourMs);
    await first.stop();
    const once = heard.map(({ id, text }) => `${id} ${text}`).toSorted();
    rmSync(join(folder, 'position.json'));
    heard = [];
    await reaches(await start(clock), startAt + 8 * hourMs);
    expect(heard.map(({ id, text }) => `${id} ${text}`).toSorted()).toEqual(once);
  });

  it('will not start another world in the same folder', async () => {
    const clock = manualClock(startAt);
    await (await start(clock)).stop();
    await expect(start(clock, { seed: 22 })).rejects.toThrow(/FW101 .*seed is 21 there and 22 here/);
  });
});

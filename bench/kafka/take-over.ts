import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startS3Server } from '../../test/support/s3-server.ts';
import type { Bench } from '../bench.ts';
import { median } from '../quantile.ts';
import { withTempFolder } from '../temp-folder.ts';
import type { TookOver } from './run-take-over.ts';
import { KEY_BYTES, type TakeOverSettings } from './take-over-state.ts';

const KEYS = 165_000;
const ROUNDS = 2;

type Role = 'owner' | 'heir' | 'standby';

const script = fileURLToPath(new URL('run-take-over.js', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  /** The next line that it says. */
  readonly said: () => Promise<unknown>;
}

const start = (role: Role, settings: TakeOverSettings): Running => {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', script, role, JSON.stringify(settings)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const said = async (): Promise<unknown> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(`the ${role} ended: ${child.exitCode ?? child.signalCode}`);
    return JSON.parse(value);
  };
  return { child, said };
};

const kill = async ({ child }: Running): Promise<void> => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

/** A process that has a large state is killed, and another one takes its number: with the state in its memory, or without. */
export const takeOverBench: Bench = {
  name: 'take-over',
  about:
    'a number with a large state taken over after SIGKILL, by one that stood by and by one that did not; wants KAFKA_BROKERS',
  options: { keys: `keys of ${KEY_BYTES} bytes (${KEYS})`, rounds: `rounds (${ROUNDS})` },
  run: (say, { keys = KEYS, rounds = ROUNDS }) =>
    withTempFolder(async (folder) => {
      const brokers = process.env['KAFKA_BROKERS']?.split(',');
      if (brokers === undefined)
        throw new Error('KAFKA_BROKERS is not set; `.ci/kafka bench take-over` starts a broker and sets it');
      const store = await startS3Server('forewarn');
      const settings = {
        brokers,
        prefix: `bench-${randomBytes(4).toString('hex')}`,
        endpoint: store.url,
        folder: join(folder, 'state'),
        keys: Number(keys),
      };
      const found: Record<'heir' | 'standby', TookOver[]> = { heir: [], standby: [] };
      let running = start('owner', settings);
      try {
        say(`${settings.keys} keys are written`);
        await running.said();
        const baseBytes = Math.max(0, ...store.sizes());
        for (let round = 0; round < Number(rounds); round++) {
          for (const role of ['heir', 'standby'] as const) {
            say(`round ${round + 1}: ${role}`);
            const next = start(role, settings);
            await next.said();
            await kill(running);
            running = next;
            next.child.stdin!.write('it is dead\n');
            found[role].push((await next.said()) as TookOver);
          }
        }
        const names = { heir: 'reads base and changes', standby: 'stood by' };
        const middle = (role: 'heir' | 'standby', of: keyof TookOver): number =>
          median(found[role].map((one) => one[of] / 1_000))!;
        const least = Math.min(...[...found.heir, ...found.standby].map((one) => one.keys));
        if (least < settings.keys) throw new Error(`of ${settings.keys} keys ${least} were there`);
        return {
          tables: [
            {
              title: `A number with ${Math.round((settings.keys * KEY_BYTES) / 1e6)} MB of state taken over, seconds from when its process is known to be dead`,
              columns: [
                { name: 'by one that' },
                { name: 'has the number', digits: 2 },
                { name: 'has the state', digits: 2 },
                { name: 'has committed a new record', digits: 2 },
              ],
              rows: (['heir', 'standby'] as const).map((role) => [
                names[role],
                middle(role, 'numberMs'),
                middle(role, 'stateMs'),
                middle(role, 'committedMs'),
              ]),
            },
          ],
          notes: [
            `${settings.keys.toLocaleString('en-US')} keys; the last base had ${Math.round(baseBytes / 1e6)} MB, in an object store on the same machine, and the changes since lie in Kafka. One task, one broker.`,
            'That a process is dead the group knows after log.kafka.session, 10 s by default, which comes before these.',
            `Median of ${Number(rounds)} rounds, each of which takes over from the one before.`,
          ],
        };
      } finally {
        await kill(running);
        await store.close();
      }
    }),
};

import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { LineEnded } from '../../system/running-line.ts';
import type { Broker } from './broker.ts';
import type { Disturbance } from './disturbances.ts';
import type { SharedLine } from './shared-line.ts';

export interface DisturbOptions {
  readonly line: SharedLine;
  readonly broker: Broker;
  readonly disturbances: readonly Disturbance[];
  /** Told what happens, with the seconds since the begin. */
  readonly note: (line: string) => void;
}

const patienceMs = 240_000;

/**
 * Lets it all happen to a running line, each at its time whatever else is still under way, and resolves when every process
 * that was to come back is there. A process that ends by itself stays away, and its numbers are not placed.
 */
export const disturb = async ({ line, broker, disturbances, note }: DisturbOptions): Promise<void> => {
  const begun = performance.now();
  const tell = (what: string): void => note(`${((performance.now() - begun) / 1_000).toFixed(1)} s: ${what}`);
  let newcomers = 0;
  const newName = (): string => `new-${(newcomers += 1)}`;

  const victim = async ({ hitsLead, place }: Disturbance): Promise<string> => {
    const lead = hitsLead ? await leadOf(line) : undefined;
    // Something else may have hit that one, or all of them, in the meantime.
    await until('a process runs', () => line.members.length > 0, patienceMs);
    const at = Math.floor(place * line.members.length);
    return (line.members.find(({ name }) => name === lead) ?? line.members[at]!).name;
  };
  /** As whoever supervises processes does: one that cannot start, while the broker is away, is started again. */
  const comes = async (name: string): Promise<void> => {
    for (;;) {
      try {
        await line.join(name);
        return tell(`${name} is ready`);
      } catch (error) {
        if (!(error instanceof LineEnded)) throw error;
        tell(`${name} did not start: ${error.output.trim().split('\n').at(-1)}`);
      }
    }
  };
  /** It is away once at a time. */
  let broken: Promise<void> = Promise.resolve();

  const act: Readonly<Record<Disturbance['kind'], (event: Disturbance) => Promise<void>>> = {
    killed: async (event) => {
      const name = await victim(event);
      const next = event.keepsName ? name : newName();
      tell(`${name} is killed, and ${next} comes`);
      await line.kill(name);
      await comes(next);
    },
    stopped: async (event) => {
      const name = await victim(event);
      tell(`${name} is stopped for ${event.forMs} ms`);
      const stopped = line.pause(name);
      await sleep(event.forMs);
      line.resume(stopped);
      tell(`${name} goes on`);
    },
    'broker restarted': ({ forMs }) =>
      (broken = broken.then(async () => {
        tell(`the broker is killed, for ${forMs} ms`);
        await broker.kill();
        await sleep(forMs);
        await broker.restart();
        tell('the broker is back');
      })),
    'joined and left': async (event) => {
      const name = newName();
      tell(`${name} comes`);
      await comes(name);
      await sleep(event.forMs);
      const leaves = await victim(event);
      tell(`${leaves} leaves`);
      // With 1 where the broker was away for too long to commit what was under way.
      const { code } = await line.leave(leaves);
      tell(`${leaves} has ended with ${code}`);
    },
  };
  await Promise.all(
    disturbances.map(async (event) => {
      await sleep(event.atMs);
      await act[event.kind](event);
    }),
  );
};

const leadOf = async (line: SharedLine): Promise<string | undefined> =>
  Object.entries(await line.numbers()).find(([, numbers]) => numbers.includes(0))?.[0];

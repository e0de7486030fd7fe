import { startSimulatedWorld } from '../../sources/simulated/start-simulated-world.ts';
import { readWorldSettings } from '../../sources/simulated/world-folder.ts';
import { type Clock, wallClock, worldClock } from '../clock.ts';
import { type Config, simulatedSource } from '../config/config.ts';
import type { DataFolder } from './data-folder.ts';
import type { Ends } from './ends.ts';
import { isSimulated, SIMULATED_RECEIVERS, timeOf } from './simulation.ts';
import type { DestinationSettings } from './start-outbox.ts';
import type { WorldPace } from './wall-seconds.ts';

const DAY_MS = 86_400_000;
/** Ten simulated minutes: as far as the world moves between two looks at the ingest. */
const LEAD_MS = 600_000;
/** Documents of the simulated world that may wait to be read before the ingest slows it down. */
const LAG_RECORDS = 500;

/** Where a line's time comes from, and who answers its actions: a simulated world, or the real one. */
export interface LineWorld {
  /** As a log is opened with it: of a live one, the clock after the last log time that it has. */
  readonly time: 'recorded' | ((last: number) => Clock);
  /** Undefined where time passes as everybody's does. */
  readonly pace: WorldPace | undefined;
  /** Documents that may wait to be read before the ingest refuses more. */
  readonly lagLimit: number;
  /** Lets documents come, where they are simulated; answers where actions go. */
  start(
    ingestUrl: string,
    clock: Clock,
    onFailure: (error: unknown) => void,
    ends: Ends,
  ): Promise<DestinationSettings>;
}

export const lineWorld = (config: Config, data: Pick<DataFolder, 'in'>): LineWorld =>
  isSimulated(config) ? simulatedWorld(config, data.in('world')) : realWorld(config);

const realWorld = (config: Config): LineWorld => ({
  time: timeOf(config) === 'recorded' ? 'recorded' : () => wallClock,
  pace: undefined,
  lagLimit: config.log.maxLagRecords,
  start: () => Promise.resolve(config.destinations),
});

const simulatedWorld = ({ sources, destinations }: Config, folder: string): LineWorld => {
  const settings = { ...simulatedSource.parse({}), ...sources.simulated };
  const known = readWorldSettings(folder);
  const startAt = known?.startAt ?? Date.parse(settings.startAt);
  const speed = { ...settings, warmUntil: startAt + settings.warmUpDays * DAY_MS };
  // Until the world runs, its time stands still; then it never gets far ahead of what the world has sent.
  let limit = (): number => startAt;
  return {
    time: (last) => worldClock(wallClock, Math.max(last, startAt), speed, () => limit()),
    pace: { ...settings, startAt },
    lagLimit: LAG_RECORDS,
    start: async (ingestUrl, clock, onFailure, ends) => {
      const world = await startSimulatedWorld({
        ingestUrl,
        clock,
        folder,
        seed: known?.seed ?? settings.seed,
        startAt,
        shipmentsPerDay: known?.shipmentsPerDay ?? settings.shipmentsPerDay,
      });
      world.done.catch(onFailure);
      limit = () => world.sentUntil() + LEAD_MS;
      ends.push(() => world.stop());
      const receiver = {
        url: world.receiverUrl,
        secret: world.receiverSecret,
        maxAttempts: 8,
        ratePerSec: 500,
        concurrency: 16,
        timeoutMs: 10_000,
      };
      return { ...Object.fromEntries(SIMULATED_RECEIVERS.map((name) => [name, receiver])), ...destinations };
    },
  };
};

import type { Config } from '../config/config.ts';
import type { DataFolderFacts } from './data-folder.ts';

/** Destinations that the simulated world answers for. */
export const SIMULATED_RECEIVERS = ['customer-notifications', 'tms', 'desk'];

/** A world is simulated where one is configured, and where nothing else is. */
export const isSimulated = ({ sources, log }: Config): boolean =>
  sources.simulated !== undefined ||
  (!sources.http &&
    sources.dropFolder === undefined &&
    sources.poll === undefined &&
    sources.kafka === undefined &&
    log.time === 'live');

/** The kind of time that a data folder of this configuration has for life. */
export const timeOf = (config: Config): DataFolderFacts['time'] =>
  isSimulated(config) ? 'simulated' : config.log.time;

/** Names that playbooks may send to. */
export const destinationsOf = (config: Config): readonly string[] => [
  ...(isSimulated(config) ? SIMULATED_RECEIVERS : []),
  ...Object.keys(config.destinations),
];

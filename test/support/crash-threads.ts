import type { EngineOptions } from '../../runtime/engine.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { letters } from './law-topics.ts';

/** What a thread of the crash tests begins with. */
export interface CrashThreadSettings {
  readonly stateFolder: string;
  readonly failsToBegin: boolean;
  /** It ends when it has taken so many rows; null: when it is asked to. */
  readonly endsAfterRows: number | null;
}

/** Of an engine that runs the crash pipelines, in whichever thread. */
export const crashOptions: Pick<
  EngineOptions,
  'services' | 'deadLetter' | 'checkpointMs' | 'compactAtBytes'
> = {
  services: {
    scorer: () => {
      throw new ForewarnError('FW603', 'nothing is scored here');
    },
  },
  deadLetter: ({ stage, row, heardAt, error }) => ({
    topic: letters as never,
    row: { at: heardAt, stage, reason: error instanceof Error ? error.message : String(error), row },
  }),
  checkpointMs: 10,
  // A base after almost every commit.
  compactAtBytes: 300,
};

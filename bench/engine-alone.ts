import { wallClock } from '../runtime/clock.ts';
import { createEngine, type Engine, type EngineOptions } from '../runtime/engine.ts';
import type { Task } from '../runtime/task.ts';
import { silentObserver } from '../runtime/task-observer.ts';

type Given = Pick<EngineOptions, 'pipelines' | 'log' | 'stateFolder'> &
  Partial<Pick<EngineOptions, 'wall' | 'observer' | 'credit' | 'checkpointMs' | 'onError' | 'snapshots'>>;

/** An engine for pipelines that ask no model and refuse no row: whatever else happens is among its failures. */
export const engineAlone = (
  given: Given,
): { readonly engine: Engine<Task>; readonly failures: readonly unknown[] } => {
  const failures: unknown[] = [];
  const engine = createEngine({
    wall: wallClock,
    observer: silentObserver,
    ...given,
    services: {
      scorer: () => {
        throw new Error('no model is asked');
      },
    },
    deadLetter: ({ error }) => {
      throw error;
    },
    onError: (error) => {
      failures.push(error);
      given.onError?.(error);
    },
  });
  return { engine, failures };
};

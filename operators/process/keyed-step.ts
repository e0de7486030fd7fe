import type { Item } from '../../runtime/item.ts';
import { operateAll } from '../../runtime/operate.ts';
import type { Step, StepContext, StepCount } from '../../runtime/step.ts';
import type { JoinMode, ProcessContext } from '../keyed-process.ts';
import { ProcessRun } from './process-run.ts';

/** What a verb does with the rows and the one kind of timer of a key. */
export interface KeyedReactions<In, S, Out> {
  readonly initial: S;
  readonly row: (row: In, context: ProcessContext<S, {}, Out>) => void;
  readonly timer: (context: ProcessContext<S, {}, Out>) => void;
}

export interface KeyedStepOptions<In, S, Out> {
  readonly verb: string;
  readonly name: string;
  readonly detail: string;
  readonly mode: JoinMode;
  readonly counts: readonly StepCount[];
  /** What of its parameters its state depends on. */
  readonly stateShape?: string;
  /** Made anew for each task. */
  readonly reactions: (step: StepContext) => KeyedReactions<In, S, Out>;
}

/** Rows that may wait for the watermark in a task, in an ordered step. */
const MOST_WAITING = 100_000;

/** A verb of one input made of the keyed process: state by key, timers, and rows in order where it is `ordered`. */
export const keyedStep = <In, S, Out>({
  verb,
  name,
  detail,
  mode,
  counts,
  stateShape,
  reactions,
}: KeyedStepOptions<In, S, Out>): Step<In, Out, 'keyed'> => ({
  verb,
  name,
  stateful: true,
  async: false,
  needs: 'keyed',
  eventTime: mode === 'ordered',
  detail: mode === 'ordered' ? `${detail}, ordered` : detail,
  counts: mode === 'ordered' ? ['late', ...counts] : counts,
  ...(stateShape === undefined ? {} : { stateShape: `${stateShape}, ${mode}` }),
  faults: [],
  make: (context) => (inputs) =>
    operateAll<unknown, Out>(inputs as never, (out: (item: Item<Out>) => void) => {
      const { initial, row, timer } = reactions(context);
      const options = {
        inputs: {},
        initial,
        on: { rows: row },
        onTimer: (_: string, at: never) => timer(at),
        emits: {},
      };
      const settings = {
        inputs: ['rows'],
        tables: [],
        mode,
        ttlMs: null,
        maxWaiting: MOST_WAITING,
        keysAtOnce: 1,
      };
      return new ProcessRun<Out>(context, options as never, settings, out);
    }),
});

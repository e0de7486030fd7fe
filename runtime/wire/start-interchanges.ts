import { createInterchanges, type Interchanges } from '../../sinks/outbox/tms/x12/interchanges.ts';
import { interchangeProducer } from '../../sinks/outbox/tms/x12/interchange-state.ts';
import type { LineLog } from '../log/log.ts';

/** Control numbers and acknowledgements; only where a destination speaks EDI, for its state holds the log. */
export const startInterchanges = async (
  log: LineLog,
  note: (line: string) => void,
): Promise<Interchanges> => {
  const states = await log.lastStates(interchangeProducer);
  const interchanges = createInterchanges({
    log,
    clock: { now: () => log.closedUntil },
    random: Math.random,
    state: states.get(interchangeProducer),
    onProblem: (error) => note(`EDI: ${error instanceof Error ? error.message : String(error)}`),
  });
  await interchanges.start();
  return interchanges;
};

import { loadavg } from 'node:os';
import type { Bench } from '../bench.ts';
import { quantile } from '../quantile.ts';
import type { Cell } from '../table.ts';
import { type Delivered, measureDelivery } from './deliver.ts';
import { measureRejudge, type Rejudged } from './rejudge.ts';

const OPEN = 100_000;

const parts = ['delivery', 'rejudge'];

/** Both parts are measured, or the one that was named. */
const isWanted = (part: string, only: string | undefined): boolean => {
  if (only !== undefined && !parts.includes(only))
    throw new Error(`no part "${only}"; there are ${parts.join(', ')}`);
  return only === undefined || only === part;
};

const loadOfMachine = (): string => loadavg()[0]!.toFixed(1);

const deliveryRow = (run: Delivered): readonly Cell[] => [
  run.perSec ?? 'all at once',
  run.events,
  quantile(run.acknowledged, 0.5),
  quantile(run.latency, 0.5),
  quantile(run.latency, 0.99),
  run.actions,
  run.actions / run.seconds,
  run.lost,
  run.repeated,
];

const rejudgeRow = (run: Rejudged): readonly Cell[] => [
  run.threads,
  run.open,
  run.shipments,
  run.troubled,
  run.rows,
  run.megabytes,
  run.seconds,
  run.worstSeconds,
  run.cpuSeconds,
  (run.cpuSeconds / run.troubled) * 1e6,
  run.cpuSeconds / run.jsonCpuSeconds,
  run.stallMs,
];

/** From a carrier's event to the webhook that answers it, and what a change of contract costs. */
export const actBench: Bench = {
  name: 'act',
  about:
    'from an event to its delivered webhook, actions/s, and how fast a contract re-judges open exceptions',
  options: {
    only: 'one part: delivery or rejudge',
    open: 'open shipments, where not 100,000',
  },
  run: async (say, { only, open }) => {
    const before = loadOfMachine();
    const delivered = isWanted('delivery', only) ? await measureDelivery(say) : [];
    const rejudged = isWanted('rejudge', only) ? await measureRejudge(Number(open ?? OPEN), say) : [];
    const delivery = {
      title: 'Delivery: from the POST of an event that needs an answer to its first webhook',
      columns: [
        { name: 'events/s' },
        { name: 'events' },
        { name: '202 p50 ms' },
        { name: 'webhook p50 ms' },
        { name: 'webhook p99 ms' },
        { name: 'actions' },
        { name: 'actions/s' },
        { name: 'lost' },
        { name: 'repeated' },
      ],
      rows: delivered.map(deliveryRow),
    };
    const judgedAnew = {
      title: 'A contract changes: every open exception of its customer is judged anew',
      columns: [
        { name: 'threads' },
        { name: 'open shipments' },
        { name: 'of the customer' },
        { name: 'with an exception' },
        { name: 'rows written' },
        { name: 'MB', digits: 1 },
        { name: 'seconds', digits: 2 },
        { name: 'seconds, worst tenth', digits: 2 },
        { name: 'CPU seconds', digits: 2 },
        { name: 'CPU µs an exception' },
        { name: '× CPU of JSON', digits: 1 },
        { name: 'stall ms' },
      ],
      rows: rejudged.map(rejudgeRow),
    };
    return {
      tables: [delivery, judgedAnew].filter(({ rows }) => rows.length > 0),
      notes: [
        'Delivery: the whole line, live; each event is a damage, whose playbook tells the customer and asks the carrier for proof at once.',
        'Judged anew: from the contract’s append to the last new version being durable in the topic of exceptions, and to the last of the worst tenth of them; the tier rises, so severity, clocks and steps change for all, and the new steps are written in the same commits. One process; 0 threads: one for all tasks and the log. One exception in twenty: the middle of three rounds, without threads and with two in turn.',
        '× CPU of JSON: beside JSON.stringify and JSON.parse of the rows that were written, the best of three rounds after it. Stall: the longest time for which the main thread kept everyone waiting.',
        `Load average of the machine ${before} before, ${loadOfMachine()} after; CPU seconds tell what a core of its own would have taken, seconds what this one did.`,
        'As `npm start` does, with NODE_OPTIONS=--max-semi-space-size=64.',
      ],
    };
  },
};

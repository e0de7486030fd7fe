import { fileURLToPath } from 'node:url';
import fastify, { type FastifyInstance } from 'fastify';
import { Board } from '../../console/board.ts';
import type { DecisionRequest } from '../../console/decisions.ts';
import type { Records } from '../../console/exception-history.ts';
import type { CallerView } from '../../console/page/contract.ts';
import { consoleRoutes } from '../../console/routes.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Action } from '../../domain/action.ts';
import { fillDesk } from './desk-fixture.ts';
import { aDecision, anAction, anException, anOutcome, noon } from './rows.ts';

const minute = 60_000;
const kinds = [
  ['delay_predicted', 'delay', 'weather', 'predicted'],
  ['weather_on_path', 'environment', 'weather', 'predicted'],
  ['missing_scan', 'visibility', 'carrier_operations', 'detected'],
  ['delivery_refused', 'pickup_delivery', 'consignee', 'detected'],
  ['damage', 'cargo_condition', 'cargo', 'detected'],
  ['customs_hold', 'customs', 'documentation', 'detected'],
  ['port_congestion', 'port_terminal', 'port_terminal', 'predicted'],
  ['missed_connection', 'delay', 'unmapped', 'detected'],
] as const;
const customers = ['acme-medical', 'northwind-foods', 'blue-harbor', 'kestrel-parts', 'orchard-and-sons'];
const lanes = ['CHI-DAL', 'LAX-PHX', 'USNYC-NLRTM', 'ATL-MIA', 'SEA-DEN', 'MEM-EWR'];
const carriers = ['SAIA', 'FXFE', 'ODFL', 'MAEU', 'UPSN'];
const tiers = ['standard', 'priority', 'guaranteed'] as const;

/** A board with `size` open exceptions of every sort, the same in every run. */
export const fixtureBoard = (size: number): Board => {
  const board = new Board();
  let seed = 7;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => {
    const value = list[Math.floor(random() * list.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  for (let n = 0; n < size; n += 1) {
    const [category, family, cause, kind] = pick(kinds);
    const id = `x${n}`;
    const shipmentId = `S-${(104_233 + 37 * n).toString()}`;
    const promisedAt = noon + Math.round((random() * 40 - 6) * 60) * minute;
    const raisedAt = noon - Math.round(random() * 300) * minute;
    const known = random() > 0.05;
    board.applyException(
      anException({
        id,
        shipmentId,
        category,
        family,
        cause,
        kind,
        severity: Math.round(100 * random() ** 1.6),
        state: random() < 0.2 ? 'acknowledged' : random() < 0.15 ? 'mitigated' : 'open',
        probability: kind === 'predicted' ? 0.5 + random() / 2 : null,
        leadTimeMin: kind === 'predicted' ? (promisedAt - raisedAt) / minute : null,
        planKnown: known,
        customerId: known ? pick(customers) : null,
        tier: pick(tiers),
        lane: known ? pick(lanes) : null,
        carrier: pick(carriers),
        promisedAt: known ? promisedAt : null,
        expectedAt: known && kind === 'predicted' ? promisedAt + Math.round(random() * 400) * minute : null,
        raisedAt,
        responseDueAt: raisedAt + 120 * minute,
        evidence: {
          events: Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => `7c1e${n}f0a95b2d4e6${i}`),
          alerts: cause === 'weather' ? ['urn:oid:2.49.0.1.840.0.5f3a.001.1'] : [],
          ports: [],
          predictions: kind === 'predicted' ? [`p-${n}`] : [],
        },
      }),
    );
    for (const action of actionsFor(n, id, shipmentId, random)) board.applyAction(action);
  }
  for (let n = 0; n < 60; n += 1) {
    const late = Math.round(random() * 500 - 250);
    const shipmentId = `S-${90_000 + n}`;
    board.applyException(anException({ id: `ended${n}`, shipmentId, state: 'closed', closedAt: noon }));
    board.applyOutcome(
      anOutcome({ shipmentId, minutesLate: late, breached: late > 0, toldBeforeBreach: random() > 0.3 }),
    );
  }
  return board;
};

const actionsFor = (n: number, exceptionId: string, shipmentId: string, random: () => number): Action[] => {
  const base = { exceptionId, shipmentId };
  const told = anAction({
    ...base,
    id: `told${n}`,
    state: 'sent',
    sentAt: noon - Math.round(random() * 90) * minute,
  });
  const dear = anAction({
    ...base,
    id: `dear${n}`,
    type: random() < 0.5 ? 'expedite' : 'rebook',
    authority: 'approve',
    role: 'transport_desk',
    state: 'awaiting_approval',
    approvalDueAt: noon + Math.round(20 + random() * 100) * minute,
    costMinor: 4_500 + 100 * Math.round(random() * 400),
  });
  const failed = anAction({ ...base, id: `failed${n}`, type: 'notify_carrier', state: 'failed' });
  const choice = random();
  if (choice < 0.2) return [];
  if (choice < 0.5) return [told];
  if (choice < 0.85) return [told, dear];
  return [told, failed];
};

/** The next version that `resolve` would write, and the note as the log would give it back. */
const answerAsPipeline = (
  board: Board,
  request: DecisionRequest & { readonly id: string },
  at: number,
): void => {
  const { actionId, exceptionId, verdict, by } = request;
  board.applyDecision(aDecision({ ...request, at, heardAt: at }));
  const action = actionId === null ? undefined : board.action(actionId);
  const exception = board.exception(exceptionId);
  if (action !== undefined) {
    const version = action.version + 1;
    const approvals = [...action.approvals, { by, role: action.role, at }];
    const isDone = approvals.length >= action.approvalsNeeded;
    const state = verdict === 'refuse' ? 'refused' : isDone ? 'due' : action.state;
    board.applyAction(
      verdict === 'refuse'
        ? { ...action, version, state, decidedBy: by, decidedReason: request.reason }
        : { ...action, version, state, approvals, decidedBy: approvals.map((each) => each.by).join(', ') },
    );
  } else if (exception !== undefined && verdict !== 'comment') {
    const version = exception.version + 1;
    const next = { ...exception, version, changedBy: 'decision' as const };
    if (verdict === 'snooze')
      board.applyException({ ...next, state: 'snoozed', snoozedUntil: request.until });
    else if (verdict === 'assign') board.applyException({ ...next, assignee: request.assignee });
    else if (verdict === 'resolve') board.applyException({ ...next, state: 'resolved', resolvedAt: at });
    else board.applyException({ ...next, state: 'acknowledged', acknowledgedAt: at });
  }
};

export interface FixtureServer {
  readonly app: FastifyInstance;
  readonly board: Board;
  readonly url: string;
  /** Decisions as they came. */
  readonly decided: string[];
  readonly requests: DecisionRequest[];
  setRefusing(refusing: boolean): void;
}

/** The console over a fixture board; a decision is answered by the action's next version, as the pipeline would. */
export const startFixture = async (options: {
  size: number;
  port?: number;
  root?: string;
  caller?: CallerView;
  records?: Records;
}): Promise<FixtureServer> => {
  const board = fixtureBoard(options.size);
  const app = fastify();
  const decided: string[] = [];
  const requests: DecisionRequest[] = [];
  let refusing = false;
  let at = noon;
  const clock = setInterval(() => (at += 30_000), 1_000);
  clock.unref();
  await app.register(consoleRoutes, {
    board,
    progress: () => ({
      at,
      recordsPerSec: 4_312,
      openShipments: 18_440,
      exceptions: board.totals().raised,
      actions: board.totals().actionsSent,
      outcomes: board.totals().outcomes,
      watermarkLagSec: 1.4,
    }),
    requireScope: () => async () => undefined,
    callerOf: () => options.caller ?? { name: 'local', roles: ['*'], onBehalf: true },
    ...(options.records === undefined ? {} : { records: options.records }),
    decide: async (request) => {
      if (refusing) throw new ForewarnError('FW304', 'the log is closed');
      requests.push(request);
      const { actionId, exceptionId, verdict, by } = request;
      decided.push(`${verdict} ${actionId ?? exceptionId} by ${by}`);
      const id = request.id ?? `d${decided.length}`;
      setImmediate(() => answerAsPipeline(board, { ...request, id }, at));
      return { id };
    },
    ...(options.root === undefined ? {} : { root: options.root }),
  });
  const url = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  return { app, board, url, decided, requests, setRefusing: (now) => (refusing = now) };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, board } = await startFixture({ size: Number(process.argv[2] ?? 60), port: 8090 });
  fillDesk(board);
  console.log(url);
}

import type { BoardView } from '../../console/page/contract.ts';
import type { OutboxStats } from '../../sinks/outbox/outbox-contract.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { until } from '../support/until.ts';
import type { GatedReceiver } from './gated-receiver.ts';
import type { Exit, RunningLine } from './running-line.ts';

/** When the process is killed: at the first such moment after so many documents. */
export interface Kill {
  readonly after: number;
  readonly moment: 'while sending' | 'before an answer' | 'after an answer' | 'after a decision';
  /** So many milliseconds later, whatever it does then; 0 where nothing is said. */
  readonly laterMs?: number;
}

export interface Day {
  readonly documents: readonly RecordedDocument[];
  readonly receiver: GatedReceiver;
  readonly start: () => Promise<RunningLine>;
  /** Documents after which actions left the house; without it, every document is waited for to find that out. */
  readonly busyAfter?: ReadonlySet<number>;
  readonly kills?: readonly Kill[];
  /** Waited for before the document at this place is sent: a day may last as long as what happens meanwhile. */
  readonly pace?: (index: number) => Promise<void>;
  /** Called when all is done, before the line is asked to stop. */
  readonly beforeEnd?: (url: string) => Promise<void>;
  /** How long it may take until the line has decided; four minutes without it. */
  readonly patienceMs?: number | undefined;
}

export interface Played {
  readonly busyAfter: ReadonlySet<number>;
  readonly decisions: number;
  /** Moments at which it was killed, in order. */
  readonly killed: readonly Kill['moment'][];
  /** Keys that were answered when the process was killed before it could have written that down. */
  readonly answeredInVain: ReadonlySet<string>;
  readonly end: Exit;
}

interface Status {
  readonly settled: boolean;
  readonly decided: boolean;
  /** Log time. */
  readonly at: number;
  readonly outbox: OutboxStats | null;
}

/** Sooner than any approval times out. */
const decideEveryMs = 900_000;
const resentAfterKill = 4;

/**
 * Plays a recorded day to a running line, the same day in every run: what comes from outside, which is documents,
 * receivers' answers and people's decisions, comes in one order whatever the speed of the machine. A receiver answers
 * when nothing else is left to do before the next document; people decide four times an hour.
 * Without `busyAfter` each document is waited for. With it documents stream in until one of those: other batches,
 * other epochs, other inserts, and the same rows.
 */
export const playDay = async ({
  documents,
  receiver,
  start,
  busyAfter,
  kills = [],
  pace = () => Promise.resolve(),
  beforeEnd,
  patienceMs = 240_000,
}: Day): Promise<Played> => {
  const busy = new Set<number>();
  const killed: Kill['moment'][] = [];
  const answeredInVain = new Set<string>();
  const left = [...kills];
  let line = await start();
  let decisions = 0;
  let sent = 0;

  const isTime = (moment: Kill['moment']): boolean =>
    left[0] !== undefined && left[0].moment === moment && sent >= left[0].after;
  const kill = async (): Promise<void> => {
    const { moment, laterMs = 0 } = left.shift()!;
    killed.push(moment);
    if (laterMs > 0) await new Promise((resolve) => setTimeout(resolve, laterMs));
    await line.kill();
    line = await start();
  };
  const status = async (): Promise<Status> =>
    (await fetch(`${line.url}/v1/status`)).json() as Promise<Status>;

  /** Waits until all that is left to do is the receiver's; true when it is something. */
  const restsWithReceiver = async (): Promise<boolean> => {
    let due = 0;
    await until(
      'the line has decided, and the receiver holds what is due',
      async () => {
        const { decided, outbox } = await status();
        // What the outbox says by itself, such as what was suppressed, is heard before the next document too.
        if (!decided || outbox === null || outbox.unread + outbox.settling > 0) return false;
        due = outbox.due;
        const running = Object.values(outbox.destinations).reduce((sum, lane) => sum + lane.running, 0);
        return running === receiver.held().length && (due === 0 || running > 0);
      },
      patienceMs,
    );
    return due > 0;
  };

  /** Answers what waits, for each shipment one thing after the other, until nothing is due. */
  const answerAll = async (): Promise<boolean> => {
    let answered = false;
    while (await restsWithReceiver()) {
      answered = true;
      const shipments = new Set<string>();
      const held = receiver.held().filter(({ shipmentId }) => {
        const isFirst = !shipments.has(shipmentId);
        shipments.add(shipmentId);
        return isFirst;
      });
      if (isTime('before an answer')) {
        await kill();
        continue;
      }
      for (const { key } of held) {
        await receiver.answer(key);
        if (!isTime('after an answer')) continue;
        answeredInVain.add(key);
        await kill();
        break;
      }
    }
    return answered;
  };

  const decide = async (): Promise<void> => {
    const response = await fetch(`${line.url}/v1/exceptions?state=open&limit=1000`);
    const { rows } = (await response.json()) as BoardView;
    const waiting = rows
      .flatMap(({ actions }) => actions)
      .filter(({ state }) => state === 'awaiting_approval')
      .map(({ id }) => id)
      .sort();
    for (const [index, id] of waiting.entries()) {
      if (index % 2 === 1) continue;
      const verdict = decisions % 3 === 2 ? 'refuse' : 'approve';
      const answer = await fetch(`${line.url}/v1/actions/${id}/${verdict}`, {
        method: 'POST',
        // The same decision has the same id in both runs.
        headers: { 'content-type': 'application/json', 'idempotency-key': `${verdict}-${id}` },
        body: JSON.stringify({ by: 'Dana', reason: verdict === 'refuse' ? 'too_costly' : 'as_planned' }),
      });
      if (answer.status !== 202) throw new Error(`${verdict} ${id}: ${answer.status} ${await answer.text()}`);
      decisions += 1;
      if (isTime('after a decision')) await kill();
    }
  };

  for (const [index, document] of documents.entries()) {
    await pace(index);
    if (isTime('while sending')) {
      const unheard = post(line.url, document).catch(() => undefined);
      await kill();
      await unheard;
      // What was not acknowledged goes again, and the last that were.
      for (const again of documents.slice(Math.max(0, index - resentAfterKill), index))
        await post(line.url, again);
    }
    await post(line.url, document);
    sent = index + 1;
    const next = documents[sent];
    const isTimeToDecide =
      next === undefined ||
      Math.floor(next.heardAt / decideEveryMs) > Math.floor(document.heardAt / decideEveryMs);
    if (busyAfter !== undefined && !busyAfter.has(index) && !isTimeToDecide) continue;
    // What the outbox says by itself, such as what was suppressed, moves log time past the document without an answer.
    if ((await answerAll()) || (await status()).at > document.heardAt) busy.add(index);
    if (!isTimeToDecide) continue;
    await decide();
    await answerAll();
  }
  await until('everything is sent and written', async () => (await status()).settled, patienceMs);
  await beforeEnd?.(line.url);
  line.send('SIGINT');
  return { busyAfter: busy, decisions, killed, answeredInVain, end: await line.exited };
};

const post = async (url: string, document: RecordedDocument): Promise<void> => {
  const answer = await fetch(`${url}/v1/ingest/${document.source}`, {
    method: 'POST',
    headers: {
      'content-type': document.contentType,
      'webhook-id': document.documentId,
      'x-forewarn-heard-at': String(document.heardAt),
    },
    body: document.text,
  });
  if (answer.status !== 202)
    throw new Error(`${document.documentId}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
};

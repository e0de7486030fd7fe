import type { Clock } from '../../runtime/clock.ts';
import type { RecordedDocument } from '../recorded-document.ts';
import { keepAliveAgent, postDocument } from './post-document.ts';
import { openReceivedActions } from './received-actions.ts';
import { startReceiver } from './receiver.ts';
import { readSentUntil, settleWorld, writeSentUntil } from './world-folder.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const roundMs = 50;
const savePositionMs = 1_000;
/** The world moves at most this far between two looks at the ingest, so that what waits stays small. */
const longestStrideMs = 10 * 60_000;
const maxConnections = 6;

export interface SimulatedWorldOptions extends WorldOptions {
  readonly ingestUrl: string;
  /** Simulated log time; the world never runs ahead of it. */
  readonly clock: Clock;
  /** Where the world keeps what it must not forget: its settings, received actions, how far it has sent. */
  readonly folder: string;
  readonly apiKey?: string;
  readonly receiverPort?: number;
  /** Made and kept in the folder where none is given. */
  readonly receiverSecret?: string;
}

export interface SimulatedWorld {
  readonly receiverUrl: string;
  /** `whsec_…`: what actions must be signed with. */
  readonly receiverSecret: string;
  readonly world: World;
  /** Documents that the ingest has taken in this run. */
  sent(): number;
  /** Documents that it will never take. */
  refused(): number;
  /** Log time up to which everything has been taken. */
  sentUntil(): number;
  /** Resolves at `stop`; rejects when the world could not go on, such as for a full disk. */
  readonly done: Promise<void>;
  /** Ends once what is under way is done; the next start continues here. */
  stop(): Promise<void>;
}

/**
 * Runs a world beside an ingest: documents leave when `clock` reaches their time, in order within a source, and
 * the world stands still while the ingest pushes back. Delivery is at least once, with an id that the ingest
 * knows again. After a restart the world is made again from its seed and the actions it had received, and goes on
 * from the last position saved.
 */
export const startSimulatedWorld = async (options: SimulatedWorldOptions): Promise<SimulatedWorld> => {
  const { clock, folder } = options;
  const { receiverSecret } = settleWorld(folder, options, options.receiverSecret);
  const world = createWorld({ ...options, keepTruth: options.keepTruth ?? false });
  const received = await openReceivedActions(folder);
  for (const { action, at } of received.past) world.act(action, at);
  const resumeAt = readSentUntil(folder);
  while (resumeAt !== null && world.now < resumeAt) {
    world.advance(Math.min(resumeAt, world.now + longestStrideMs));
  }
  const beingKept = new Set<Promise<void>>();
  const receiver = await startReceiver({
    secret: receiverSecret,
    known: received.past.map(({ webhookId }) => webhookId),
    onAction: async (webhookId, action) => {
      const at = world.act(action, clock.now());
      const kept = received.append({ webhookId, at, action });
      beingKept.add(kept);
      await kept.finally(() => beingKept.delete(kept));
    },
    ...(options.receiverPort === undefined ? {} : { port: options.receiverPort }),
  }).catch(async (error: unknown) => {
    await received.close();
    throw error;
  });

  const stopping = new AbortController();
  const agent = keepAliveAgent(maxConnections);
  const { signal } = stopping;
  const post = {
    ingestUrl: options.ingestUrl,
    signal,
    agent,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
  };
  let [sent, refused, sentUntil, savedAt, stopped] = [0, 0, world.now, 0, false];

  /** Sources side by side, each one's documents one after the other. */
  const send = async (documents: readonly RecordedDocument[]): Promise<void> => {
    const bySource = new Map<string, RecordedDocument[]>();
    for (const document of documents) {
      const list = bySource.get(document.source);
      if (list === undefined) bySource.set(document.source, [document]);
      else list.push(document);
    }
    await Promise.all(
      [...bySource.values()].map(async (list) => {
        for (const document of list) {
          const posted = await postDocument(document, post);
          if (posted === 'stopped') return;
          if (posted === 'taken') sent += 1;
          else refused += 1;
        }
      }),
    );
  };

  const savePosition = (): void => {
    writeSentUntil(folder, sentUntil);
    savedAt = performance.now();
  };

  const round = async (): Promise<void> => {
    while (!signal.aborted && world.now < clock.now()) {
      // Nothing that an action caused leaves before the action is durable, or a restart would tell another story.
      while (beingKept.size > 0) await Promise.all(beingKept);
      await send(world.advance(Math.min(clock.now(), world.now + longestStrideMs)));
      if (signal.aborted) return;
      sentUntil = world.now;
      if (performance.now() - savedAt > savePositionMs) savePosition();
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await round();
      await nextRound(signal);
    }
  };
  const done = run();
  done.catch(() => stopping.abort());

  return {
    receiverUrl: receiver.url,
    receiverSecret,
    world,
    sent: () => sent,
    refused: () => refused,
    sentUntil: () => sentUntil,
    done,
    async stop() {
      if (stopped) return;
      stopped = true;
      stopping.abort();
      await done.catch(() => undefined);
      await receiver.close();
      await received.close();
      savePosition();
      agent.destroy();
    },
  };
};

const nextRound = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, roundMs);
    signal.addEventListener('abort', done);
  });

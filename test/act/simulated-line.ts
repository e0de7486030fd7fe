import { riskAlone } from '../../runtime/scorer-service.ts';
import { join } from 'node:path';
import { featureNames } from '../../domain/features.ts';
import { decisions, partitionsByTopic } from '../../pipelines/topics.ts';
import { wallClock } from '../../runtime/clock.ts';
import { loadConfig } from '../../runtime/config/load-config.ts';
import type { Disk } from '../../runtime/disk.ts';
import { durationMs } from '../../runtime/duration.ts';
import { createEngine } from '../../runtime/engine.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import type { ScorerService } from '../../runtime/scorer-service.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import { letterOfFailure, shippedPipelines } from '../../runtime/wire/pipelines.ts';
import { createOutbox } from '../../sinks/outbox/outbox.ts';
import { loadMappings } from '../../sources/decoders/load-mappings.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { manualTimers } from '../sinks/outbox/manual-timers.ts';
import { steppingClock } from '../support/crash-life.ts';
import { pointedDisk, pointedLog, type ProtocolPoints } from '../support/protocol-points.ts';
import type { Decision } from '../../domain/decision.ts';
import type { HeldReceiver } from './held-receiver.ts';

const PARTITIONS = 2;
const HANGS_AFTER_MS = 60_000;
export const lineTopics = partitionsByTopic(PARTITIONS);

const config = { ...loadConfig({ environment: {} }), rules: join(packageRoot, 'rules') };
const rules = loadRules(config.rules);
const decoding: DecoderSettings = {
  mappings: loadMappings(join(config.rules, 'mappings')),
  partners: config.partners as DecoderSettings['partners'],
  defaultZone: config.engine.defaultZone,
  maxFutureMs: durationMs(config.engine.maxFuture),
};

/** A model that knows nothing and always says the same of the same: alarms enough, on a day without its registry. */
const scorer = (): ScorerService => ({
  modelVersion: 'by-lot@1',
  threshold: 0.9,
  columns: featureNames.length,
  score: async (matrix, rows) => {
    const risk = Float32Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let column = 0; column < featureNames.length; column++) {
        const value = matrix[row * featureNames.length + column]!;
        if (Number.isFinite(value)) sum += Math.abs(value) * (column + 1);
      }
      return (sum * 0.618) % 1;
    });
    return riskAlone('by-lot@1', 0.9, risk);
  },
});

/** One life of the whole line, `normalise` to outbox, in this process and on a disk that is none. */
export interface SimulatedLine {
  readonly log: EmbeddedLog;
  send(document: RecordedDocument): Promise<void>;
  decide(decision: Decision): Promise<void>;
  /** Until all that is left to do is the receiver's, or nothing. */
  rests(): Promise<void>;
  end(): Promise<void>;
}

export const startSimulatedLine = async (
  disk: Disk,
  receiver: HeldReceiver,
  points: ProtocolPoints,
): Promise<SimulatedLine> => {
  const ends: (() => Promise<unknown>)[] = [];
  const end = async (): Promise<void> => {
    // What a dead process would still say is heard by nobody.
    for (const one of ends.splice(0).reverse()) await one().catch(() => undefined);
  };
  try {
    const within = pointedDisk(disk, points);
    const log = await EmbeddedLog.open({
      folder: '/data/log',
      topics: lineTopics,
      time: 'recorded',
      segmentBytes: 100_000,
      disk: within,
    });
    ends.push(() => log.close());
    const pointed = pointedLog(log, points);
    const failures: unknown[] = [];
    const engine = createEngine({
      pipelines: shippedPipelines({ decoding, rules, patience: '12h', model: config.models.lateDelivery }),
      log: pointed,
      stateFolder: '/data/state',
      disk: within,
      services: { scorer },
      observer: silentObserver,
      wall: steppingClock(),
      deadLetter: letterOfFailure,
      onError: (error) => failures.push(error),
      checkpointMs: 2,
      compactAtBytes: 20_000,
    });
    ends.push(() => engine.stop());
    await engine.start();
    const states = await log.lastStates('outbox/');
    const timers = manualTimers();
    const outbox = createOutbox({
      log: pointed,
      destinations: Object.fromEntries(
        ['customer-notifications', 'tms', 'desk'].map((name) => [
          name,
          { channel: receiver.channel, concurrency: 256, ratePerSec: 1e9, burst: 1e6, timeoutMs: 1e12 },
        ]),
      ),
      clock: { now: () => log.closedUntil },
      timers,
      random: () => 0.5,
      stateOf: (producer) => states.get(producer),
      commitEveryMs: 10,
      onProblem: (error) => failures.push(error),
    });
    ends.push(() => outbox.stop());
    await outbox.start();

    const rests = async (): Promise<void> => {
      const until = wallClock.now() + HANGS_AFTER_MS;
      for (let quiet = 0; quiet < 2;) {
        points.refuseWhenDead();
        if (failures.length > 0) throw failures[0];
        if (wallClock.now() > until)
          throw new Error(`the line does not come to rest: ${JSON.stringify(outbox.stats())}`);
        await new Promise(setImmediate);
        timers.advance(1);
        const { due, unread, destinations } = outbox.stats();
        const running = Object.values(destinations).reduce((sum, lane) => sum + lane.running, 0);
        const isQuiet =
          engine.settled(log.closedUntil) &&
          unread === 0 &&
          running === receiver.waiting &&
          (due === 0 || running > 0);
        quiet = isQuiet ? quiet + 1 : 0;
      }
    };
    return {
      log,
      send: async ({ source, contentType, documentId, heardAt, text }) => {
        const record = { key: source, value: Buffer.from(text), headers: { source, contentType } };
        await pointed.append('raw', record, { documentId, heardAt });
      },
      decide: async (row) => {
        const record = { key: decisions.key(row), value: decisions.write(row) };
        await pointed.append(decisions.name, record, { documentId: row.id });
      },
      rests,
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
};

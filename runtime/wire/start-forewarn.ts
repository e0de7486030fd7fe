import { rmSync, writeFileSync } from 'node:fs';
import { startBoardFeed, type BoardFeed } from '../../console/board-feed.ts';
import type { Progress } from '../../console/page/contract.ts';
import { createVisits } from '../../console/visits.ts';
import type { ReadingRules } from '../../domain/reading-rules.ts';
import type { Rules } from '../../domain/rules.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { rulesInForce } from '../../pipelines/topics.ts';
import { createAuth } from '../../sources/http/auth.ts';
import { createServer } from '../../sources/http/server.ts';
import { wallClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { Pipeline } from '../graph.ts';
import type { LineLog } from '../log/log.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { messagesOf } from './channels.ts';
import { markerWith, openDataFolder, readMarker } from './data-folder.ts';
import { deciding } from './deciding.ts';
import { dropHistory } from './drop-history.ts';
import { endAll, type Ends } from './ends.ts';
import { refuseOlderTables } from './filled-tables.ts';
import { fetchedMetrics } from './fetched-metrics.ts';
import { linePipelines } from './line-engine.ts';
import { lineRules } from './line-rules.ts';
import { lineStanding } from './line-standing.ts';
import { lineWorld } from './line-world.ts';
import { modelsOf } from './models-of.ts';
import { openLog, placeOfLog } from './open-log.ts';
import { openSnapshots } from './open-snapshots.ts';
import { readProgress } from './read-progress.ts';
import { registerRoutes } from './register-routes.ts';
import { savepointsOf } from './savepoints.ts';
import { LEADS } from './sharing/number-work.ts';
import { shareLine } from './sharing/share-line.ts';
import type { SharedNumbers } from './sharing/shared-numbers.ts';
import { destinationsOf, timeOf } from './simulation.ts';
import { startDropFolder } from './start-drop-folder.ts';
import { openKafkaSinks } from './start-kafka-sinks.ts';
import { foreignSources } from './start-kafka-sources.ts';
import { startLead } from './start-lead.ts';
import type { Outbox } from './start-outbox.ts';
import { startScoring, type Scoring } from './start-scoring.ts';
import { startStorage, type Storage } from './start-storage.ts';
import { startTasks } from './start-tasks.ts';
import { wallSeconds } from './wall-seconds.ts';

export interface ForewarnOptions {
  readonly config: Config;
  readonly environment: NodeJS.ProcessEnv;
  /** Lines for people: what started, what is tried again. */
  readonly note: (line: string) => void;
  /** False: actions are decided and written down, and nothing goes out. For recorded input. */
  readonly sendsActions?: boolean;
  /** True: models are watched and replaced in recorded time too, where the versions that it began with answer to its end otherwise. */
  readonly learns?: boolean;
  /** True: state of steps that are gone is left behind where processes share the line. */
  readonly allowLoss?: boolean;
  /** Other models than those of its own folder. */
  readonly models?: ModelRegistry;
  /** It cannot go on: the log or a task has failed. */
  readonly onFailure: (error: unknown) => void;
}

export interface Forewarn {
  readonly url: string;
  readonly log: LineLog;
  readonly engine: Engine;
  readonly storage: Storage;
  readonly scoring: Scoring;
  readonly board: BoardFeed;
  readonly metrics: Metrics;
  /** The text of `/metrics`, all threads together. */
  readonly metricsText: () => Promise<string>;
  readonly rules: Rules;
  readonly progress: () => Progress;
  /** True when everything heard so far has gone all the way: tasks, tables, outbox; of what runs here. */
  readonly settled: () => boolean;
  /** Takes nothing new, ends what is under way, commits, and leaves the data folder. */
  readonly stop: () => Promise<void>;
}

/**
 * The whole line in one process. Started in the order log → ClickHouse → models → tasks → outbox → ingest, stopped the
 * other way round, so that nothing is taken that could not be carried on. Where processes share the line, this one takes its
 * share when everything stands.
 */
export const startForewarn = async ({
  config,
  environment,
  note,
  onFailure,
  sendsActions = true,
  learns = false,
  allowLoss = false,
  models = modelsOf(config),
}: ForewarnOptions): Promise<Forewarn> => {
  const time = timeOf(config);
  const rules = lineRules(config, sendsActions);
  const isNew = readMarker(config.dataFolder) === undefined;
  const place = placeOfLog(config.log);
  const data = openDataFolder(config.dataFolder, { partitions: config.log.partitions, time, log: place });
  const ends: Ends = [() => data.release()];
  const stop = (): Promise<void> => endAll(ends);

  try {
    const world = lineWorld(config, data);
    let shared: SharedNumbers | undefined;
    const log = await openLog({
      settings: config.log,
      folder: data.in('log'),
      onFenced: (number) => shared?.fenced(number),
      note,
      time: world.time,
    });
    ends.push(() => log.close());
    const marker = markerWith(data.path, { isNew, place, savepoints: log.savepoints });
    refuseOlderTables(config.clickhouse, log.savepoints);
    const isShared = log.numbers !== undefined;
    const numbers = [...Array(config.log.partitions).keys()];
    const metrics = createMetrics();
    fetchedMetrics(metrics, log);
    const mappingsLoaded = (reading: ReadingRules): void => {
      for (const standard of rules.decodingBy(reading).mappings.standards) metrics.mappingLoaded(standard);
    };
    mappingsLoaded(rules.atStart.reading);
    // A folder of recorded time has no other rules than those it is replayed with.
    const isLive = time !== 'recorded';
    const decides = deciding({
      log,
      folder: rules.folder,
      locations: rules.locations,
      loadedAtStart: rules.atStart,
      loaded: rules.content,
      load: rules.load,
      onReading: mappingsLoaded,
      registry: models,
      modelsChanged: () => scoring.reload(),
      decides: { rules: isLive, models: isLive || learns },
      note,
    });
    if (!isShared) await decides.start(rules.atStart, ends);
    const secondsSince = wallSeconds(() => log.clock.now(), world.pace);

    const storage = await startStorage({
      settings: config.clickhouse,
      folder: data.in('clickhouse'),
      log,
      metrics,
      secondsSince,
      note,
    });
    ends.push(() => storage.close());
    const scoring = await startScoring({
      registry: models,
      model: config.models.lateDelivery,
      workers: config.models.workers,
      timeoutMs: config.models.timeoutMs,
      metrics,
      note,
    });
    ends.push(() => scoring.close());

    let failure: Error | undefined;
    const fail = (error: unknown): void => {
      if (failure !== undefined) return;
      failure = error instanceof Error ? error : new Error(String(error));
      onFailure(error);
    };
    const pipelines = linePipelines(config, rules.atStart, rules.decodingBy);
    announce(metrics, pipelines);
    const { generation } = marker;
    const snapshots = await openSnapshots({ settings: config.snapshots, data, marker });
    const { clickhouse } = config;
    const savepoints = savepointsOf({ data, marker, snapshots, log, pipelines, clickhouse });
    // Before anything may be dropped.
    await savepoints.hold();
    const { engine, rows, metricsText } = startTasks({
      config,
      pipelines,
      log,
      loaded: rules.atStart,
      stateFolder: data.in('state'),
      snapshots,
      generation,
      pace: world.pace,
      scoring,
      metrics,
      secondsSince,
      onError: fail,
      onFenced: isShared ? (number) => shared?.fenced(number) : undefined,
    });
    ends.push(() => engine.stop());
    if (!isShared) {
      await engine.start();
      storage.mirror.start();
    }
    const visits = createVisits(wallClock);
    const board = await startBoardFeed({
      log,
      path: data.in('board.json'),
      // Where processes share the line one of them keeps it, and each that somebody looks at.
      isWanted: () => !isShared || shared?.here.includes(LEADS) === true || visits.any,
      onError: (error) => note(`page: ${String(error)}`),
    });
    ends.push(() => board.stop());

    const auth = createAuth({ keys: config.http.apiKeys, environment });
    const server = createServer({ host: config.http.host, port: config.http.port, auth });
    let hasStarted = false;
    // Where rules are decided elsewhere, nothing is to be heard before they are in the log.
    const isReady = (): boolean => hasStarted && (!isShared || !isLive || log.end(rulesInForce.name, 0) > 0);
    const progress = readProgress(log, engine, board, rows);
    let outbox: Outbox | undefined;
    const { decided, settled } = lineStanding({
      log,
      engine,
      mirror: storage.mirror,
      isLive,
      isShared,
      isReady,
      outbox: () => outbox,
    });
    const messages = messagesOf(config);
    const reviews = await registerRoutes({
      config,
      server,
      auth,
      log,
      metrics,
      metricsText,
      engine,
      storage,
      board,
      visits,
      pipelines,
      savepoints,
      models: decides.models,
      messages,
      decoding: () => rules.decodingBy(decides.rules?.reading() ?? rules.atStart.reading),
      progress,
      control: decides.rules,
      rules: rules.atStart.rules,
      rulesFolder: rules.folder,
      reviewsFolder: data.in('reviews'),
      destinations: destinationsOf(config),
      recordedTime: !isLive,
      lagLimit: world.lagLimit,
      line: {
        isReady,
        failure: () => failure,
        decided,
        settled,
        outbox: () => outbox,
        numbers: () => shared?.here ?? numbers,
      },
      note,
    });
    const url = await server.listen();
    // For commands beside this process; it says nothing that a stranger may not know.
    writeFileSync(data.in('running.json'), JSON.stringify({ url, pid: process.pid }));
    ends.push(() => rmSync(data.in('running.json'), { force: true }));
    ends.push(() => server.drain(DRAIN_MS));

    const destinations = await world.start(url, log.clock, fail, ends);
    const beginLead = (until: Ends): Promise<void> =>
      startLead(
        {
          config,
          data,
          log,
          engine,
          storage,
          scoring,
          reviews,
          rules: rules.atStart.rules,
          rulesFolder: rules.folder,
          destinations,
          decoding: rules.decodingBy(rules.atStart.reading),
          messages,
          metrics,
          sendsActions,
          models: decides.modelsHere,
          dispatches: (running) => (outbox = running),
          note,
          onFailure: fail,
        },
        until,
      );
    const foreign = await foreignSources(config, { log, engine, metrics, note });
    const settings = config.sinks.kafka;
    const sinks = settings && (await openKafkaSinks({ settings, log, generation, metrics, note }));
    if (!isShared) await beginLead(ends);
    if (sinks !== undefined) ends.push(() => sinks.stop());
    if (foreign !== undefined) ends.push(() => foreign.stop());
    if (!isShared) for (const number of numbers) sinks?.take(number);
    if (!isShared) await foreign?.take(numbers);
    const stopDropFolder = startDropFolder(config, log, note);
    if (stopDropFolder !== undefined) ends.push(stopDropFolder);
    const { mirror } = storage;
    const { keepBytes } = config.log;
    const history = dropHistory({ log, engine, mirror, outbox: () => outbox, keepBytes, onFailure: fail });
    ends.push(() => history.stop());
    shared = await shareLine(
      {
        settings: config.log,
        log,
        engine,
        storage,
        scoring,
        sources: foreign,
        sinks,
        tellNeeds: () => history.tell(),
        pipelines,
        rules,
        allowLoss,
        startDeciding: decides.start,
        startLead: beginLead,
        onFailure: fail,
        note,
      },
      ends,
    );
    // It takes nothing from outside any more before it gives what it would hear it by.
    if (shared !== undefined) ends.push(() => server.drain(DRAIN_MS).then(() => shared?.leave()));
    await shared?.join();
    hasStarted = true;
    return {
      url,
      log,
      engine,
      storage,
      scoring,
      board,
      metrics,
      metricsText,
      rules: rules.atStart.rules,
      progress,
      settled,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Requests that are under way may take so long when it stops. */
const DRAIN_MS = 3_000;

/** Every series is there from the start, so that a rate of nothing is 0 and not missing. */
const announce = (metrics: Metrics, pipelines: readonly Pipeline[]): void => {
  for (const { name, nodes } of pipelines.flatMap((pipeline) => pipeline.stages)) {
    metrics.pipelineStarted(name);
    for (const node of nodes)
      if (node.kind === 'step' && node.step.name !== null)
        metrics.stepStarted(name, node.step.name, node.step.counts ?? []);
  }
};

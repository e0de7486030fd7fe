import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startBoardFeed, type BoardFeed } from '../../console/board-feed.ts';
import type { Progress } from '../../console/page/contract.ts';
import { createVisits } from '../../console/visits.ts';
import type { ReadingRules } from '../../domain/reading-rules.ts';
import type { Rules } from '../../domain/rules.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import { modelsInForce, rulesInForce } from '../../pipelines/topics.ts';
import { contentTypeOfFile } from '../../sources/decoders/content-type.ts';
import { createDropFolder } from '../../sources/drop-folder/drop-folder.ts';
import { createAuth } from '../../sources/http/auth.ts';
import { createServer } from '../../sources/http/server.ts';
import { startSimulatedWorld } from '../../sources/simulated/start-simulated-world.ts';
import { readWorldSettings } from '../../sources/simulated/world-folder.ts';
import { wallClock, worldClock } from '../clock.ts';
import { type Config, simulatedSource } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { LineLog } from '../log/log.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { loadRulesFor } from './load-rules-for.ts';
import { contentOf } from '../rules/watch-rules-folder.ts';
import { openDataFolder, readMarker } from './data-folder.ts';
import { deciding } from './deciding.ts';
import { endAll, type Ends } from './ends.ts';
import { fetchedMetrics } from './fetched-metrics.ts';
import { openLog, placeOfLog } from './open-log.ts';
import { messagesOf } from './channels.ts';
import { modelsOf } from './models-of.ts';
import { openSnapshots } from './open-snapshots.ts';
import { linePipelines } from './line-engine.ts';
import { registerRoutes } from './register-routes.ts';
import { decodingUnder, loadReadingRules } from './reading.ts';
import type { LoadedRules } from './rules-in-force.ts';
import { readProgress } from './read-progress.ts';
import type { DestinationSettings, Outbox } from './start-outbox.ts';
import { savepointsOf } from './savepoints.ts';
import { destinationsOf, isSimulated, SIMULATED_RECEIVERS, timeOf } from './simulation.ts';
import { startLead } from './start-lead.ts';
import { startScoring, type Scoring } from './start-scoring.ts';
import { startStorage, type Storage } from './start-storage.ts';
import { startTasks } from './start-tasks.ts';
import { wallSeconds } from './wall-seconds.ts';
import { lineDefinition } from './sharing/line-definition.ts';
import { followTopic, loadedNow } from './sharing/follow.ts';
import { type Lead, LEADS, numberWork } from './sharing/number-work.ts';
import { type SharedNumbers, sharedNumbers } from './sharing/shared-numbers.ts';

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
 * other way round, so that nothing is taken that could not be carried on.
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
  const { sources } = config;
  const time = timeOf(config);
  const rulesFolder = resolve(config.rules);
  const destinationNames = destinationsOf(config);
  const loadChecked = (): LoadedRules => ({
    rules: loadRulesFor(rulesFolder, sendsActions ? destinationNames : undefined),
    reading: loadReadingRules(config),
  });
  const ownPlaces = config.locations === undefined ? undefined : resolve(config.locations);
  const rulesContent = contentOf(rulesFolder, ownPlaces === undefined ? [] : [ownPlaces]);
  const loaded = loadChecked();
  const { rules } = loaded;
  const decodingBy = decodingUnder(config);

  const data = openDataFolder(config.dataFolder, {
    partitions: config.log.partitions,
    time,
    log: placeOfLog(config.log),
  });
  const closing: Ends = [() => data.release()];
  const stopAll = (): Promise<void> => endAll(closing);

  try {
    const world = isSimulated(config) ? { ...defaultWorld, ...sources.simulated } : undefined;
    const worldFolder = data.in('world');
    const known = world === undefined ? null : readWorldSettings(worldFolder);
    const worldStart = known?.startAt ?? Date.parse(world?.startAt ?? defaultWorld.startAt);
    // Until the world runs, its time stands still; then it never gets far ahead of what the world has sent.
    let worldLimit = (): number => worldStart;
    let shared: SharedNumbers | undefined;
    const log = await openLog({
      settings: config.log,
      folder: data.in('log'),
      onFenced: (number) => shared?.fenced(number),
      note,
      time:
        time === 'recorded'
          ? 'recorded'
          : (last) =>
              world === undefined
                ? wallClock
                : worldClock(
                    wallClock,
                    Math.max(last, worldStart),
                    {
                      ...world,
                      warmUntil: worldStart + world.warmUpDays * 86_400_000,
                    },
                    () => worldLimit(),
                  ),
    });
    closing.push(() => log.close());
    const metrics = createMetrics();
    fetchedMetrics(metrics, log);
    const mappingsLoaded = (reading: ReadingRules): void => {
      for (const standard of decodingBy(reading).mappings.standards) metrics.mappingLoaded(standard);
    };
    mappingsLoaded(loaded.reading);
    // A folder of recorded time has no other rules than those it is replayed with.
    const isLive = time !== 'recorded';
    const {
      rules: control,
      models: modelsControl,
      modelsHere,
      start: startDeciding,
    } = deciding({
      log,
      folder: rulesFolder,
      locations: ownPlaces,
      loadedAtStart: loaded,
      loaded: rulesContent,
      load: loadChecked,
      onReading: mappingsLoaded,
      registry: models,
      modelsChanged: () => scoring.reload(),
      decides: { rules: isLive, models: isLive || learns },
      note,
    });
    const isShared = log.numbers !== undefined;
    if (!isShared) await startDeciding(loaded, closing);
    const pace = world === undefined ? undefined : { ...world, startAt: worldStart };
    const secondsSince = wallSeconds(() => log.clock.now(), pace);

    const storage = await startStorage({
      settings: config.clickhouse,
      folder: data.in('clickhouse'),
      log,
      metrics,
      secondsSince,
      note,
    });
    closing.push(() => storage.close());
    const scoring = await startScoring({
      registry: models,
      model: config.models.lateDelivery,
      workers: config.models.workers,
      timeoutMs: config.models.timeoutMs,
      metrics,
      note,
    });
    closing.push(() => scoring.close());

    let failure: Error | undefined;
    const fail = (error: unknown): void => {
      if (failure !== undefined) return;
      failure = error instanceof Error ? error : new Error(String(error));
      onFailure(error);
    };
    const pipelines = linePipelines(config, loaded, decodingBy);
    for (const { name, nodes } of pipelines.flatMap((pipeline) => pipeline.stages)) {
      metrics.pipelineStarted(name);
      for (const node of nodes)
        if (node.kind === 'step' && node.step.name !== null)
          metrics.stepStarted(name, node.step.name, node.step.counts ?? []);
    }
    const marker = readMarker(data.path)!;
    const snapshots = await openSnapshots({ settings: config.snapshots, data, marker });
    const savepoints = savepointsOf({
      data,
      marker,
      snapshots,
      log,
      pipelines,
      clickhouse: config.clickhouse,
    });
    // Before anything may be dropped.
    await savepoints.hold();
    const { engine, rows, metricsText } = startTasks({
      config,
      pipelines,
      log,
      loaded,
      stateFolder: data.in('state'),
      snapshots,
      generation: marker.generation,
      pace,
      scoring,
      metrics,
      secondsSince,
      onError: fail,
      onFenced: isShared ? (number) => shared?.fenced(number) : undefined,
    });
    closing.push(() => engine.stop());
    if (!isShared) await engine.start();
    if (!isShared) storage.mirror.start();
    const visits = createVisits(wallClock);
    const board = await startBoardFeed({
      log,
      path: data.in('board.json'),
      // Where processes share the line one of them keeps it, and each that somebody looks at.
      isWanted: () => !isShared || shared?.here.includes(LEADS) === true || visits.any,
      onError: (error) => note(`page: ${String(error)}`),
    });
    closing.push(() => board.stop());

    const auth = createAuth({ keys: config.http.apiKeys, environment });
    const server = createServer({ host: config.http.host, port: config.http.port, auth });
    let hasStarted = false;
    // Where rules are decided elsewhere, nothing is to be heard before they are in the log.
    const isReady = (): boolean =>
      hasStarted && (!isShared || time === 'recorded' || log.end(rulesInForce.name, 0) > 0);
    const progress = readProgress(log, engine, board, rows);
    let outbox: Outbox | undefined;
    /** What tasks of other processes wrote has been read here too. Live, time has gone on before they can have said so. */
    const othersHeard = (): boolean =>
      !isShared ||
      time !== 'recorded' ||
      engine.producers.every((name) => log.frontier(name) >= log.closedUntil);
    /** Everything heard has been decided on; it may still have to be sent, and written to its table. */
    const decided = (): boolean =>
      // Recorded time goes on with its records alone, and so do the shares that wait for it.
      isReady() &&
      engine.settled(log.closedUntil) &&
      othersHeard() &&
      (time === 'recorded' || !engine.sharesWait);
    const settled = (): boolean => {
      const { due, unread } = outbox?.stats() ?? { due: 0, unread: 0 };
      return decided() && due + unread === 0 && storage.mirror.stats().lagRecords === 0;
    };
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
      models: modelsControl,
      messages,
      decoding: () => decodingBy(control?.reading() ?? loaded.reading),
      progress,
      control,
      rules,
      rulesFolder,
      reviewsFolder: data.in('reviews'),
      destinations: destinationNames,
      recordedTime: time === 'recorded',
      lagLimit: world === undefined ? config.log.maxLagRecords : WORLD_LAG_RECORDS,
      line: {
        isReady,
        failure: () => failure,
        decided,
        settled,
        outbox: () => outbox,
        numbers: () => shared?.here ?? wholeNumbers(config.log.partitions),
      },
      note,
    });
    const url = await server.listen();
    // For commands beside this process; it says nothing that a stranger may not know.
    writeFileSync(data.in('running.json'), JSON.stringify({ url, pid: process.pid }));
    closing.push(() => rmSync(data.in('running.json'), { force: true }));
    closing.push(() => server.drain(3_000));

    let destinations: DestinationSettings = config.destinations;
    if (world !== undefined) {
      const simulated = await startSimulatedWorld({
        ingestUrl: url,
        clock: { now: () => log.clock.now() },
        folder: worldFolder,
        seed: known?.seed ?? world.seed,
        startAt: worldStart,
        shipmentsPerDay: known?.shipmentsPerDay ?? world.shipmentsPerDay,
      });
      simulated.done.catch(fail);
      worldLimit = () => simulated.sentUntil() + WORLD_LEAD_MS;
      closing.push(() => simulated.stop());
      const receiver = {
        url: simulated.receiverUrl,
        secret: simulated.receiverSecret,
        maxAttempts: 8,
        ratePerSec: 500,
        concurrency: 16,
        timeoutMs: 10_000,
      };
      destinations = {
        ...Object.fromEntries(SIMULATED_RECEIVERS.map((name) => [name, receiver])),
        ...config.destinations,
      };
    }
    const beginLead = (ends: Ends): Promise<void> =>
      startLead(
        {
          config,
          data,
          log,
          engine,
          generation: marker.generation,
          storage,
          scoring,
          reviews,
          rules,
          rulesFolder,
          destinations,
          decoding: decodingBy(loaded.reading),
          messages,
          metrics,
          sendsActions,
          models: modelsHere,
          dispatches: (running) => (outbox = running),
          note,
        },
        ends,
      );
    if (!isShared) await beginLead(closing);
    if (sources.dropFolder !== undefined) {
      const dropFolder = createDropFolder({
        folder: sources.dropFolder.path,
        log,
        contentTypeOfFile: (name, bytes) => contentTypeOfFile(name, bytes) ?? undefined,
        maxBytes: config.http.maxDocumentBytes,
        onProblem: (error) => note(`drop folder: ${error instanceof Error ? error.message : String(error)}`),
      });
      dropFolder.start();
      closing.push(() => dropFolder.stop());
    }
    const retention = setInterval(() => {
      for (const task of engine.tasks) log.hold(task.name, task.holds);
      log.hold('mirror', storage.mirror.positions());
      if (outbox !== undefined) log.hold('outbox', outbox.holds());
      log.retain(config.log.keepBytes).catch(fail);
    }, 30_000);
    closing.push(() => clearInterval(retention));
    const { kafka } = config.log;
    if (log.numbers !== undefined && kafka?.group !== undefined) {
      const leading: Ends = [];
      const lead: Lead = {
        begin: () => startDeciding(loadedNow(loadChecked, loaded, note), leading),
        start: () => beginLead(leading),
        stop: (hurry) => endAll(leading, hurry),
      };
      const { partitions } = config.log;
      const definition = lineDefinition({ log, pipelines, partitions, allowLoss });
      closing.push(definition.watch(fail));
      await definition.check();
      const work = numberWork({ numbers: log.numbers, log, engine, storage, lead, definition });
      const numbers = sharedNumbers({
        settings: { ...kafka, group: kafka.group },
        work,
        engine,
        members: log.numbers.members,
        onFailure: fail,
        note,
      });
      shared = numbers;
      const reload = (): void =>
        void scoring.reload().catch((error: unknown) => note(`models: ${String(error)}`));
      closing.push(followTopic(log, modelsInForce.name, reload));
      // It takes nothing from outside any more before it gives what it would hear it by.
      closing.push(() => server.drain(3_000).then(() => numbers.leave()));
      await numbers.join();
    }
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
      rules,
      progress,
      settled,
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
};

const wholeNumbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, number) => number);

/** Ten simulated minutes: as far as the world moves between two looks at the ingest. */
const WORLD_LEAD_MS = 600_000;
/** Documents of the simulated world that may wait to be read before the ingest slows it down. */
const WORLD_LAG_RECORDS = 500;

const defaultWorld = simulatedSource.parse({});

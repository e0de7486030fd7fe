import type { BoardFeed } from '../../console/board-feed.ts';
import type { Progress } from '../../console/page/contract.ts';
import { type ConsoleOptions, consoleRoutes } from '../../console/routes.ts';
import { visited, type Visits } from '../../console/visits.ts';
import type { Rules } from '../../domain/rules.ts';
import { report } from '../../sinks/clickhouse/report.ts';
import type { DecoderSettings } from '../../sources/decoders/decoder.ts';
import type { Auth } from '../../sources/http/auth.ts';
import { ingestRoutes } from '../../sources/http/ingest.ts';
import { schemaRoutes } from '../../sources/http/schemas.ts';
import type { Server } from '../../sources/http/server.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { Pipeline } from '../graph.ts';
import type { LineLog } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { metricsRoutes } from '../metrics/routes.ts';
import { categoriesIn } from './categories.ts';
import { categoryRoutes } from './category-routes.ts';
import type { ChannelSurroundings } from './channels.ts';
import { decideIn } from './decide.ts';
import { deskRecords } from './desk-records.ts';
import { lineWithLimit, verdictsOf } from './ingest-line.ts';
import { estimatedEffects } from './make-review.ts';
import { operationRoutes } from './operation-routes.ts';
import { previewRoutes } from './preview-routes.ts';
import { readGauges } from './read-gauges.ts';
import { reviewRoutes } from './review-routes.ts';
import { type Reviews, reviewsIn } from './reviews.ts';
import { compareLogged } from './learning/compare-logged.ts';
import { modelDesk } from './model-desk.ts';
import { modelRoutes } from './model-routes.ts';
import type { ModelsControl } from './models-in-force.ts';
import type { RulesControl } from './rules-in-force.ts';
import { rulesRoutes } from './rules-routes.ts';
import type { Savepoints } from './savepoints.ts';
import type { Outbox } from './start-outbox.ts';
import { rulesNow } from './start-reviews.ts';
import { signedWebhooks } from './signed-webhooks.ts';
import { tableRoutes } from './table-routes.ts';
import type { Storage } from './start-storage.ts';

/** What the routes show and change, all of it started before them. */
export interface RoutesParts {
  readonly config: Config;
  readonly server: Server;
  readonly auth: Auth;
  readonly log: LineLog;
  readonly metrics: Metrics;
  /** The text of `/metrics`, all threads together. */
  readonly metricsText: () => Promise<string>;
  readonly engine: Engine;
  readonly storage: Storage;
  readonly board: BoardFeed;
  /** Who looks at the page. */
  readonly visits: Visits;
  readonly pipelines: readonly Pipeline[];
  readonly savepoints: Savepoints;
  /** Undefined where time is recorded: then the models do not change. */
  readonly models: ModelsControl | undefined;
  readonly messages: ChannelSurroundings;
  /** As the rules in force say. */
  readonly decoding: () => DecoderSettings;
  readonly progress: () => Progress;
  /** Undefined where time is recorded: then the rules do not change. */
  readonly control: RulesControl | undefined;
  /** Those that were loaded at the start. */
  readonly rules: Rules;
  readonly rulesFolder: string;
  readonly reviewsFolder: string;
  readonly destinations: readonly string[];
  readonly recordedTime: boolean;
  /** Documents that may wait to be read before the ingest refuses more. */
  readonly lagLimit: number;
  /** How the line stands, which changes while it runs. */
  readonly line: {
    readonly isReady: () => boolean;
    readonly failure: () => Error | undefined;
    readonly decided: () => boolean;
    readonly settled: () => boolean;
    readonly outbox: () => Outbox | undefined;
    /** Partition numbers that run here. */
    readonly numbers: () => readonly number[];
  };
  readonly note: (line: string) => void;
}

/** Everything that can be asked of the line over HTTP. Returns the reviews, which also have a schedule. */
export const registerRoutes = async (parts: RoutesParts): Promise<Reviews> => {
  const { config, server, auth, log, metrics, engine, storage, board, pipelines, savepoints } = parts;
  const { messages, decoding, progress, control, rules, rulesFolder, destinations, lagLimit, line, note } =
    parts;
  const requireScope: Auth['requireScope'] = (scope) => auth.requireScope(scope);
  const lagOf = (): number => engine.lagOf('normalise-1');

  server.app.addHook('onResponse', async (request, reply) => {
    if (request.url.startsWith('/v1/ingest/')) metrics.ingestTook(reply.elapsedTime / 1_000);
  });
  await server.app.register(
    ingestRoutes({
      log: lineWithLimit(log, lagOf, lagLimit, metrics),
      auth,
      webhooks: signedWebhooks(config.partners, metrics),
      bodyLimitBytes: config.http.maxDocumentBytes,
      formatSet: (source) => config.partners[source]?.format,
      recordedTime: parts.recordedTime,
      draining: () => server.draining,
      validate: (document) => verdictsOf(document, log.closedUntil, decoding()),
      onDocument: ({ source, bytes }, { duplicate }) => {
        metrics.documentIn(source, duplicate ? 'duplicate' : 'accepted');
        if (!duplicate) metrics.bytesIn(bytes.length);
      },
    }),
  );
  await server.app.register(schemaRoutes({ auth }));
  const desk: ConsoleOptions = {
    board: board.board,
    decide: decideIn(log),
    progress,
    requireScope,
    callerOf: (request) => auth.callerOf(request),
    records: deskRecords(storage.client),
  };
  await server.app.register(
    visited(
      parts.visits,
      () => board.shown(),
      (app) => consoleRoutes(app, desk),
    ),
  );
  await server.app.register(metricsRoutes, {
    metrics: { contentType: metrics.contentType, text: parts.metricsText },
    live: [
      {
        name: 'line',
        check: () => ({
          ok: line.failure() === undefined,
          ...detailOf(line.failure()),
        }),
      },
    ],
    ready: [
      { name: 'started', check: () => ({ ok: line.isReady() && !server.draining }) },
      { name: 'line', check: () => ({ ok: lagOf() < config.log.maxLagRecords }) },
    ],
    beforeScrape: () =>
      readGauges({
        metrics,
        log,
        engine,
        mirror: storage.mirror,
        board: board.board,
        progress,
        partitions: config.log.partitions,
        numbers: line.numbers,
      }),
  });
  await server.app.register(previewRoutes, {
    templates: messages.templates,
    zone: messages.zone,
    requireScope,
  });
  await server.app.register(operationRoutes, {
    log,
    engine,
    pipelines,
    savepoints,
    requireScope,
  });
  if (control !== undefined)
    await server.app.register(rulesRoutes, {
      rules: control,
      requireScope,
    });
  if (parts.models !== undefined) {
    const { registry, decide } = parts.models;
    const rule = config.models.promotion;
    await server.app.register(modelRoutes, {
      desk: modelDesk(registry, decide, (model, incumbent, candidate) =>
        compareLogged({ client: storage.client, registry, rule, model, incumbent, candidate }),
      ),
      requireScope,
    });
  }
  const categories = categoriesIn({
    client: storage.client,
    log,
    rulesFolder,
    destinations,
  });
  const reviews = reviewsIn({
    settings: config.review,
    folder: parts.reviewsFolder,
    rulesFolder,
    destinations,
    rules: rulesNow(rulesFolder, () => control?.inForce() ?? rules),
    client: storage.client,
    log,
    effects: estimatedEffects,
    categories,
    note,
  });
  await server.app.register(reviewRoutes, {
    reviews,
    requireScope,
  });
  await server.app.register(categoryRoutes, {
    categories,
    requireScope,
  });
  server.app.get('/v1/status', { preHandler: auth.requireScope('read') }, async () => {
    const outbox = line.outbox();
    const status = {
      settled: line.settled(),
      decided: line.decided(),
      at: log.closedUntil,
      numbers: line.numbers(),
      workers: config.engine.workers,
      mirror: storage.mirror.stats(),
      outbox: outbox?.stats() ?? null,
      interchanges:
        outbox?.interchanges === undefined
          ? null
          : { ...outbox.interchanges.stats(), overdueList: outbox.interchanges.overdue().slice(0, 100) },
      tasks: engine.tasks.map((task) => ({
        name: task.name,
        lag: task.lag,
        behindMs: log.closedUntil - task.time,
        epoch: task.epoch,
      })),
    };
    // Who reads `settled` here finds it all on the page too.
    await board.caughtUp();
    return status;
  });
  server.app.get('/v1/report', { preHandler: auth.requireScope('read') }, () => report(storage.client));
  await server.app.register(tableRoutes, {
    client: storage.client,
    requireScope,
  });
  return reviews;
};

const detailOf = (failure: Error | undefined): { readonly detail?: string } =>
  failure === undefined ? {} : { detail: failure.message };

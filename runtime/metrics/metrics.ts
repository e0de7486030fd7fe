import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Action, ActionType } from '../../domain/action.ts';
import { actionStates, actionTypes } from '../../domain/action.ts';
import { type Tier, tiers } from '../../domain/codes.ts';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import { deadLetterStages } from '../../domain/dead-letter.ts';
import type { EdiFinding, EdiFindingKind } from '../../domain/edi-finding.ts';
import { type IdentityFinding, identityFindings } from '../../domain/identity-finding.ts';
import { type Outcome, outcome } from '../../domain/outcome.ts';
import { instrumentsOf, longSec, shortSec, startAtZero } from './instruments.ts';
import { labelBudget } from './label-budget.ts';

export type IngestResult = 'accepted' | 'duplicate' | 'refused' | 'invalid';
const pollResults = ['taken', 'unchanged', 'failed'] as const;
export type SignalKind = 'predicted' | 'detected';
export type Hop = 'ingest_to_canonical' | 'ingest_to_signal' | 'ingest_to_exception' | 'ingest_to_row';

/** Every metric of ours, each moved by one call. Counts come in batches: `n` is 1 where it is left out. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * All metrics on a registry of their own, so that two lines in one process do not share counts. Seconds are wall
 * seconds where a machine works, and log seconds where a watermark lags. Labels hold closed lists, or values
 * under a budget; ids of shipments, documents and actions are never labels.
 */
export const createMetrics = (options: { readonly processMetrics?: boolean } = {}) => {
  const registry = new Registry();
  if (options.processMetrics !== false) collectDefaultMetrics({ register: registry });
  const { counter, gauge, histogram } = instrumentsOf(registry);
  const sourceLabel = labelBudget(100);
  const categoryLabel = labelBudget(200);
  const modelLabel = labelBudget(20);
  const standardLabel = labelBudget(50);

  const documents = counter(
    'forewarn_ingest_documents_total',
    'Documents offered at the ingest.',
    'source',
    'result',
  );
  const polls = counter(
    'forewarn_polls_total',
    'Times that a document was asked for: taken, unchanged (304, or the same body), failed.',
    'source',
    'result',
  );
  const webhooksRefused = counter(
    'forewarn_webhooks_refused_total',
    'Requests of sources with signed webhooks that were not signed as they should be.',
    'source',
    'why',
  );
  const bytes = counter('forewarn_ingest_bytes_total', 'Bytes of the documents that were accepted.');
  const ingestSec = histogram(
    'forewarn_ingest_duration_seconds',
    'From the first byte of a document to its durable acknowledgement.',
    shortSec,
  );
  const appendSec = histogram(
    'forewarn_log_append_duration_seconds',
    'From an append to the log until it is durable, group commit included.',
    shortSec,
  );
  const logBytes = gauge('forewarn_log_bytes', 'Bytes of all log segments on disk.');
  const records = counter(
    'forewarn_records_total',
    'Records that a pipeline read from or wrote to the log.',
    'pipeline',
    'direction',
  );
  const stepRows = counter(
    'forewarn_step_rows_total',
    'Rows that left a step of a pipeline.',
    'pipeline',
    'step',
  );
  const stepCounts = counter(
    'forewarn_step_rows_held_back_total',
    'Rows that a step let out by another way or not at all: late, expired, duplicate, suppressed, evicted, unanswered; and results that it revised.',
    'pipeline',
    'step',
    'why',
  );
  const taskLag = gauge(
    'forewarn_task_lag_records',
    'Durable records that the tasks of a pipeline have not read yet.',
    'pipeline',
  );
  const watermarkLag = gauge(
    'forewarn_watermark_lag_seconds',
    'Log time now minus the lowest watermark of the pipeline.',
    'pipeline',
  );
  const frontierLag = gauge(
    'forewarn_frontier_lag_seconds',
    'Log time now minus the frontier up to which the pipeline has spoken.',
    'pipeline',
  );
  const late = counter('forewarn_late_records_total', 'Records that came after their watermark.', 'pipeline');
  const checkpointSec = histogram(
    'forewarn_checkpoint_duration_seconds',
    'From a barrier to its durable checkpoint.',
    shortSec,
    'pipeline',
  );
  const checkpointBytes = counter(
    'forewarn_checkpoint_bytes_total',
    'Bytes of state and rows that checkpoints wrote.',
    'pipeline',
  );
  const stateKeys = gauge('forewarn_state_keys', 'Keys that a step keeps state for.', 'pipeline', 'step');
  const credit = gauge('forewarn_credit_available', 'Batches that may still enter the pipeline.', 'pipeline');
  const scores = counter(
    'forewarn_scores_total',
    'Scores, by who answered: the model or the fallback rule.',
    'model',
    'answered',
  );
  const scoreSec = histogram(
    'forewarn_score_duration_seconds',
    'One micro-batch to a scoring worker and back.',
    shortSec,
  );
  const signals = counter('forewarn_signals_total', 'Signals raised by detectors.', 'category', 'kind');
  const exceptions = counter(
    'forewarn_exceptions_total',
    'Exceptions raised, each once.',
    'category',
    'kind',
    'tier',
  );
  const exceptionsOpen = gauge('forewarn_exceptions_open', 'Exceptions open now.', 'tier');
  const actions = counter('forewarn_actions_total', 'Actions that entered a state.', 'type', 'state');
  const approvals = gauge('forewarn_approvals_waiting', 'Actions that wait for a person now.');
  const actionSec = histogram(
    'forewarn_action_duration_seconds',
    'From an action being due to its being sent.',
    longSec,
  );
  const outcomes = counter('forewarn_outcomes_total', 'Shipments that ended.', 'result', 'breached');
  const deadLetters = counter(
    'forewarn_dead_letters_total',
    'Input that could not be used and was kept.',
    'stage',
    'code',
  );
  const unmapped = counter(
    'forewarn_unmapped_codes_total',
    'Partner codes without a meaning in our mappings.',
    'standard',
  );
  const identity = counter(
    'forewarn_identity_findings_total',
    'Events whose shipment was not plain: held, found later, given up, names that disagree, merges in a loop.',
    'what',
  );
  const ediFindings = counter(
    'forewarn_edi_findings_total',
    'Oddities of EDI envelopes that cost no message: wrong counts and control numbers, missing trailers, wrapped lines.',
    'source',
    'standard',
    'kind',
  );
  const tableRows = counter('forewarn_clickhouse_rows_total', 'Rows inserted into ClickHouse.', 'table');
  const tableLag = gauge(
    'forewarn_clickhouse_lag_records',
    'Durable records of a topic that its table does not have yet.',
    'table',
  );
  const insertSec = histogram('forewarn_clickhouse_insert_duration_seconds', 'One insert.', shortSec);
  const endToEndSec = histogram(
    'forewarn_end_to_end_seconds',
    'From the ingest of a document to what came of it.',
    longSec,
    'hop',
  );
  const shipmentsOpen = gauge('forewarn_shipments_open', 'Shipments under way now.');
  const numbersHere = gauge(
    'forewarn_partition_number_here',
    'Partition numbers of the line: 1 where its tasks run in this process, else 0.',
    'number',
  );

  startAtZero(deadLetters, firstDeadLetters);
  startAtZero(
    identity,
    identityFindings.map((what) => ({ what })),
  );
  startAtZero(
    actions,
    actionTypes.flatMap((type) => actionStates.map((state) => ({ type, state }))),
  );
  startAtZero(
    outcomes,
    outcome.shape.result.options.flatMap((result) => [
      { result, breached: 'false' },
      { result, breached: 'true' },
    ]),
  );
  for (const tier of tiers) exceptionsOpen.set({ tier }, 0);

  return {
    registry,
    contentType: registry.contentType,
    /** The text of `/metrics`. */
    text: (): Promise<string> => registry.metrics(),
    documentIn: (source: string, result: IngestResult, n = 1) =>
      documents.inc({ source: sourceLabel(source), result }, n),
    /** A poller's counters from its first second on: that it is silent is seen where its rate is 0. */
    polling: (source: string) =>
      startAtZero(
        polls,
        pollResults.map((result) => ({ source: sourceLabel(source), result })),
      ),
    polled: (source: string, result: (typeof pollResults)[number]) =>
      polls.inc({ source: sourceLabel(source), result }),
    webhookRefused: (source: string, why: string) =>
      webhooksRefused.inc({ source: sourceLabel(source), why }),
    bytesIn: (n: number) => bytes.inc(n),
    ingestTook: (sec: number) => ingestSec.observe(sec),
    logAppendTook: (sec: number) => appendSec.observe(sec),
    logSize: (sizeBytes: number) => logBytes.set(sizeBytes),
    recordsIn: (pipeline: string, n = 1) => records.inc({ pipeline, direction: 'in' }, n),
    recordsOut: (pipeline: string, n = 1) => records.inc({ pipeline, direction: 'out' }, n),
    /** Its counters from its first second on: a rate needs the step from 0. */
    pipelineStarted: (pipeline: string) => {
      startAtZero(records, [
        { pipeline, direction: 'in' },
        { pipeline, direction: 'out' },
      ]);
      startAtZero(late, [{ pipeline }]);
      startAtZero(checkpointBytes, [{ pipeline }]);
    },
    stepRows: (pipeline: string, step: string, n = 1) => stepRows.inc({ pipeline, step }, n),
    /** The same of a step that may hold rows back. */
    stepStarted: (pipeline: string, step: string, whys: readonly string[]) =>
      startAtZero(
        stepCounts,
        whys.map((why) => ({ pipeline, step, why })),
      ),
    stepCounts: (pipeline: string, step: string, why: string, n: number) =>
      stepCounts.inc({ pipeline, step, why }, n),
    taskLag: (pipeline: string, recordCount: number) => taskLag.set({ pipeline }, recordCount),
    watermarkLag: (pipeline: string, sec: number) => watermarkLag.set({ pipeline }, sec),
    frontierLag: (pipeline: string, sec: number) => frontierLag.set({ pipeline }, sec),
    lateRecords: (pipeline: string, n = 1) => late.inc({ pipeline }, n),
    checkpointTook: (pipeline: string, sec: number, sizeBytes: number) => {
      checkpointSec.observe({ pipeline }, sec);
      checkpointBytes.inc({ pipeline }, sizeBytes);
    },
    stateKeys: (pipeline: string, step: string, keys: number) => stateKeys.set({ pipeline, step }, keys),
    creditAvailable: (pipeline: string, batches: number) => credit.set({ pipeline }, batches),
    scored: (model: string, answered: 'model' | 'fallback', n = 1) =>
      scores.inc({ model: modelLabel(model), answered }, n),
    /** Both answers of a model from its first day, so that the share of fallbacks has a numerator. */
    modelLoaded: (model: string) => {
      const label = modelLabel(model);
      startAtZero(scores, [
        { model: label, answered: 'model' },
        { model: label, answered: 'fallback' },
      ]);
    },
    scoreTook: (sec: number) => scoreSec.observe(sec),
    signalRaised: (category: string, kind: SignalKind, n = 1) =>
      signals.inc({ category: categoryLabel(category), kind }, n),
    exceptionRaised: (category: string, kind: SignalKind, tier: Tier, n = 1) =>
      exceptions.inc({ category: categoryLabel(category), kind, tier }, n),
    exceptionsOpen: (tier: Tier, n: number) => exceptionsOpen.set({ tier }, n),
    actionEntered: (type: ActionType, state: Action['state'], n = 1) => actions.inc({ type, state }, n),
    approvalsWaiting: (n: number) => approvals.set(n),
    actionTook: (sec: number) => actionSec.observe(sec),
    outcomeSeen: (result: Outcome['result'], breached: boolean, n = 1) =>
      outcomes.inc({ result, breached: String(breached) }, n),
    deadLetter: (stage: DeadLetter['stage'], code: string, n = 1) => deadLetters.inc({ stage, code }, n),
    /** A mapping's counter from its loading on. */
    mappingLoaded: (standard: string) => startAtZero(unmapped, [{ standard: standardLabel(standard) }]),
    unmappedCode: (standard: string, n = 1) => unmapped.inc({ standard: standardLabel(standard) }, n),
    identityFound: (what: IdentityFinding['what'], n = 1) => identity.inc({ what }, n),
    ediFound: (source: string, standard: EdiFinding['standard'], kind: EdiFindingKind, n: number) =>
      ediFindings.inc({ source: sourceLabel(source), standard, kind }, n),
    tableMirrored: (table: string) => startAtZero(tableRows, [{ table }]),
    tableRows: (table: string, n: number) => tableRows.inc({ table }, n),
    tableLag: (table: string, recordCount: number) => tableLag.set({ table }, recordCount),
    insertTook: (sec: number) => insertSec.observe(sec),
    endToEnd: (hop: Hop, sec: number) => endToEndSec.observe({ hop }, sec),
    shipmentsOpen: (n: number) => shipmentsOpen.set(n),
    numberHere: (number: number, isHere: boolean) =>
      numbersHere.set({ number: String(number) }, isHere ? 1 : 0),
  };
};

/** The code that each stage gives most often; the others appear with their first letter. */
const codeOf: Record<DeadLetter['stage'], string> = {
  decode: 'FW401',
  validate: 'FW402',
  operator: 'FW404',
  score: 'FW603',
  sink: 'FW502',
};
const firstDeadLetters: readonly { readonly stage: DeadLetter['stage']; readonly code: string }[] = [
  ...deadLetterStages.map((stage) => ({ stage, code: codeOf[stage] })),
  // An alarm looks at how it grows.
  { stage: 'sink', code: 'FW720' },
];

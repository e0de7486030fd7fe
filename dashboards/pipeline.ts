import { dashboardOf } from './dashboard.ts';
import { chart, figure, stacked } from './panels.ts';
import { prom, quantile, orZero, rateBy, spread } from './queries.ts';

/** The line as a machine: is it keeping up, where does it wait, what does it lose? */
export const pipelineDashboard = () =>
  dashboardOf({
    uid: 'forewarn-pipeline',
    title: 'Forewarn: pipeline',
    description: 'From documents through the log and the pipelines to ClickHouse: speed, lag and losses.',
    sources: ['prometheus'],
    rows: [
      {
        title: 'Now',
        panels: [
          figure({
            title: 'Documents',
            unit: 'reqps',
            description: 'Documents per second that the ingest made durable.',
            queries: [
              prom('sum(rate(forewarn_ingest_documents_total{result="accepted"}[$__rate_interval]))'),
            ],
          }),
          figure({
            title: 'Records',
            unit: 'cps',
            description: 'Records per second that all pipelines read.',
            queries: [prom('sum(rate(forewarn_records_total{direction="in"}[$__rate_interval]))')],
          }),
          figure({
            title: 'Open shipments',
            unit: 'short',
            description: 'Shipments under way that the line keeps an eye on.',
            queries: [prom('forewarn_shipments_open')],
          }),
          figure({
            title: 'Records not read yet',
            unit: 'short',
            description:
              'Durable records that wait for a task; it should return to near zero after every burst.',
            queries: [prom('sum(forewarn_task_lag_records)')],
          }),
          figure({
            title: 'Ingest to exception, 99 %',
            unit: 's',
            description:
              'Time within which 99 of 100 exceptions stand in the log after their document came in.',
            queries: [prom(quantile(0.99, 'forewarn_end_to_end_seconds', '', 'hop="ingest_to_exception"'))],
          }),
          figure({
            title: 'Dead letters, last hour',
            unit: 'short',
            description:
              'Input of the last hour that could not be used; table dead_letters has it with its reasons.',
            queries: [prom('sum(increase(forewarn_dead_letters_total[1h]))')],
          }),
        ],
      },
      {
        title: 'Ingest and log',
        panels: [
          stacked({
            title: 'Documents by result',
            unit: 'reqps',
            description:
              'Documents per second: accepted, recognised as sent before, invalid, or refused while the line was full.',
            queries: [rateBy('result', 'forewarn_ingest_documents_total')],
          }),
          stacked({
            title: 'Documents by source',
            unit: 'reqps',
            description: 'Documents per second of each source; one that falls to zero has gone silent.',
            queries: [rateBy('source', 'forewarn_ingest_documents_total')],
          }),
          stacked({
            title: 'Polls by result',
            unit: 'reqps',
            description:
              'Documents asked for per second: taken, unchanged, failed. Empty where no source polls.',
            queries: [orZero('result', 'forewarn_polls_total')],
          }),
          stacked({
            title: 'Webhooks refused',
            unit: 'reqps',
            description:
              'Requests per second of sources with signed webhooks that were not signed as they should be, by reason.',
            queries: [orZero('why', 'forewarn_webhooks_refused_total')],
          }),
          chart({
            title: 'Bytes in',
            unit: 'Bps',
            description: 'Bytes per second of accepted documents.',
            queries: [prom('rate(forewarn_ingest_bytes_total[$__rate_interval])', 'bytes')],
          }),
          chart({
            title: 'Acknowledgement',
            unit: 's',
            description: 'From the first byte of a document to its durable acknowledgement.',
            queries: spread('forewarn_ingest_duration_seconds'),
          }),
          chart({
            title: 'Append to the log',
            unit: 's',
            description: 'Group commit included: when it grows alone, the disk is slow.',
            queries: spread('forewarn_log_append_duration_seconds'),
          }),
          chart({
            title: 'Log on disk',
            unit: 'bytes',
            description: 'Size of all segments; retention should level it off.',
            queries: [prom('forewarn_log_bytes', 'log')],
          }),
        ],
      },
      {
        title: 'Pipelines',
        panels: [
          chart({
            title: 'Records in',
            unit: 'cps',
            description: 'Records per second that each pipeline read.',
            queries: [rateBy('pipeline', 'forewarn_records_total{direction="in"}')],
          }),
          chart({
            title: 'Records out',
            unit: 'cps',
            description: 'Records per second that each pipeline wrote to the log.',
            queries: [rateBy('pipeline', 'forewarn_records_total{direction="out"}')],
          }),
          chart({
            title: 'Rows by step',
            unit: 'cps',
            description: 'The ten busiest steps by rows per second that left them.',
            queries: [
              prom(
                'topk(10, sum by (pipeline, step) (rate(forewarn_step_rows_total[$__rate_interval])))',
                '{{pipeline}} {{step}}',
              ),
            ],
          }),
          chart({
            title: 'Held back by steps',
            unit: 'cps',
            description:
              'Rows per second that a step let out by another way or not at all, by reason: late, duplicate, suppressed, expired, evicted, not answered by the model.',
            queries: [
              prom(
                'sum by (pipeline, step, why) (rate(forewarn_step_rows_held_back_total[$__rate_interval]))',
                '{{pipeline}} {{step}} {{why}}',
              ),
            ],
          }),
          chart({
            title: 'Not read yet',
            unit: 'short',
            description:
              'Durable records that wait for the tasks of each pipeline; steady growth means that it cannot keep up.',
            queries: [prom('forewarn_task_lag_records', '{{pipeline}}')],
          }),
          chart({
            title: 'Watermark behind log time',
            unit: 's',
            description: 'Log seconds by which the lowest watermark trails; the slowest input holds it.',
            queries: [prom('forewarn_watermark_lag_seconds', '{{pipeline}}')],
          }),
          chart({
            title: 'Frontier behind log time',
            unit: 's',
            description:
              'Log seconds of which a pipeline has not yet said that it is through; readers after it wait that long.',
            queries: [prom('forewarn_frontier_lag_seconds', '{{pipeline}}')],
          }),
          chart({
            title: 'Late records',
            unit: 'cps',
            description: 'Records per second that came after their watermark and went to the late output.',
            queries: [rateBy('pipeline', 'forewarn_late_records_total')],
          }),
          chart({
            title: 'Credit',
            unit: 'short',
            description: 'Batches that may still enter; zero for long means that something behind is slow.',
            queries: [prom('forewarn_credit_available', '{{pipeline}}')],
          }),
          chart({
            title: 'State',
            unit: 'short',
            description: 'Keys that each step keeps state for; it should level off with the open shipments.',
            queries: [prom('forewarn_state_keys', '{{pipeline}} {{step}}')],
          }),
        ],
      },
      {
        title: 'Checkpoints and scoring',
        panels: [
          chart({
            title: 'Checkpoint, 99 %',
            unit: 's',
            description: 'From a barrier to its durable checkpoint; the output of every hop waits for it.',
            queries: [
              prom(quantile(0.99, 'forewarn_checkpoint_duration_seconds', 'pipeline'), '{{pipeline}}'),
            ],
          }),
          chart({
            title: 'Checkpoint bytes',
            unit: 'Bps',
            description: 'Bytes of state and rows per second that checkpoints write.',
            queries: [rateBy('pipeline', 'forewarn_checkpoint_bytes_total')],
          }),
          stacked({
            title: 'Scores',
            unit: 'cps',
            description: 'Scores per second by who answered: the model, or the rule of thumb in its place.',
            queries: [
              prom(
                'sum by (model, answered) (rate(forewarn_scores_total[$__rate_interval]))',
                '{{model}} {{answered}}',
              ),
            ],
          }),
          chart({
            title: 'Scoring a micro-batch',
            unit: 's',
            description: 'To a scoring worker and back, waiting included.',
            queries: spread('forewarn_score_duration_seconds'),
            width: 12,
          }),
          chart({
            title: 'Share of fallbacks',
            unit: 'percentunit',
            description:
              'Scores that the rule of thumb gave because the model was late or its worker died; it should be zero.',
            queries: [
              prom(
                'sum by (model) (rate(forewarn_scores_total{answered="fallback"}[$__rate_interval])) / sum by (model) (rate(forewarn_scores_total[$__rate_interval]))',
                '{{model}}',
              ),
            ],
            width: 12,
          }),
        ],
      },
      {
        title: 'What leaves, and what is lost',
        panels: [
          chart({
            title: 'Rows to ClickHouse',
            unit: 'cps',
            description: 'Rows per second into each table.',
            queries: [rateBy('table', 'forewarn_clickhouse_rows_total')],
          }),
          chart({
            title: 'Not in ClickHouse yet',
            unit: 'short',
            description: 'Durable records that each table still lacks.',
            queries: [prom('forewarn_clickhouse_lag_records', '{{table}}')],
          }),
          chart({
            title: 'One insert',
            unit: 's',
            description: 'How long ClickHouse takes for an insert.',
            queries: spread('forewarn_clickhouse_insert_duration_seconds'),
          }),
          stacked({
            title: 'Dead letters',
            unit: 'cps',
            description: 'Input per second that could not be used, by stage and error code.',
            queries: [
              prom(
                'sum by (stage, code) (rate(forewarn_dead_letters_total[$__rate_interval]))',
                '{{stage}} {{code}}',
              ),
            ],
            width: 12,
          }),
          chart({
            title: 'Codes without meaning',
            unit: 'cps',
            description: 'Partner codes per second that no mapping knows; add them to rules/mappings.',
            queries: [rateBy('standard', 'forewarn_unmapped_codes_total')],
            width: 12,
          }),
          chart({
            title: 'Whose event it is',
            unit: 'cps',
            description:
              'Events per second that no plan claims yet (held, found, given_up), whose names point at different shipments (disagreed), and plans merged in a loop; forewarn unknown lists them.',
            queries: [rateBy('what', 'forewarn_identity_findings_total')],
            width: 12,
          }),
          chart({
            title: 'Oddities of EDI envelopes',
            unit: 'cps',
            description:
              'Wrong counts, wrong control numbers, missing trailers and wrapped lines per second; they cost no message. `forewarn edi findings` names partner and document.',
            queries: [
              prom(
                'sum by (source, kind) (rate(forewarn_edi_findings_total[$__rate_interval])) or vector(0)',
                '{{source}} {{kind}}',
              ),
            ],
            width: 12,
          }),
        ],
      },
      {
        title: 'Topics of other programs',
        panels: [
          chart({
            title: 'Records of foreign topics',
            unit: 'reqps',
            description:
              'Records per second that were taken, had been taken before, say nothing any more or went to dead letters, and rows written to topics of others.',
            queries: [
              prom(
                'sum by (topic, result) (rate(forewarn_kafka_source_records_total[$__rate_interval])) or vector(0)',
                '{{topic}} {{result}}',
              ),
              prom(
                'sum by (topic) (rate(forewarn_kafka_sink_rows_total[$__rate_interval])) or vector(0)',
                '{{topic}} written',
              ),
            ],
          }),
          chart({
            title: 'Bytes of foreign topics',
            unit: 'Bps',
            description: 'Bytes of the values that were read, per second.',
            queries: [
              prom(
                'sum by (topic) (rate(forewarn_kafka_source_bytes_total[$__rate_interval])) or vector(0)',
                '{{topic}}',
              ),
            ],
          }),
          chart({
            title: 'Foreign topics behind',
            unit: 'short',
            description:
              'Committed offsets that are not taken yet, and rows of ours that are not written yet.',
            queries: [
              prom('sum by (topic) (forewarn_kafka_source_lag_records) or vector(0)', '{{topic}}'),
              prom(
                'sum by (topic) (forewarn_kafka_sink_lag_records) or vector(0)',
                '{{topic}} to be written',
              ),
            ],
          }),
          chart({
            title: 'Foreign topics that do not run',
            unit: 'short',
            description:
              'Shows 1 for a topic that waits for a broker, the line or a registry (held), or that takes or writes nothing any more (stopped).',
            queries: [
              prom(
                'sum by (topic, state) (forewarn_kafka_source_state{state!="running"}) or vector(0)',
                '{{topic}} {{state}}',
              ),
              prom('sum by (topic) (forewarn_kafka_sink_stopped) or vector(0)', '{{topic}} writes nothing'),
            ],
          }),
          chart({
            title: 'Trouble with foreign topics',
            unit: 'short',
            description:
              'In an hour: consumers made anew, by reason; offsets that were gone before they were taken; writes that failed and were tried again.',
            queries: [
              prom(
                'sum by (topic, why) (increase(forewarn_kafka_source_restarts_total[1h])) or vector(0)',
                '{{topic}} {{why}}',
              ),
              prom(
                'sum by (topic) (increase(forewarn_kafka_source_gap_records_total[1h])) or vector(0)',
                '{{topic}} gone',
              ),
              prom(
                'sum by (topic) (increase(forewarn_kafka_sink_failures_total[1h])) or vector(0)',
                '{{topic}} failed',
              ),
            ],
          }),
        ],
      },
      {
        title: 'Process',
        panels: [
          chart({
            title: 'CPU',
            unit: 'percentunit',
            description: 'Cores in use, all threads together.',
            queries: [prom('rate(process_cpu_seconds_total[$__rate_interval])', 'cores')],
          }),
          chart({
            title: 'Memory',
            unit: 'bytes',
            description: 'Resident memory and the JavaScript heap in it.',
            queries: [
              prom('process_resident_memory_bytes', 'resident'),
              prom('nodejs_heap_size_used_bytes', 'heap'),
            ],
          }),
          chart({
            title: 'Event loop, 99 %',
            unit: 's',
            description: 'Delay of the main thread; above 50 ms something computes where it should not.',
            queries: [prom('nodejs_eventloop_lag_p99_seconds', 'delay')],
          }),
          stacked({
            title: 'Partition numbers by process',
            unit: 'short',
            description:
              'Partition numbers whose tasks run in each process. Their sum is that of the line; less of it means that numbers wait for a take-over.',
            queries: [prom('sum by (instance) (forewarn_partition_number_here)', '{{instance}}')],
          }),
        ],
      },
    ],
  });

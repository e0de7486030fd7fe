/** One rule of Prometheus: it fires once `expr` has had an answer for the whole of `for`. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'page' | 'ticket';
  /** One sentence with the value in it. */
  readonly summary: string;
  /** What to do first. */
  readonly mend: string;
}

/** The first alerts: each names something that a person can mend, and none fires for a burst that passes. */
export const alerts: readonly Alert[] = [
  {
    name: 'ForewarnDown',
    expr: 'up{job="forewarn"} == 0',
    for: '1m',
    severity: 'page',
    summary: 'Prometheus cannot scrape Forewarn at {{ $labels.instance }}.',
    mend: 'See whether the process runs and what /livez says.',
  },
  {
    name: 'ForewarnDeadLetters',
    expr: 'sum by (stage) (rate(forewarn_dead_letters_total[5m])) > scalar(0.01 * sum(rate(forewarn_records_total{pipeline="normalise",direction="in"}[5m])))',
    for: '5m',
    severity: 'ticket',
    summary:
      '{{ $value | humanize }} records a second go to dead letters in stage {{ $labels.stage }}, more than 1 % of what comes in.',
    mend: 'Read the reasons in table dead_letters; a partner may have changed its format.',
  },
  {
    name: 'ForewarnWatermarkStuck',
    expr: 'forewarn_watermark_lag_seconds > 1800 and deriv(forewarn_watermark_lag_seconds[5m]) > 0',
    for: '5m',
    severity: 'page',
    summary:
      'The watermark of {{ $labels.pipeline }} is {{ $value | humanizeDuration }} behind and falls further.',
    mend: 'Find the input that holds it; a source may be silent or behind the others.',
  },
  {
    name: 'ForewarnTaskLag',
    expr: 'forewarn_task_lag_records > 50000 and deriv(forewarn_task_lag_records[5m]) > 0',
    for: '5m',
    severity: 'page',
    summary:
      '{{ $labels.pipeline }} has {{ $value | humanize }} records not read yet, and more every minute.',
    mend: 'Look at its credit and at what it writes to: it is slower than its input.',
  },
  {
    name: 'ForewarnScoringFallback',
    expr: 'sum by (model) (rate(forewarn_scores_total{answered="fallback"}[5m])) / sum by (model) (rate(forewarn_scores_total[5m])) > 0.05',
    for: '5m',
    severity: 'ticket',
    summary:
      '{{ $value | humanizePercentage }} of the scores of {{ $labels.model }} come from the fallback rule.',
    mend: 'See why scoring workers die or answer late; predictions are coarser meanwhile.',
  },
  {
    name: 'ForewarnClickHouseLag',
    expr: 'forewarn_clickhouse_lag_records > 100000 and deriv(forewarn_clickhouse_lag_records[5m]) > 0',
    for: '10m',
    severity: 'ticket',
    summary: 'Table {{ $labels.table }} lacks {{ $value | humanize }} records, and more every minute.',
    mend: 'See whether ClickHouse answers and has disk; actions go on, reports and panels are behind.',
  },
  {
    name: 'ForewarnActionsFail',
    expr: 'sum(increase(forewarn_actions_total{state=~"failed|uncertain"}[15m])) / sum(increase(forewarn_actions_total{state=~"sent|failed|uncertain"}[15m])) > 0.05',
    for: '5m',
    severity: 'page',
    summary: '{{ $value | humanizePercentage }} of the actions failed or stayed without an answer.',
    mend: 'See which destination refuses; customers are not told what we believe they are.',
  },
  {
    name: 'ForewarnActionsFailing',
    expr: 'sum(increase(forewarn_dead_letters_total{stage="sink",code="FW720"}[15m])) > 0',
    for: '1m',
    severity: 'ticket',
    summary: '{{ $value | humanize }} actions used up their attempts in 15 minutes and were not delivered.',
    mend: 'List them with forewarn dlq list --code FW720; their destination needs mending, and whom they concern a word.',
  },
  {
    name: 'ForewarnForeignTopicStopped',
    expr: 'max by (topic) ({__name__=~"forewarn_kafka_source_state|forewarn_kafka_sink_stopped",state=~"stopped|"}) == 1',
    for: '5m',
    severity: 'page',
    summary:
      'Nothing is taken from topic {{ $labels.topic }} of another program, or written to it, any more.',
    mend: 'Read in the log why it stopped, mend that, and start the process again: it goes on where it was.',
  },
  {
    name: 'ForewarnForeignTopicLag',
    expr: 'sum by (topic) (forewarn_kafka_source_lag_records) > 10000 and sum by (topic) (deriv(forewarn_kafka_source_lag_records[5m])) > 0',
    for: '10m',
    severity: 'ticket',
    summary:
      'Topic {{ $labels.topic }} has {{ $value | humanize }} records not taken yet, and more every minute.',
    mend: 'See whether it is held by a broker or a registry, and what the tasks behind it wait for.',
  },
  {
    name: 'ForewarnApprovalsWaiting',
    expr: 'forewarn_approvals_waiting > 20',
    for: '15m',
    severity: 'ticket',
    summary: '{{ $value }} actions wait for a person.',
    mend: 'Decide them on the page, or change the playbooks that ask so often.',
  },
];

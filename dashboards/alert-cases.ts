/** Its labels, and its summary with the value filled in. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A stretch of time as promtool writes it, what it must make fire, and nothing else. */
export interface AlertCase {
  readonly name: string;
  /** Samples a minute apart: `0+60x20` begins at 0 and rises by 60 twenty times. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly fires: Readonly<Record<string, Firing>>;
}

const accepted = 'forewarn_records_total{pipeline="normalise",direction="in"}';
const undecoded = 'forewarn_dead_letters_total{stage="decode",code="FW401"}';
const givenUp = 'forewarn_dead_letters_total{stage="sink",code="FW720"}';
const model = (answered: string): string =>
  `forewarn_scores_total{model="late-delivery",answered="${answered}"}`;
const sent = 'forewarn_actions_total{type="notify_customer",state="sent"}';
const failed = 'forewarn_actions_total{type="notify_customer",state="failed"}';
const watch = 'forewarn_task_lag_records{pipeline="watch"}';
const watermark = 'forewarn_watermark_lag_seconds{pipeline="watch"}';
const table = 'forewarn_clickhouse_lag_records{table="exceptions"}';
const foreign = 'forewarn_kafka_source_state{topic="orders",state="stopped"}';
const foreignHeld = 'forewarn_kafka_source_state{topic="orders",state="held"}';
const foreignSink = 'forewarn_kafka_sink_stopped{topic="alerts"}';
const foreignLag = 'forewarn_kafka_source_lag_records{topic="orders",partition="0"}';
const up = 'up{job="forewarn",instance="here:8080"}';

export const alertCases: readonly AlertCase[] = [
  {
    name: 'a calm day',
    at: '30m',
    series: {
      [up]: '1x40',
      [accepted]: '0+6000x40',
      [undecoded]: '0+6x40',
      [watermark]: '3x40',
      [watch]: '20x40',
      [model('model')]: '0+600x40',
      [model('fallback')]: '0+1x40',
      [table]: '500x40',
      [sent]: '0+60x40',
      [failed]: '0+1x40',
      [givenUp]: '3x40',
      [foreign]: '0x40',
      [foreignHeld]: '1x40',
      [foreignSink]: '0x40',
      [foreignLag]: '900x40',
      forewarn_approvals_waiting: '4x40',
    },
    fires: {},
  },
  {
    name: 'a burst that is worked off',
    at: '30m',
    series: { [watch]: '200000-5000x40', [watermark]: '7200-60x40', [table]: '400000-5000x40' },
    fires: {},
  },
  {
    name: 'everything at once',
    at: '30m',
    series: {
      [up]: '1x10 0x30',
      [accepted]: '0+6000x40',
      [undecoded]: '0+120x40',
      [watermark]: '1000+120x40',
      [watch]: '40000+2000x40',
      [model('model')]: '0+90x40',
      [model('fallback')]: '0+10x40',
      [table]: '90000+5000x40',
      [sent]: '0+80x40',
      [failed]: '0+20x40',
      [givenUp]: '0+4x40',
      [foreign]: '0x10 1x30',
      [foreignSink]: '0x40',
      [foreignLag]: '9000+300x40',
      forewarn_approvals_waiting: '25x40',
    },
    fires: {
      ForewarnDown: {
        labels: { job: 'forewarn', instance: 'here:8080' },
        summary: 'Prometheus cannot scrape Forewarn at here:8080.',
      },
      ForewarnDeadLetters: {
        labels: { stage: 'decode' },
        summary: '2 records a second go to dead letters in stage decode, more than 1 % of what comes in.',
      },
      ForewarnWatermarkStuck: {
        labels: { pipeline: 'watch' },
        summary: 'The watermark of watch is 1h 16m 40s behind and falls further.',
      },
      ForewarnTaskLag: {
        labels: { pipeline: 'watch' },
        summary: 'watch has 100k records not read yet, and more every minute.',
      },
      ForewarnScoringFallback: {
        labels: { model: 'late-delivery' },
        summary: '10% of the scores of late-delivery come from the fallback rule.',
      },
      ForewarnClickHouseLag: {
        labels: { table: 'exceptions' },
        summary: 'Table exceptions lacks 240k records, and more every minute.',
      },
      ForewarnActionsFail: { labels: {}, summary: '20% of the actions failed or stayed without an answer.' },
      ForewarnActionsFailing: {
        labels: {},
        summary: '60 actions used up their attempts in 15 minutes and were not delivered.',
      },
      ForewarnForeignTopicStopped: {
        labels: { topic: 'orders' },
        summary: 'Nothing is taken from topic orders of another program, or written to it, any more.',
      },
      ForewarnForeignTopicLag: {
        labels: { topic: 'orders' },
        summary: 'Topic orders has 18k records not taken yet, and more every minute.',
      },
      ForewarnApprovalsWaiting: { labels: {}, summary: '25 actions wait for a person.' },
    },
  },
  {
    name: 'nothing comes in and nothing is decided: no division by zero fires',
    at: '30m',
    series: {
      [accepted]: '100x40',
      [undecoded]: '5x40',
      [model('model')]: '7x40',
      [model('fallback')]: '7x40',
      [sent]: '3x40',
      [failed]: '3x40',
    },
    fires: {},
  },
];

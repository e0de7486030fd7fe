import { stringify } from 'yaml';
import { alertCases, type Firing } from './alert-cases.ts';
import { type Alert, alerts } from './alerts.ts';
import { exceptionsDashboard } from './exceptions.ts';
import { modelsDashboard } from './models.ts';
import { pipelineDashboard } from './pipeline.ts';

const head = '# Written by dashboards/generate.ts: change the code, not this file.\n';
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const yaml = (value: unknown): string => head + stringify(value, { lineWidth: 0 });

/** Every file of `dashboards/generated/` by its name. */
export const renderAll = (): ReadonlyMap<string, string> =>
  new Map([
    ['pipeline.json', json(pipelineDashboard())],
    ['exceptions.json', json(exceptionsDashboard())],
    ['models.json', json(modelsDashboard())],
    ['alerts.yml', yaml(ruleFile())],
    ['alerts.test.yml', yaml(testFile())],
  ]);

const ruleFile = () => ({
  groups: [
    {
      name: 'forewarn',
      rules: alerts.map(({ name, expr, for: held, severity, summary, mend }) => ({
        alert: name,
        expr,
        for: held,
        labels: { severity },
        annotations: { summary, description: mend },
      })),
    },
  ],
});

/** For `promtool test rules`: every case is asked about every alert, so silence is checked too. */
const testFile = () => ({
  rule_files: ['alerts.yml'],
  evaluation_interval: '1m',
  tests: alertCases.map(({ name, series, at, fires }) => ({
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([metric, values]) => ({ series: metric, values })),
    alert_rule_test: alerts.map((alert) => ({
      eval_time: at,
      alertname: alert.name,
      exp_alerts: expected(alert, fires[alert.name]),
    })),
  })),
});

const expected = (alert: Alert, firing: Firing | undefined) =>
  firing === undefined
    ? []
    : [
        {
          exp_labels: { severity: alert.severity, ...firing.labels },
          exp_annotations: { summary: firing.summary, description: alert.mend },
        },
      ];

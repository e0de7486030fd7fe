import {
  type Dashboard,
  DashboardBuilder,
  DatasourceVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelOf } from './panels.ts';

export interface DashboardWords {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly sources: readonly ('prometheus' | 'clickhouse')[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelOf[] }[];
}

const typeOf = { prometheus: 'prometheus', clickhouse: 'grafana-clickhouse-datasource' } as const;

/** Rows of panels, numbered from 1 in reading order: the same code gives the same JSON. */
export const dashboardOf = (words: DashboardWords): Dashboard => {
  const dashboard = new DashboardBuilder(words.title)
    .uid(words.uid)
    .description(words.description)
    .tags(['forewarn'])
    .timezone('browser')
    .refresh('10s')
    .time({ from: 'now-30m', to: 'now' });
  for (const source of words.sources) {
    dashboard.withVariable(
      new DatasourceVariableBuilder(source)
        .label(source === 'prometheus' ? 'Prometheus' : 'ClickHouse')
        .type(typeOf[source]),
    );
  }
  let id = 0;
  for (const { title, panels } of words.rows) {
    id += 1;
    dashboard.withRow(new RowBuilder(title).id(id));
    for (const panel of panels) {
      id += 1;
      dashboard.withPanel(panel(id));
    }
  }
  return dashboard.build();
};

/** Chosen in Grafana by two variables of the dashboard, so that the same JSON fits every installation. */
export const prometheusSource = { type: 'prometheus', uid: '${prometheus}' } as const;
export const clickhouseSource = { type: 'grafana-clickhouse-datasource', uid: '${clickhouse}' } as const;

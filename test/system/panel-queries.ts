import { z } from 'zod';

const target = z.object({
  refId: z.string(),
  expr: z.string().optional(),
  instant: z.boolean().optional(),
  rawSql: z.string().optional(),
  datasource: z.object({ type: z.string() }),
});
const panel = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string(),
  description: z.string().optional(),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string().optional() }) }).optional(),
  targets: z.array(target).optional(),
});
const dashboard = z.object({ title: z.string(), panels: z.array(panel) });

export interface PanelQuery {
  /** Where it stands: `Forewarn: pipeline / Records in / A`. */
  readonly place: string;
  readonly language: 'promql' | 'sql';
  readonly text: string;
  readonly instant: boolean;
}

export const parseDashboard = (json: string): z.infer<typeof dashboard> => dashboard.parse(JSON.parse(json));

/** Every query of a dashboard as Grafana would read it from the JSON. */
export const queriesOf = (json: string): readonly PanelQuery[] => {
  const { title, panels } = parseDashboard(json);
  return panels.flatMap((each) =>
    (each.targets ?? []).map(({ refId, expr, rawSql, instant }) => ({
      place: `${title} / ${each.title} / ${refId}`,
      language: expr === undefined ? ('sql' as const) : ('promql' as const),
      text: expr ?? rawSql ?? '',
      instant: instant === true,
    })),
  );
};

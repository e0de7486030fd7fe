import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Query, Shape } from './queries.ts';

/** Everything a panel must say about itself; none is drawn without a unit and a sentence of meaning. */
export interface PanelWords {
  readonly title: string;
  /** Grafana's id of a unit: `s`, `bytes`, `reqps`, `percentunit`, `short`. */
  readonly unit: string;
  /** One sentence: what it shows, and what to do about it where that is plain. */
  readonly description: string;
  readonly queries: readonly Query[];
  /** Columns of 24. */
  readonly width?: number;
}

/** A panel that waits for its number in the dashboard. */
export type PanelOf = (id: number) => Builder<Panel>;

const refIds = 'ABCDEFGH';
const targets = (queries: readonly Query[], shape: Shape) =>
  queries.map((query, index) => query(refIds.charAt(index), shape));

/** One number, large. */
export const figure =
  (words: PanelWords): PanelOf =>
  (id) =>
    new Stat()
      .id(id)
      .title(words.title)
      .description(words.description)
      .unit(words.unit)
      .span(words.width ?? 4)
      .height(4)
      .targets(targets(words.queries, 'number'))
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
      .colorMode(BigValueColorMode.None)
      .graphMode(BigValueGraphMode.None);

const lines = (id: number, words: PanelWords): TimeSeries =>
  new TimeSeries()
    .id(id)
    .title(words.title)
    .description(words.description)
    .unit(words.unit)
    .span(words.width ?? 8)
    .height(8)
    .min(0)
    .lineWidth(2)
    .showPoints(VisibilityMode.Never)
    .targets(targets(words.queries, 'line'))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    );

/** Lines over time. */
export const chart =
  (words: PanelWords): PanelOf =>
  (id) =>
    lines(id, words);

/** Parts of a whole over time, one on the other. */
export const stacked =
  (words: PanelWords): PanelOf =>
  (id) =>
    lines(id, words)
      .fillOpacity(40)
      .lineWidth(1)
      .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));

export const table =
  (words: PanelWords): PanelOf =>
  (id) =>
    new Table()
      .id(id)
      .title(words.title)
      .description(words.description)
      .unit(words.unit)
      .span(words.width ?? 12)
      .height(9)
      .targets(targets(words.queries, 'table'));

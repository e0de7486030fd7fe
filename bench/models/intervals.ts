import { featureNames } from '../../domain/features.ts';
import { intervalQuality } from '../../models/interval-quality.ts';
import { predict } from '../../models/predict.ts';
import { trainEta } from '../../models/training/train-eta.ts';
import { matrixOf } from '../../models/training/training-rows.ts';
import type { Cell, Table } from '../table.ts';
import type { Cargo2000 } from './cargo2000.ts';

const stageColumn = featureNames.indexOf('last_kind');

/** How often the interval of the minutes late holds on the later shipments, by stage, as trained and conformalised. */
export const intervalTable = ({ learned, judged }: Cargo2000): Table => {
  const rows = learned.map((row) => ({ ...row, label: row.lateMin }));
  const { model } = trainEta(rows, { stageColumn });
  const stages = [...new Set(judged.flatMap((row) => row.stages))];
  const cells = stages.map((stage): Cell[] => {
    const of = judged.filter((row) => row.stages.includes(stage));
    const labels = of.map(({ lateMin }) => lateMin);
    const [raw, moved] = [{ ...model, conformal: null }, model].map((one) =>
      intervalQuality(labels, predict(one, matrixOf(of), of.length), model.levels),
    );
    return [
      stage,
      of.length,
      raw!.wanted,
      raw!.coverage,
      moved!.coverage,
      raw!.width / 60,
      moved!.width / 60,
      moved!.pinball[1]! * 2,
    ];
  });
  return {
    title: 'Cargo 2000: minutes late as an interval from the .1 to the .9 quantile',
    columns: [
      { name: 'stage' },
      { name: 'rows' },
      { name: 'wanted', digits: 2 },
      { name: 'holds, as trained', digits: 3 },
      { name: 'holds, conformal', digits: 3 },
      { name: 'hours wide, as trained', digits: 1 },
      { name: 'hours wide, conformal', digits: 1 },
      { name: 'median off by min', digits: 0 },
    ],
    rows: cells,
  };
};

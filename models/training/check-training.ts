import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { BoostOptions, TrainingData } from './boost.ts';
import type { Task, TrainOptions } from './train.ts';

/** Throws FW606 with the first thing that does not fit: a model trained on nonsense looks like any other. */
export const checkTraining = (data: TrainingData, options: BoostOptions & TrainOptions & Task): void => {
  for (const { is, must } of [...sizes(data), ...settings(options), ...columnsOf(data, options)]) {
    if (!is) throw unfit(must);
  }
  checkLabels(data, options);
};

interface Rule {
  readonly is: boolean;
  readonly must: string;
}

const sizes = ({ matrix, rows, columns, labels, weights }: TrainingData): Rule[] => [
  { is: rows > 0 && columns > 0, must: `${rows} rows of ${columns} columns: there must be some` },
  { is: rows < 2 ** 23, must: `${rows} rows: histograms are exact up to 8 million; take a sample` },
  {
    is: matrix.length >= rows * columns,
    must: `a matrix of ${matrix.length} numbers: it must hold ${rows} rows of ${columns}`,
  },
  { is: labels.length === rows, must: `${labels.length} labels: there must be one for each of ${rows} rows` },
  {
    is: weights === undefined || weights.length === rows,
    must: `${weights?.length} weights: there must be one for each of ${rows} rows`,
  },
];

const settings = (options: BoostOptions & Task): Rule[] => {
  const share = (name: 'featureFraction' | 'baggingFraction'): Rule => ({
    is: options[name] > 0 && options[name] <= 1,
    must: `${name} ${options[name]}: it must be above 0 and at most 1`,
  });
  const atLeast = (name: 'trees' | 'maxLeaves' | 'lambda' | 'minHessian', least: number): Rule => ({
    is: options[name] >= least,
    must: `${name} ${options[name]}: it must be at least ${least}`,
  });
  return [
    share('featureFraction'),
    share('baggingFraction'),
    atLeast('trees', 1),
    atLeast('maxLeaves', 2),
    atLeast('lambda', 0),
    atLeast('minHessian', 0),
    { is: options.learningRate > 0, must: `learningRate ${options.learningRate}: it must be above 0` },
    {
      is: options.validateFrom === undefined || options.validateFrom >= 1,
      must: `validateFrom ${options.validateFrom}: it must leave a row to learn from`,
    },
    ...taskRules(options),
  ];
};

const taskRules = (task: Task): Rule[] => {
  if (task.objective === 'binary') return [];
  if (task.objective === 'multiclass') {
    const { length } = task.classes;
    return [{ is: length >= 2, must: `${length} classes: there must be two or more` }];
  }
  const rise = task.levels.every((level, index) => level > (task.levels[index - 1] ?? 0) && level < 1);
  return [
    {
      is: rise && task.levels.length > 0,
      must: `levels ${task.levels.join(', ')}: they must rise between 0 and 1`,
    },
  ];
};

const columnsOf = ({ columns }: TrainingData, options: TrainOptions & Task): Rule[] => [
  {
    is: options.monotone === undefined || options.monotone.length === columns,
    must: `monotone has ${options.monotone?.length} columns: there must be ${columns}`,
  },
  {
    is: options.objective !== 'multiclass' || !options.monotone?.some((direction) => direction !== 0),
    must: 'monotone columns: a share of several classes cannot keep to a direction; leave them out',
  },
  ...(options.categorical ?? []).flatMap(({ column, encode }): Rule[] => [
    {
      is: Number.isInteger(column) && column >= 0 && column < columns,
      must: `categorical column ${column}: there are columns 0 to ${columns - 1}`,
    },
    {
      is: (options.monotone?.[column] ?? 0) === 0,
      must: `column ${column} is categorical and monotone: codes have no order; leave one out`,
    },
    {
      is: encode === 'frequency' || options.objective !== 'multiclass',
      must: `categorical column ${column} by target: the number of a class has no mean; encode by frequency`,
    },
  ]),
];

const checkLabels = (
  { labels, weights, rows }: TrainingData,
  { classWeights, ...task }: TrainOptions & Task,
): void => {
  const classes =
    task.objective === 'binary' ? 2 : task.objective === 'multiclass' ? task.classes.length : null;
  if (classWeights !== undefined && classes === null) {
    throw unfit('class weights of a quantile: there are no classes; give weights by row');
  }
  if (Array.isArray(classWeights) && classWeights.length !== classes) {
    throw unfit(`${classWeights.length} class weights: there must be ${classes}`);
  }
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    const fits =
      classes === null ? Number.isFinite(label) : Number.isInteger(label) && label >= 0 && label < classes;
    const wanted = classes === null ? 'finite' : `a whole number from 0 to ${classes - 1}`;
    if (!fits) throw unfit(`label ${label} in row ${row}: it must be ${wanted}`);
    const weight = weights?.[row] ?? 1;
    if (!(weight >= 0 && weight < Infinity))
      throw unfit(`weight ${weight} in row ${row}: it must be 0 or more`);
  }
};

const unfit = (must: string): ForewarnError => new ForewarnError('FW606', `training: ${must}.`);

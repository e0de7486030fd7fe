import { softplus } from '../softplus.ts';
import type { Objective } from './objective.ts';

/** Log-loss of labels 0 and 1; the score is log-odds. */
export const binaryObjective: Objective = {
  heads: 1,

  // Half a row of each label keeps it finite when all labels are the same.
  start: (labels, weights) => {
    let ones = 0.5;
    let all = 1;
    for (let row = 0; row < labels.length; row++) {
      ones += labels[row]! * weights[row]!;
      all += weights[row]!;
    }
    return [Math.log(ones / (all - ones))];
  },

  derive: ([scores], labels, weights, [gradients], [hessians]) => {
    for (let row = 0; row < gradients!.length; row++) {
      const probability = 1 / (1 + Math.exp(-scores![row]!));
      const weight = weights[row]!;
      gradients![row] = (probability - labels[row]!) * weight;
      hessians![row] = probability * (1 - probability) * weight;
    }
  },

  loss: ([scores], labels, weights, from) => {
    let sum = 0;
    let all = 0;
    for (let row = from; row < labels.length; row++) {
      const score = labels[row] === 1 ? -scores![row]! : scores![row]!;
      sum += weights[row]! * softplus(score);
      all += weights[row]!;
    }
    return sum / all;
  },
};

import type { Objective } from './objective.ts';

/** Log-loss over labels 0 to `classes − 1`; the scores are logits, of which softmax makes probabilities. */
export const multiclassObjective = (classes: number): Objective => {
  // As LightGBM: softmax has one degree of freedom less than it has heads.
  const curvature = classes / (classes - 1);
  const probabilities = new Float64Array(classes);
  return {
    heads: classes,

    start: (labels, weights) => {
      const byClass = new Float64Array(classes).fill(0.5);
      for (let row = 0; row < labels.length; row++) byClass[labels[row]!]! += weights[row]!;
      const all = byClass.reduce((sum, weight) => sum + weight, 0);
      return Array.from(byClass, (weight) => Math.log(weight / all));
    },

    derive: (scores, labels, weights, gradients, hessians) => {
      for (let row = 0; row < gradients[0]!.length; row++) {
        softmaxAt(scores, row, probabilities);
        const weight = weights[row]!;
        for (let head = 0; head < classes; head++) {
          const probability = probabilities[head]!;
          gradients[head]![row] = (probability - (labels[row] === head ? 1 : 0)) * weight;
          hessians[head]![row] = curvature * probability * (1 - probability) * weight;
        }
      }
    },

    loss: (scores, labels, weights, from) => {
      let sum = 0;
      let all = 0;
      for (let row = from; row < labels.length; row++) {
        softmaxAt(scores, row, probabilities);
        sum -= weights[row]! * Math.log(Math.max(probabilities[labels[row]!]!, 1e-15));
        all += weights[row]!;
      }
      return sum / all;
    },
  };
};

const softmaxAt = (scores: readonly Float64Array[], row: number, into: Float64Array): void => {
  let highest = -Infinity;
  for (const head of scores) highest = Math.max(highest, head[row]!);
  let sum = 0;
  for (let head = 0; head < into.length; head++) sum += into[head] = Math.exp(scores[head]![row]! - highest);
  for (let head = 0; head < into.length; head++) into[head]! /= sum;
};

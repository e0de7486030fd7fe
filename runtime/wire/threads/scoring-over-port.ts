import type { MessagePort } from 'node:worker_threads';
import { ForewarnError } from '../../forewarn-error.ts';
import type { ScorerService } from '../../scorer-service.ts';
import { callsOver } from '../../threads/calls.ts';
import type { Scoring } from '../start-scoring.ts';

/** What is known of a scorer without asking it. */
export interface ScorerFacts extends Pick<ScorerService, 'modelVersion' | 'threshold' | 'columns'> {
  readonly model: string;
  readonly hasShadow: boolean;
  readonly explains: boolean;
}

interface ScoringMethods {
  score: ScorerService['score'];
  shadow: NonNullable<ScorerService['shadow']>;
  explain: NonNullable<ScorerService['explain']>;
}

interface FactsMethods {
  changed(facts: ScorerFacts): void;
}

const factsOf = (scoring: Pick<Scoring, 'service'>, model: string): ScorerFacts => {
  const { modelVersion, threshold, columns, shadow, explain } = scoring.service(model);
  const hasShadow = shadow !== undefined;
  return { model, modelVersion, threshold, columns, hasShadow, explains: explain !== undefined };
};

/** A service that has what is asked for, though it may have gone since whoever asks was told of it. */
const there = <T>(service: T | undefined): T => {
  if (service === undefined) throw new ForewarnError('FW603', 'what was to answer is not in force any more');
  return service;
};

/**
 * Lets a thread score with what scores here: models are loaded once in a process, and one place counts. Answers what the
 * thread begins with; it is told when others come into force.
 */
export const serveScoring = (
  port: MessagePort,
  scoring: Pick<Scoring, 'service' | 'onReload'>,
  model: string,
): ScorerFacts => {
  const methods: ScoringMethods = {
    score: (matrix, rows, versions) => scoring.service(model).score(matrix, rows, versions),
    shadow: (matrix, rows) => there(scoring.service(model).shadow)(matrix, rows),
    explain: (features, version) => there(scoring.service(model).explain)(features, version),
  };
  const calls = callsOver<FactsMethods>(port, methods);
  const stop = scoring.onReload(() => calls.tell('changed', factsOf(scoring, model)));
  port.once('close', stop);
  return factsOf(scoring, model);
};

/** The scorer of another thread. */
export const scorerOver = (port: MessagePort, first: ScorerFacts): ((model: string) => ScorerService) => {
  let facts = first;
  const methods: FactsMethods = {
    changed: (now) => {
      facts = now;
    },
  };
  const calls = callsOver<ScoringMethods>(port, methods);
  return (model) => {
    if (model !== facts.model)
      throw new TypeError(`model "${model}" is not the one that is served here, "${facts.model}"`);
    const { modelVersion, threshold, columns, hasShadow, explains } = facts;
    return {
      modelVersion,
      threshold,
      columns,
      score: (matrix, rows, versions) => calls.ask('score', matrix, rows, versions),
      ...(hasShadow
        ? { shadow: (matrix: Float32Array, rows: number) => calls.ask('shadow', matrix, rows) }
        : {}),
      ...(explains
        ? {
            explain: (features: Float32Array, version: string) => calls.ask('explain', features, version),
          }
        : {}),
    };
  };
};

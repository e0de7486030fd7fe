import { readFileSync } from 'node:fs';
import { Piscina } from 'piscina';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { createScorer } from '../scoring/create-scorer.ts';
import { widthOf } from '../scoring/worker-models.ts';
import { type Signature } from '../signature.ts';
import { workerUrl } from '../worker-url.ts';
import { fitOf } from './graph-faults.ts';
import type { Inspected } from './inspect-worker.ts';
import type { OwnSignature } from './own-signature.ts';
import { columnsOnThresholds } from './threshold-trap.ts';

export interface CheckedModel {
  /** Name of the graph's input. */
  readonly input: string;
  /** Largest distance of what it says of the golden rows from what it should. */
  readonly distance: number;
  /** Golden rows with a value that lies on a threshold: without any, a rounded threshold goes unseen. */
  readonly rowsOnThresholds: number;
}

/**
 * Opens a model file in a thread, compares what its graph takes and gives with its signature, and lets it score the golden
 * rows as it would be served. Throws FW611 for the graph and FW612 for the rows; each says what differs and the mend.
 */
export const checkOwnModel = async (modelPath: string, own: OwnSignature): Promise<CheckedModel> => {
  const fit = fitOf(await inspect(modelPath), own);
  if ('fault' in fit) throw new ForewarnError('FW611', `${modelPath}: ${fit.fault}`);
  const { rows, expected, tolerance } = own.golden;
  const output = own.outputs.findIndex(({ name }) => name === (own.golden.output ?? own.outputs[0]!.name));
  const width = widthOf(own.outputs[output]!);
  const told = await scoreRows(modelPath, own, fit.input, output);
  const onThresholds = columnsOnThresholds(readFileSync(modelPath));
  let distance = 0;
  for (const [row, wanted] of expected.entries()) {
    for (const [at, one] of [wanted].flat().entries()) {
      const said = told[row * width + at]!;
      const away = Math.abs(said - one);
      if (!(away <= tolerance))
        throw new ForewarnError(
          'FW612',
          `${modelPath}: golden row ${row}: it says ${said}, and ${one} is expected; ${mendOf(onThresholds(rows[row]!), own)}`,
        );
      distance = Math.max(distance, away);
    }
  }
  return {
    input: fit.input,
    distance,
    rowsOnThresholds: rows.filter((row) => onThresholds(row).length > 0).length,
  };
};

const mendOf = (columns: readonly number[], { features, origin }: OwnSignature): string =>
  columns.length > 0
    ? `${columns.map((column) => `"${features[column]}"`).join(', ')} lies exactly on a threshold of its trees, which ${origin === 'other' ? 'the library' : origin} trained in float64 and the converter rounded: round thresholds down to float32 before converting (docs/models-serving.md)`
    : 'check the order of the features, the kind of the output and its calibration, or score the golden rows again with the model that was converted';

const inspect = async (modelPath: string): Promise<Inspected> => {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const pool = new Piscina<string, Inspected>({
    filename: workerUrl(import.meta.url, 'inspect-worker').href,
    minThreads: 1,
    maxThreads: 1,
  });
  try {
    return await pool.run(modelPath);
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    throw new ForewarnError(
      'FW611',
      `${modelPath}: it cannot be opened: ${why}; convert it again, for an ONNX version that onnxruntime knows`,
      { cause },
    );
  } finally {
    await pool.destroy();
  }
};

/** What the output says of the golden rows, by the same code that serves it. */
const scoreRows = async (
  modelPath: string,
  own: OwnSignature,
  input: string,
  output: number,
): Promise<Float32Array> => {
  const { features, golden } = own;
  const signature: Signature = {
    model: own.model,
    version: 'new',
    origin: own.origin,
    features: features.map((name) => ({ name, type: 'float32' })),
    input,
    outputs: own.outputs,
    calibration: own.calibration,
    threshold: own.threshold,
    sha256: '0'.repeat(64),
  };
  const scorer = await createScorer({
    models: [{ modelPath, signature }],
    columns: features,
    timeoutMs: 60_000,
  });
  try {
    const scores = await scorer.score(Float32Array.from(golden.rows.flat()), golden.rows.length);
    return scores[0]![output]!;
  } finally {
    await scorer.close();
  }
};

import * as ort from 'onnxruntime-node';
import { sessionOptions } from '../../models/scoring/open-model.ts';
import { randomMatrix } from './random-matrix.ts';
import { measureLoop } from './measure-loop.ts';

/** `node run-raw.js <model.onnx> <input> <output> <columns> <batch> <ms>`: bare `session.run` in a loop, on one thread. */
const [modelPath, input, output, ...numbers] = process.argv.slice(2);
const [columns, batch, ms] = numbers.map(Number);

const session = await ort.InferenceSession.create(modelPath!, sessionOptions);
const matrix = randomMatrix(batch!, columns!);
const once = async (): Promise<void> => {
  const tensor = new ort.Tensor('float32', matrix, [batch!, columns!]);
  await session.run({ [input!]: tensor }, [output!]);
};
console.log(JSON.stringify(await measureLoop(once, { rows: batch!, ms: ms!, outstanding: 1 })));

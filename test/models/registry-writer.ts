import { modelRegistry } from '../../models/registry.ts';
import { train } from '../../models/training/train.ts';
import { noisyRows } from './training/noisy-rows.ts';

/** Publishes and decides without end, until somebody kills it: `node registry-writer.ts <folder> <round>`. */
const [folder = '', round = '0'] = process.argv.slice(2);
const registry = modelRegistry(folder);
const { matrix, labels, rows, columns } = noisyRows(200, 5);

for (let step = 0; ; step++) {
  const trained = train(
    { matrix, rows, columns, labels },
    { objective: 'binary', trees: 1 + (step % 7), seed: Number(round) * 1_000 + step, baggingFraction: 0.7 },
  );
  const version = await registry.publish('late', {
    trained,
    features: ['a', 'b', 'c', 'd', 'e'],
    threshold: 0.5,
    card: { round, step },
  });
  if (step === 0) console.log('writing');
  for (const kind of ['challenged', 'promoted'] as const)
    await registry.decide({
      model: 'late',
      version,
      kind,
      at: step,
      by: 'test',
      reason: 'because',
      numbers: { step },
    });
}

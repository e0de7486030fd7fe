import { expect, it } from 'vitest';
import { chunkToken, decodeMirrorState, encodeMirrorState } from '../../../sinks/clickhouse/mirror-state.ts';

it('reads what was written before there were rewinds, and writes it the same', () => {
  const old = new TextEncoder().encode('{"format":1,"next":3,"sealedTo":9,"epoch":4}');
  const state = decodeMirrorState('mirror/exceptions/0', old);
  expect(state).toEqual({ next: 3, sealedTo: 9, more: [], epoch: 4, generation: 0 });
  expect(encodeMirrorState(state)).toEqual(old);
});

it('keeps the generation, and gives the same offsets another token in another one', () => {
  const state = { next: 3, sealedTo: 9, more: [12, 15], epoch: 4, generation: 2 };
  expect(decodeMirrorState('mirror/exceptions/0', encodeMirrorState(state))).toEqual(state);
  const tokens = [0, 1, 2].map((generation) => chunkToken('exceptions', 0, 3, 9, generation));
  expect(tokens).toEqual([
    'mirror|exceptions|0|3-9',
    'mirror|exceptions|0|g1|3-9',
    'mirror|exceptions|0|g2|3-9',
  ]);
});

import type { Part } from './part.ts';
import { runTests } from './random-runs.ts';

const WORLDS = 200;
const SHIPMENTS = 4_000;

/** The coverage of the intervals in other and larger worlds than those of the tests. */
export const effects: Part = {
  name: 'effects',
  about: `95 % intervals of effects against the truth of ${WORLDS} worlds of ${SHIPMENTS} shipments`,
  run: (print) =>
    runTests(
      'test/models/effect/coverage.test.ts',
      {
        FOREWARN_EFFECT_WORLDS: String(WORLDS),
        FOREWARN_EFFECT_SHIPMENTS: String(SHIPMENTS),
        FOREWARN_EFFECT_FIRST: '2001',
      },
      print,
    ),
};

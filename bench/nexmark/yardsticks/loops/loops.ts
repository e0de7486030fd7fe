import { q0 } from './q0.ts';
import { q1 } from './q1.ts';
import { q11 } from './q11.ts';
import { q12 } from './q12.ts';
import { q16 } from './q16.ts';
import { q17 } from './q17.ts';
import { q18 } from './q18.ts';
import { q19 } from './q19.ts';
import { q2 } from './q2.ts';
import { q3 } from './q3.ts';
import { q4 } from './q4.ts';
import { q5 } from './q5.ts';
import { q7 } from './q7.ts';
import { q8 } from './q8.ts';
import { qij } from './qij.ts';
import type { QueryName } from '../../queries.ts';
import type { MakeLoop } from './loop.ts';

export const loops: Readonly<Record<QueryName, MakeLoop>> = {
  q0,
  q1,
  q2,
  q3,
  q4,
  q5,
  q7,
  q8,
  q11,
  q12,
  q16,
  q17,
  q18,
  q19,
  qij,
};

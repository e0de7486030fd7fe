import { verdictOnGroup, type GroupAnswer } from '../../../../domain/edi-answer.ts';
import { exactly } from './element.ts';
import { interchangeOf } from './envelope.ts';
import type { X12Partner } from './partner.ts';

/**
 * X12 997 (Functional Acknowledgment) of one group: AK1, for each set AK2 and AK5, AK9 with how many sets came and how many
 * of them were accepted, with errors or without. It says what became of the syntax; that a date lies in the future is
 * nothing that a 997 can say. FW716 when a control number cannot be carried.
 */
export const write997 = (partner: X12Partner, answer: GroupAnswer, control: number, atMs: number): string => {
  const { functionalGroup, sets } = answer;
  const accepted = sets.filter(({ verdict }) => verdict !== 'R').length;
  return interchangeOf(
    partner,
    {
      functionalGroup: 'FA',
      id: '997',
      segments: [
        [
          'AK1',
          exactly(partner, 'group identifier', functionalGroup, 2),
          exactly(partner, 'group control number', answer.control, 9),
        ],
        ...sets.flatMap((one) => [
          [
            'AK2',
            exactly(partner, 'transaction set', one.set, 3),
            exactly(partner, 'control number', one.control, 9),
          ],
          ['AK5', one.verdict, ...one.reasons.slice(0, 5)],
        ]),
        ['AK9', verdictOnGroup(answer), String(sets.length), String(sets.length), String(accepted)],
      ],
    },
    control,
    atMs,
  );
};

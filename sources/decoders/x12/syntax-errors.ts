import type { SegmentError } from '../../../domain/edi-answer.ts';
import type { Transaction } from './envelope-parts.ts';
import { firstOf, firstSegments } from './first-segments.ts';
import { readX12Time } from './time-codes.ts';

/** Where segments have a date (373) and its time (337), of which our events take theirs. */
const momentsOf: Readonly<Record<string, readonly { readonly date: number; readonly time: number }[]>> = {
  AT7: [{ date: 5, time: 6 }],
  BSN: [{ date: 3, time: 4 }],
  DTM: [{ date: 2, time: 3 }],
  G62: [{ date: 2, time: 4 }],
};
const DATE = '373';
const TIME = '337';

/**
 * What is wrong in the segments of a set, as a 997 says it: element 720 for a segment (1 no segment, 3 a mandatory one is
 * missing, 5 it comes too often, 6 it is of another set, 8 its elements are in error), 723 for an element (8 no date, 9 no
 * time); checked against https://stedi.com/edi/x12-006030/element/720 and https://stedi.com/edi/x12-004010/element/723. Positions count from ST, which is 1: an AT7 behind ST and B10 is 3.
 */
export const syntaxErrorsOf = ({ set, segments, element }: Transaction): readonly SegmentError[] => {
  const errors: SegmentError[] = [];
  const first = Object.hasOwn(firstOf, set) ? firstOf[set] : undefined;
  let begun = false;
  segments.forEach((raw, i) => {
    const elements = raw.split(element);
    const [segment = ''] = elements;
    const position = i + 2;
    if (!/^[A-Z][A-Z0-9]{1,2}$/.test(segment)) errors.push({ segment, position, code: '1', elements: [] });
    if (segment === first) {
      if (begun) errors.push({ segment, position, code: '5', elements: [] });
      begun = true;
    } else if (firstSegments.has(segment)) errors.push({ segment, position, code: '6', elements: [] });
    const wrong = wrongMoments(elements);
    if (wrong.length > 0) errors.push({ segment, position, code: '8', elements: wrong });
  });
  if (first !== undefined && !begun) errors.unshift({ segment: first, position: 2, code: '3', elements: [] });
  return errors;
};

const wrongMoments = (elements: readonly string[]): SegmentError['elements'] => {
  const at = (i: number): string => (elements[i] ?? '').trim();
  return (momentsOf[elements[0] ?? ''] ?? []).flatMap(({ date, time }) => {
    const [day, clock] = [at(date), at(time)];
    if (day === '' || readX12Time(day, clock) !== null) return [];
    return readX12Time(day, '') === null
      ? [{ position: date, reference: DATE, code: '8', value: day }]
      : [{ position: time, reference: TIME, code: '9', value: clock }];
  });
};

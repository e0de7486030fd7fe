import { orNull } from '../edi-text.ts';
import type { AcknowledgedError, Acknowledgement } from '../../../domain/acknowledgement.ts';

/**
 * X12 997 (Functional Acknowledgment) and 999 (Implementation Acknowledgment), read by segment:
 *
 *   AK1 group, control number · AK9 verdict on the group
 *   AK2 loop: set, control number · AK3/IK3 segment in error · AK4/IK4 element in error · AK5/IK5 verdict on the set
 *
 * Codes as https://learn.microsoft.com/biztalk/core/x12-997-acknowledgment-error-codes lists them.
 */
export interface FunctionalAcknowledgement {
  readonly functionalGroup: string;
  readonly groupControl: string;
  /** Each set that is named, in order; then the group. */
  readonly rows: readonly AcknowledgedRow[];
}

export type AcknowledgedRow = Pick<Acknowledgement, 'setControl' | 'verdict' | 'code' | 'reasons' | 'errors'>;

/** Elements 715 and 717. M, W and X are rejections for security's sake. */
const verdicts: Readonly<Record<string, Acknowledgement['verdict']>> = {
  A: 'accepted',
  E: 'accepted_with_errors',
  P: 'partly_accepted',
  R: 'rejected',
  M: 'rejected',
  W: 'rejected',
  X: 'rejected',
};

const controlOf = (value: string): string => value.replace(/^0+(?=.)/, '');
const given = (values: readonly string[]): string[] =>
  values.map((value) => value.trim()).filter((value) => value !== '');

/** The content of a transaction, or the rule that it breaks. */
export const readAcknowledgement = (
  segments: readonly string[],
  separator: string,
): FunctionalAcknowledgement | { readonly broken: string } => {
  const rows: AcknowledgedRow[] = [];
  let group: { readonly functionalGroup: string; readonly groupControl: string } | undefined;
  let set: { readonly control: string; readonly errors: AcknowledgedError[] } | undefined;
  let isClosed = false;

  for (const segment of segments) {
    const elements = segment.split(separator);
    const value = (i: number): string => (elements[i] ?? '').trim();
    const id = value(0);
    switch (id) {
      case 'AK1':
        if (group !== undefined)
          return { broken: 'it has two AK1; two acknowledgements may have run together' };
        group = { functionalGroup: value(1), groupControl: controlOf(value(2)) };
        break;
      case 'AK2':
        if (set !== undefined) return { broken: `set ${set.control} has no verdict` };
        set = { control: controlOf(value(2)), errors: [] };
        break;
      case 'AK3':
      case 'IK3':
        set?.errors.push({
          segment: value(1),
          position: /^\d+$/.test(value(2)) ? Number(value(2)) : null,
          loop: orNull(value(3)),
          segmentCode: orNull(value(4)),
          element: null,
          elementCode: null,
          value: null,
        });
        break;
      case 'AK4':
      case 'IK4': {
        const last = set?.errors.at(-1);
        if (set === undefined || last === undefined)
          return { broken: `${id} stands before any segment in error` };
        set.errors.push({
          ...last,
          element: orNull(value(1)),
          elementCode: orNull(value(3)),
          value: orNull(value(4)),
        });
        break;
      }
      case 'AK5':
      case 'IK5': {
        const verdict = verdicts[value(1)];
        if (set === undefined) return { broken: `${id} stands before any AK2` };
        if (verdict === undefined) return { broken: `${id}01 is "${value(1)}", which is no verdict` };
        rows.push({
          setControl: set.control,
          verdict,
          code: value(1),
          reasons: given(elements.slice(2, 7)),
          errors: set.errors,
        });
        set = undefined;
        break;
      }
      case 'AK9': {
        const verdict = verdicts[value(1)];
        if (verdict === undefined) return { broken: `AK901 is "${value(1)}", which is no verdict` };
        rows.push({
          setControl: null,
          verdict,
          code: value(1),
          reasons: given(elements.slice(5, 10)),
          errors: [],
        });
        isClosed = true;
        break;
      }
      default:
        // CTX and what later releases add say more about an error that is kept already.
        if (!/^[A-Z][A-Z0-9]{1,2}$/.test(id))
          return { broken: `"${segment.slice(0, 40)}" is no segment; it was damaged` };
    }
  }
  if (group === undefined || group.groupControl === '')
    return { broken: 'it has no AK1 with a control number, so nothing says what it is about' };
  if (set !== undefined) return { broken: `set ${set.control} has no verdict` };
  if (!isClosed) return { broken: 'it has no AK9, so nothing says how the group was taken' };
  return { ...group, rows };
};

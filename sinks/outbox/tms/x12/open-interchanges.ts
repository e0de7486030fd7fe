import type { Acknowledgement } from '../../../../domain/acknowledgement.ts';
import type { ActionResult } from '../../../../domain/action.ts';
import { partnershipOf, type EdiInterchange } from '../../../../domain/edi-interchange.ts';

export interface Verdict {
  readonly result: 'confirmed' | 'failed';
  readonly error: string | null;
}

/** An interchange that waits for its acknowledgement. */
export interface OpenInterchange {
  readonly partnership: string;
  readonly destination: string;
  readonly control: number;
  readonly setControl: string;
  readonly actionId: string;
  readonly shipmentId: string;
  readonly exceptionId: string;
  readonly at: number;
  readonly acknowledgeBy: number;
  /** The dispatcher has said how the sending ended; a verdict that is known earlier waits for that. */
  isSent: boolean;
  verdict: Verdict | null;
}

const controlOf = (text: string): string => text.trim().replace(/^0+(?=.)/, '');

const shown = ({
  segment,
  position,
  element,
  segmentCode,
  elementCode,
}: Acknowledgement['errors'][number]): string => {
  const place = position === null ? segment : `${segment} (segment ${position})`;
  return element === null
    ? `${place}: code ${segmentCode ?? 'none'}`
    : `${place} element ${element}: code ${elementCode ?? 'none'}`;
};

const verdictOf = ({ standard, verdict, code, reasons, errors }: Acknowledgement): Verdict | null => {
  const parts = [...reasons.map((reason) => `code ${reason}`), ...errors.slice(0, 5).map(shown)];
  const told = `${standard} ${code}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
  switch (verdict) {
    case 'accepted':
      return { result: 'confirmed', error: null };
    case 'accepted_with_errors':
      return { result: 'confirmed', error: told };
    case 'rejected':
      return { result: 'failed', error: told };
    case 'partly_accepted':
      // Of a group: the sets that it names decide.
      return null;
  }
};

/** Closed ones whose further acknowledgements are no surprise. */
const REMEMBERED = 1_000;

/**
 * Joins what went out with what the partners say about it. One set of a group is named: its verdict counts; a verdict on
 * the group counts for the sets that are not named.
 */
export class OpenInterchanges {
  readonly #byControl = new Map<string, OpenInterchange>();
  readonly #byAction = new Map<string, OpenInterchange>();
  readonly #closed = new Set<string>();

  constructor(open: readonly OpenInterchange[]) {
    for (const one of open) this.#add(one);
  }

  get list(): readonly OpenInterchange[] {
    return [...this.#byControl.values()];
  }

  sent(interchange: EdiInterchange): void {
    const { acknowledgeBy, control, partnership } = interchange;
    if (acknowledgeBy === null || this.#byControl.has(`${partnership} ${control}`)) return;
    this.#add({
      partnership,
      destination: interchange.destination,
      control,
      setControl: interchange.setControl,
      actionId: interchange.actionId,
      shipmentId: interchange.shipmentId,
      exceptionId: interchange.exceptionId,
      at: interchange.at,
      acknowledgeBy,
      isSent: false,
      verdict: null,
    });
  }

  /** The dispatcher has found out how it ended; what was certainly not received is acknowledged by nobody. */
  ended({ actionId, result }: ActionResult): OpenInterchange | undefined {
    const one = this.#byAction.get(actionId);
    if (one === undefined) return undefined;
    if (result === 'failed' || result === 'expired' || result === 'suppressed') {
      this.close(one);
      return undefined;
    }
    one.isSent = true;
    return one.verdict === null ? undefined : one;
  }

  /** `unknown`: nothing of this number waits. Undefined: it says nothing new, or the dispatcher has not ended. */
  acknowledged(row: Acknowledgement): OpenInterchange | 'unknown' | undefined {
    const key = `${partnershipOf(row.receiver, row.sender)} ${controlOf(row.groupControl)}`;
    const one = this.#byControl.get(key);
    // The verdict on the group stands behind those on its sets.
    if (one === undefined) return row.setControl === null && this.#closed.has(key) ? undefined : 'unknown';
    if (row.setControl !== null && controlOf(row.setControl) !== controlOf(one.setControl)) return 'unknown';
    one.verdict ??= verdictOf(row);
    return one.verdict !== null && one.isSent ? one : undefined;
  }

  close({ partnership, control, actionId }: OpenInterchange): void {
    const key = `${partnership} ${control}`;
    this.#byControl.delete(key);
    this.#byAction.delete(actionId);
    this.#closed.add(key);
    if (this.#closed.size > REMEMBERED) this.#closed.delete(this.#closed.values().next().value!);
  }

  #add(one: OpenInterchange): void {
    this.#byControl.set(`${one.partnership} ${one.control}`, one);
    this.#byAction.set(one.actionId, one);
  }
}

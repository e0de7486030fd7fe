import { ediInterchange, type EdiInterchange } from '../../../../domain/edi-interchange.ts';
import { stableId } from '../../../../domain/stable-id.ts';
import type { Clock } from '../../../../runtime/clock.ts';
import type { Log, LogRecord } from '../../../../runtime/log/log.ts';

export const interchangesTopic = 'edi-interchanges';
const HIGHEST_CONTROL = 999_999_999;
/** Interchanges whose text is at hand for a second attempt; older ones are looked up in the log. */
const REMEMBERED = 2_000;

export interface InterchangeOrder {
  readonly partnership: string;
  readonly destination: string;
  readonly setControl: string;
  readonly action: { readonly id: string; readonly shipmentId: string; readonly exceptionId: string };
  readonly acknowledgeWithinMs: number | null;
  /** False when no attempt before this one can have taken a number. */
  readonly mayExist: boolean;
  readonly write: (control: number, atMs: number) => string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const readInterchange = (record: LogRecord): EdiInterchange =>
  ediInterchange.parse(JSON.parse(decoder.decode(record.value)));

/**
 * Gives out control numbers and writes down which action has which, before anything is sent: within a partnership each
 * number is used once and they only rise (1, 2, 3 …, after 999,999,999 from 1 again). The same action gets its own
 * interchange again, number and bytes, in this process and in the next. A number whose writing failed is skipped.
 */
export class InterchangeRegister {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #last: Map<string, number>;
  readonly #known = new Map<string, EdiInterchange>();
  #turn: Promise<unknown> = Promise.resolve();

  /** `last`: the highest number of each partnership at some point of the log; what came later is told by `recall`. */
  constructor(log: Log, clock: Clock, last: Readonly<Record<string, number>>) {
    this.#log = log;
    this.#clock = clock;
    this.#last = new Map(Object.entries(last));
  }

  get last(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#last);
  }

  recall(interchange: EdiInterchange): void {
    this.#last.set(interchange.partnership, interchange.control);
    this.#remember(interchange);
  }

  /** Resolves when it is durable. One after the other, so that numbers rise in the order of the log. */
  of(order: InterchangeOrder): Promise<EdiInterchange> {
    const next = this.#turn.then(() => this.#give(order));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #give(order: InterchangeOrder): Promise<EdiInterchange> {
    const { action, partnership } = order;
    const known = this.#known.get(action.id) ?? (order.mayExist ? await this.#find(action.id) : undefined);
    if (known !== undefined && known.partnership === partnership) return known;
    const control = ((this.#last.get(partnership) ?? 0) % HIGHEST_CONTROL) + 1;
    const now = this.#clock.now();
    const interchange: EdiInterchange = {
      id: stableId('edi-interchange', partnership, action.id),
      at: now,
      heardAt: now,
      partnership,
      destination: order.destination,
      control,
      setControl: order.setControl,
      actionId: action.id,
      shipmentId: action.shipmentId,
      exceptionId: action.exceptionId,
      acknowledgeBy: order.acknowledgeWithinMs === null ? null : now + order.acknowledgeWithinMs,
      text: order.write(control, now),
    };
    this.#last.set(partnership, control);
    const record = { key: partnership, value: encoder.encode(JSON.stringify(interchange)) };
    const appended = await this.#log.append(interchangesTopic, record, {
      documentId: `edi:${partnership}:${action.id}`,
    });
    if (!appended.duplicate) {
      this.#remember(interchange);
      return interchange;
    }
    const [first] = await this.#log.read(interchangesTopic, appended.partition, appended.offset, 1);
    if (first?.offset !== appended.offset)
      throw new Error(`the log has lost the interchange of ${action.id}`);
    return readInterchange(first);
  }

  /** In all that the log keeps: what an action that is still under way has taken is never dropped. */
  async #find(actionId: string): Promise<EdiInterchange | undefined> {
    const end = this.#log.end(interchangesTopic, 0);
    for (let next = 0; next < end;) {
      const records = await this.#log.read(interchangesTopic, 0, next);
      if (records.length === 0) return undefined;
      for (const record of records) {
        next = record.offset + 1;
        const interchange = readInterchange(record);
        if (interchange.actionId === actionId) return interchange;
      }
    }
    return undefined;
  }

  #remember(interchange: EdiInterchange): void {
    this.#known.set(interchange.actionId, interchange);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
  }
}

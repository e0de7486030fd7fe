import { partnershipOf } from '../../../../domain/edi-interchange.ts';
import type { EdiReasons } from '../../../../domain/edi-reasons.ts';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import type { Channel } from '../../channel.ts';
import type { Transport } from '../deliver-interchange.ts';
import { SET_CONTROL } from './envelope.ts';
import type { InterchangeRegister } from './interchange-register.ts';
import type { X12Partner } from './partner.ts';
import { write214 } from './write-214.ts';

export interface X12ChannelOptions {
  /** The destination's name. */
  readonly name: string;
  readonly partner: X12Partner;
  readonly reasons: EdiReasons;
  readonly register: InterchangeRegister;
  readonly transport: Transport;
  /** Null where the partner acknowledges nothing. */
  readonly acknowledgeWithinMs: number | null;
}

/**
 * Tells a partner by X12 214. Guarantee: at least once, always under the same control numbers and with the same bytes;
 * exactly once where the receiver refuses an interchange number that it has had, as X12 translators do. The number is
 * durable before anything is sent. Whether it was accepted is known only from the partner's 997 or 999.
 */
export const x12214 = (options: X12ChannelOptions): Channel => {
  const { name, partner, reasons, register, transport, acknowledgeWithinMs } = options;
  const partnership = partnershipOf(partner.sender, partner.receiver);
  return {
    deduplicates: true,
    send: async (action, { attempt, signal }) => {
      try {
        const { text, control } = await register.of({
          partnership,
          destination: name,
          setControl: SET_CONTROL,
          action,
          acknowledgeWithinMs,
          mayExist: attempt > 1,
          write: (number, at) => write214(partner, action, reasons, number, at),
        });
        const file = `214-${partner.receiver.id.replaceAll(/[^\w-]/g, '_')}-${String(control).padStart(9, '0')}`;
        return await transport.deliver(text, file, signal);
      } catch (error) {
        if (!(error instanceof ForewarnError)) throw error;
        return { kind: error.retry ? 'retry' : 'refused', error: error.message };
      }
    },
    close: () => transport.close(),
  };
};

import { describe, expect, it } from 'vitest';
import { recordOf } from '../../cli/feed-history.ts';
import { poisonedAfter } from '../../cli/poisoned-records.ts';
import { decode } from '../../sources/decoders/decode.ts';
import { decoding } from '../docs/shipped.ts';
import { at, event, hubPlan } from '../domain/sample-shipment.ts';

const documentAt = (minutes: number) =>
  recordOf({
    heardAt: at(minutes),
    source: 'test',
    contentType: 'application/x-ndjson',
    documentId: `d${minutes}`,
    text: '{}',
  });

describe('poisonedAfter', () => {
  const known = {
    plans: [
      hubPlan({ shipmentId: 'S1' }),
      hubPlan({ shipmentId: 'S2', id: 'plan-2' }),
      hubPlan({ shipmentId: 'later', heardAt: at(900) }),
    ],
    tracking: [
      event('e1', 100, { shipmentId: 'S1' }),
      event('e2', 200, { shipmentId: 'S1', status: 'delivered' }),
      event('e3', 950, { shipmentId: 'S1' }),
    ],
  };
  const records = poisonedAfter([documentAt(10), documentAt(800), documentAt(801)], known, at(800));

  it('keeps what was heard until then, and nothing of what was heard after', () => {
    expect(records.slice(0, 2).map(({ documentId }) => documentId)).toEqual(['test/d10', 'test/d800']);
    expect(records.slice(2).every(({ heardAt, key }) => heardAt > at(800) && key === 'poison')).toBe(true);
  });

  it('lies in documents that the line understands, about times of before', () => {
    const lies = records.slice(2).flatMap((record, position) =>
      decode(
        {
          source: 'poison',
          documentId: String(position),
          contentType: 'application/x-ndjson',
          heardAt: record.heardAt,
          bytes: Buffer.from(record.value),
        },
        decoding,
      ),
    );
    expect(lies.map(({ type }) => type)).toEqual(['tracking', 'tracking', 'plan', 'tracking', 'plan']);
    const values = lies.map((one) => ('value' in one ? one.value : null));
    expect(values[0]).toMatchObject({ retracts: 'e2' });
    for (const value of values) expect((value as { readonly at: number }).at).toBeLessThan(at(800));
    expect(values[2]).toMatchObject({
      shipmentId: 'S1',
      promisedAt: known.plans[0]!.promisedAt - 72_000_000,
    });
  });
});

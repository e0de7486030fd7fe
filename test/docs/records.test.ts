import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shipmentOrdersOf, unknownOrder, withAllocation, withOrder } from '../../domain/allocate-lines.ts';
import { allocation, order } from '../../domain/order.ts';
import { shipmentPlan } from '../../domain/shipment-plan.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { recordSchemas } from '../../sources/decoders/canonical/record-schemas.ts';
import { decode } from '../../sources/decoders/decode.ts';
import type { Decoded, CanonicalType } from '../../sources/decoders/decoder.ts';
import { codeBlocks, textOf } from './documents.ts';
import { decoding } from './shipped.ts';

const page = textOf('docs/records.md');
const heardAt = Date.UTC(2026, 1, 10);
const examples = readdirSync(join(packageRoot, 'docs', 'examples')).filter((name) => name.endsWith('.json'));
const decoded = (name: string): readonly Decoded[] =>
  decode(
    {
      source: 'example',
      documentId: name,
      contentType: 'application/json',
      heardAt,
      bytes: Buffer.from(textOf(`docs/examples/${name}`)),
    },
    decoding,
  );
const valueOf = (name: string): unknown => {
  const [one] = decoded(name);
  return one !== undefined && 'value' in one ? one.value : one;
};

describe('docs/records.md', () => {
  it('tells of every type of record, and of none that there is not', () => {
    const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, type]) => type);
    expect(told).toEqual(['type', ...Object.keys(recordSchemas)]);
  });

  it('sends examples that exist, as what they are', () => {
    const [block] = codeBlocks(page);
    const sent = [...(block?.text ?? '').matchAll(/@docs\/examples\/(\S+)$/gm)].map(([, name = '']) => name);
    expect(sent).toEqual(['order.json', 'allocation.json', 'directory.json', 'inquiry.json']);
    for (const name of sent) expect(page).toContain(`[\`${name}\`](examples/${name})`);
  });

  it('works out the share of a line as the line does', () => {
    const ordered = withOrder(unknownOrder, order.parse(valueOf('order.json')));
    const state = withAllocation(ordered, allocation.parse(valueOf('allocation.json')), 0);
    const { shipmentId, valueMinor } = shipmentPlan.parse(valueOf('plan.json'));
    expect(shipmentOrdersOf(state).get(shipmentId)?.lines).toMatchObject([
      { lineId: '1', quantity: 12, valueMinor: 900_000 },
      { lineId: '2', quantity: 70, valueMinor: 350_000 },
    ]);
    expect(valueMinor).toBe(900_000 + 350_000);
  });
});

describe.each(examples)('docs/examples/%s', (name) => {
  const record: Record<string, unknown> = JSON.parse(textOf(`docs/examples/${name}`));
  const schema = recordSchemas[record['type'] as CanonicalType];
  const published = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);

  it('decodes, and fits the schema that is published', () => {
    expect(decoded(name)).toMatchObject([{ type: record['type'], value: { id: record['id'] } }]);
    expect(published.safeParse(record).error?.issues).toBeUndefined();
  });

  it('fits neither without one of the fields that its schema requires', () => {
    const required = (schema.required ?? []).filter((field) => field !== 'type');
    expect(required.length).toBeGreaterThan(2);
    expect(required).not.toContain('heardAt');
    for (const field of required) {
      const { [field]: _, ...less } = record;
      expect(published.safeParse(less).success, field).toBe(false);
      const bytes = Buffer.from(JSON.stringify(less));
      const document = {
        source: 'example',
        documentId: name,
        contentType: 'application/json',
        heardAt,
        bytes,
      };
      expect(decode(document, decoding)).toMatchObject([{ type: 'failure', code: 'FW402' }]);
    }
  });
});

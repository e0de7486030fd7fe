import { expect, it } from 'vitest';
import { identityFinding, identityFindings } from '../../../domain/identity-finding.ts';
import { createMetrics } from '../../../runtime/metrics/metrics.ts';
import { observe } from '../../../runtime/wire/observe.ts';

it('counts what became of events whose shipment is not plain, by what was found', async () => {
  const metrics = createMetrics({ processMetrics: false });
  const { observer } = observe(metrics, () => 0);
  const tell = (what: (typeof identityFindings)[number], status = 'information'): void =>
    observer.rowOut(
      { name: 'normalise-2/0' } as never,
      'identity-findings',
      identityFinding.parse({
        id: what,
        at: 0,
        heardAt: 0,
        what,
        eventId: 'e1',
        feed: 'acme',
        carrier: null,
        status,
        category: null,
        code: { standard: 'x12-214', status: 'ZQ', reason: null },
        names: ['pro:ACME:1', 'bol:C1:B'],
        shipmentIds: ['A', 'B'],
      }),
    );
  tell('disagreed');
  tell('disagreed');
  tell('merge_loop');
  // Held and then found, its code counts as that of its shipment's event; given up, here.
  tell('held', 'unmapped');
  tell('given_up', 'unmapped');
  const text = await metrics.text();
  const counted = identityFindings.map((what) =>
    Number(new RegExp(`^forewarn_identity_findings_total\\{what="${what}"\\} (\\d+)$`, 'm').exec(text)?.[1]),
  );
  expect(Object.fromEntries(identityFindings.map((what, index) => [what, counted[index]]))).toEqual({
    held: 1,
    found: 0,
    given_up: 1,
    disagreed: 2,
    merge_loop: 1,
  });
  expect(text).toContain('forewarn_unmapped_codes_total{standard="x12-214"} 1');
});

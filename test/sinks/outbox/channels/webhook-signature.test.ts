import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { secretBytes, webhookSignature } from '../../../../sinks/outbox/channels/webhook-signature.ts';

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
const anySecret = fc.uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf);

describe('webhookSignature', () => {
  it('is what the reference library makes, for any secret, id and body', () => {
    fc.assert(
      fc.property(
        anySecret,
        fc.stringMatching(/^[0-9a-f]{32}$/),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.string({ unit: 'binary' }),
        (secret, id, timestampSec, body) => {
          const ours = webhookSignature([secretBytes(secret, 'here')], id, timestampSec, body);
          expect(ours).toBe(new Webhook(secret).sign(id, new Date(timestampSec * 1_000), body));
        },
      ),
    );
  });

  it('is accepted with the old and with the new secret while both sign, and with no other', () => {
    const [newer, older, other] = ['n', 'o', 'x'].map((letter) => secretOf(Buffer.from(letter.repeat(32))));
    const timestampSec = Math.floor(Date.now() / 1_000);
    const keys = [newer!, older!].map((secret) => secretBytes(secret, 'here'));
    const headers = {
      'webhook-id': 'a1',
      'webhook-timestamp': String(timestampSec),
      'webhook-signature': webhookSignature(keys, 'a1', timestampSec, '{"a":1}'),
    };
    for (const secret of [newer!, older!])
      expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
    expect(() => new Webhook(other!).verify('{"a":1}', headers)).toThrow();
    expect(() => new Webhook(newer!).verify('{"a":2}', headers)).toThrow();
  });
});

describe('secretBytes', () => {
  it.each([
    '',
    'whsec_',
    'whsec_short',
    'whsec_***',
    Buffer.alloc(32).toString('base64'),
    secretOf(new Uint8Array(23)),
    secretOf(new Uint8Array(65)),
  ])('refuses %j and never shows it', (secret) => {
    const refuse = () => secretBytes(secret, 'destination "crm"');
    expect(refuse).toThrow('FW101 destination "crm"');
    if (secret.length > 10) expect(refuse).not.toThrow(secret);
  });
});

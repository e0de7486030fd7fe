import { describe, expect, it } from 'vitest';
import { contact } from '../../../../domain/directory.ts';
import { cloudEventOf } from '../../../../sinks/outbox/channels/cloud-event.ts';
import { sampleAction } from '../sample-action.ts';

describe('cloudEventOf', () => {
  it('has the attributes that CloudEvents 1.0 requires, and the action as data', () => {
    expect(JSON.parse(cloudEventOf(sampleAction({ version: 3 })))).toEqual({
      specversion: '1.0',
      id: 'action-1',
      source: '/forewarn',
      type: 'io.forewarn.action.notify_customer.v1',
      subject: 'shipment-1',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      data: {
        action: {
          id: 'action-1',
          version: 3,
          type: 'notify_customer',
          playbook: 'delay-predicted',
          step: 'tell-customer',
          customerId: 'acme',
          costMinor: 0,
          authority: 'auto',
          decidedBy: null,
          dueAt: 1_767_225_600_000,
          expiresAt: null,
        },
        shipmentId: 'shipment-1',
        exceptionId: 'exception-1',
        facts: {
          promisedAt: '2026-01-02T17:00:00Z',
          lateMin: 95,
          carrier: 'SAIA',
          perishable: false,
          note: null,
        },
        template: 'delay',
        recipients: [],
        thread: '',
        covers: [],
      },
    });
  });

  it('names whom to tell without their addresses, the thread, and all that a digest speaks for', () => {
    const ann = contact.parse({
      id: 'ann',
      language: 'pt-BR',
      email: 'ann@acme.example',
      phone: '+12025550123',
    });
    const covered = { actionId: 'action-2', shipmentId: 'shipment-2', exceptionId: 'exception-2' };
    const digest = sampleAction({
      recipients: [ann],
      thread: 'thread-1',
      covers: [{ ...covered, facts: { lateMin: 30 } }],
    });
    const text = cloudEventOf(digest);
    expect(JSON.parse(text)).toMatchObject({
      data: { recipients: [{ id: 'ann', language: 'pt-BR' }], thread: 'thread-1', covers: [covered] },
    });
    expect(text).not.toContain('acme.example');
    expect(text).not.toContain('+1202');
  });

  it('takes the time of the decision where none says when it is due', () => {
    expect(JSON.parse(cloudEventOf(sampleAction({ dueAt: null, at: 0 })))).toMatchObject({
      time: '1970-01-01T00:00:00.000Z',
    });
  });
});

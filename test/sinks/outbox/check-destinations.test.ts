import { describe, expect, it } from 'vitest';
import { checkDestinations } from '../../../sinks/outbox/check-destinations.ts';

describe('checkDestinations', () => {
  it('lets configured destinations pass', () => {
    expect(() => checkDestinations([{ destination: 'crm', place: 'a' }], ['crm', 'tms'])).not.toThrow();
  });

  it('names place, value and what is known', () => {
    const wanted = [{ destination: 'tns', place: 'rules/playbooks/refused.yaml steps[1]' }];
    expect(() => checkDestinations(wanted, ['tms', 'crm'])).toThrow(
      'FW101 rules/playbooks/refused.yaml steps[1]: destination "tns" is not in forewarn.yaml; known are crm, tms',
    );
    expect(() => checkDestinations(wanted, [])).toThrow('none is configured');
  });
});

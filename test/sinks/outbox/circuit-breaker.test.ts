import { describe, expect, it } from 'vitest';
import { circuitBreaker } from '../../../sinks/outbox/circuit-breaker.ts';

const opened = () => {
  const circuit = circuitBreaker({ failures: 3, openMs: 10_000 });
  for (const at of [1_000, 2_000, 3_000]) {
    circuit.begin(at);
    circuit.failed(at);
  }
  return circuit;
};

describe('circuitBreaker', () => {
  it('opens after failures in a row, and says how long', () => {
    const circuit = opened();
    expect(circuit.state(3_000)).toBe('open');
    expect(circuit.waitMs(3_000)).toBe(10_000);
    expect(circuit.state(12_999)).toBe('open');
    expect(circuit.state(13_000)).toBe('half-open');
  });

  it('begins to count anew after a success', () => {
    const circuit = circuitBreaker({ failures: 2, openMs: 10_000 });
    circuit.failed(1);
    circuit.succeeded();
    circuit.failed(2);
    expect(circuit.state(2)).toBe('closed');
    circuit.failed(3);
    expect(circuit.state(3)).toBe('open');
  });

  it('lets one probe through at a time', () => {
    const circuit = opened();
    expect(circuit.waitMs(13_000)).toBe(0);
    circuit.begin(13_000);
    expect(circuit.waitMs(13_000)).toBe(Infinity);
    circuit.released();
    expect(circuit.waitMs(13_500)).toBe(0);
  });

  it('opens once more when the probe fails, and closes when it works', () => {
    const circuit = opened();
    circuit.begin(13_000);
    circuit.failed(13_000);
    expect(circuit.waitMs(13_000)).toBe(10_000);
    circuit.begin(23_000);
    circuit.succeeded();
    expect(circuit.state(23_000)).toBe('closed');
    expect(circuit.waitMs(23_000)).toBe(0);
  });

  it('is not held open by attempts that began before it opened', () => {
    const circuit = opened();
    circuit.failed(9_000);
    expect(circuit.state(13_000)).toBe('half-open');
  });
});

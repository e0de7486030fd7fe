import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from '../../../runtime/log/partitioner.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('partitioner', () => {
  // Vectors of Apache Kafka's own test: clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as the Java client does', (text, hash) => {
    expect(murmur2(bytes(text))).toBe(hash);
  });

  it('places a key by its hash without the sign, as toPositive(murmur2(key)) % partitions', () => {
    expect(partitionOf('foobar', 6)).toBe((-790332482 & 0x7fffffff) % 6);
    expect(partitionOf('abc', 6)).toBe(479470107 % 6);
    expect(partitionOf('', 1)).toBe(0);
  });

  it('takes the UTF-8 bytes of a key, however long it is and whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (key) => {
        expect(partitionOf(key, 7)).toBe((murmur2(bytes(key)) & 0x7fffffff) % 7);
      }),
    );
  });
});

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * Murmur2 over the key's UTF-8 bytes, 32 bits: the hash of the Java Kafka client's default partitioner, so that
 * other programs place keys as we do. Source: Austin Appleby's MurmurHash2, public domain.
 */
export const murmur2 = (bytes: Uint8Array): number => {
  const length = bytes.length;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, M);
    word ^= word >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(word, M);
  }
  const rest = length - at;
  if (rest === 3) hash ^= bytes[at + 2]! << 16;
  if (rest >= 2) hash ^= bytes[at + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ bytes[at]!, M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
};

let scratch = Buffer.allocUnsafe(256);

/** Bytes of a key, valid until the next call: a buffer for each of a million keys would keep the collector busy. */
const bytesOf = (key: string): Uint8Array => {
  if (key.length * 3 > scratch.length) scratch = Buffer.allocUnsafe(key.length * 3);
  return scratch.subarray(0, scratch.write(key));
};

/** Partition of a key, 0 … partitions − 1. */
export const partitionOf = (key: string, partitions: number): number =>
  partitions === 1 ? 0 : (murmur2(bytesOf(key)) & 0x7fffffff) % partitions;

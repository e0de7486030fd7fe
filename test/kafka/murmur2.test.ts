import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from '../../runtime/log/partitioner.ts';
import { has, kafkaJars } from './support/kafka-jars.ts';

/** Answers, for each line of its input (a key in hex), the hash and the partition of 7 that Kafka's own code gives it. */
const asker = `
import java.util.HexFormat;
import java.util.Scanner;
import org.apache.kafka.common.utils.Utils;
public class Asker {
  public static void main(String[] args) {
    Scanner lines = new Scanner(System.in);
    StringBuilder answers = new StringBuilder();
    while (lines.hasNextLine()) {
      byte[] key = HexFormat.of().parseHex(lines.nextLine());
      int hash = Utils.murmur2(key);
      answers.append(hash).append(' ').append(Utils.toPositive(hash) % 7).append('\\n');
    }
    System.out.print(answers);
  }
}`;

const askJava = async (keys: readonly string[]): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-murmur2-'));
  try {
    const source = join(folder, 'Asker.java');
    await writeFile(source, asker);
    const input = `${keys.map((key) => Buffer.from(key).toString('hex')).join('\n')}\n`;
    return execFileSync('java', ['-cp', kafkaJars(), source], { input, encoding: 'utf8' }).trim().split('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

// Compiled as it is started, which takes the compiler of a JDK.
const runnable = has('javac', '-version') && has('mvn', '-version');
if (!runnable) console.warn('test/kafka/murmur2 is skipped: there is no JDK or no Maven');

describe.skipIf(!runnable)('the partitioner and that of the Java client', () => {
  it('agree on every key, of each length and of all kinds of characters', async () => {
    const keys = [
      ...Array.from({ length: 200 }, (_, length) => 'k'.repeat(length)),
      ...Array.from({ length: 2_000 }, (_, n) => `shipment-${n * 7919}`),
      ...Array.from({ length: 500 }, (_, n) => String.fromCodePoint(0x80 + n * 37) + 'ß漢🚚'.slice(0, n % 4)),
    ];
    const answers = await askJava(keys);
    expect(answers).toEqual(keys.map((key) => `${murmur2(Buffer.from(key))} ${partitionOf(key, 7)}`));
  });
});

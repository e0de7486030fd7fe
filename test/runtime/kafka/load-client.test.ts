import { describe, expect, it } from 'vitest';
import { loadKafkaClient } from '../../../runtime/kafka/load-client.ts';

const failing = (error: Error) => loadKafkaClient(() => Promise.reject(error));

describe('the client of Kafka', () => {
  it('that is not installed names the command that installs it', async () => {
    const missing = Object.assign(new Error("Cannot find package '@confluentinc/kafka-javascript'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    await expect(failing(missing)).rejects.toThrow(
      'FW608 the configuration asks for Kafka, and its client @confluentinc/kafka-javascript is not installed; run "npm install --no-save @confluentinc/kafka-javascript@1.10.1"',
    );
  });

  it('without its binary names the command that makes one', async () => {
    const bare = new Error('Could not locate the bindings file. Tried:\n → /srv/build/x.node\n → …');
    await expect(failing(bare)).rejects.toThrow(
      /^FW608 Kafka's client @confluentinc\/kafka-javascript is installed without its binary; run "npm rebuild @confluentinc\/kafka-javascript"$/,
    );
  });

  it('that fails otherwise says why in one line', async () => {
    const other = new Error('libssl.so.3: cannot open shared object file\n    at …');
    await expect(failing(other)).rejects.toThrow(
      /^FW608 .* cannot be loaded: libssl\.so\.3: cannot open shared object file; run "npm rebuild [^\n]*$/,
    );
  });

  it('of another version is not taken', async () => {
    await expect(loadKafkaClient(() => Promise.resolve({ Kafka: class {} }))).rejects.toThrow(/^FW608 /);
  });

  it.each(['beside the default export', 'in the default export alone'])(
    'is found with its names %s',
    async (where) => {
      const names = { KafkaConsumer: class {}, Producer: class {}, AdminClient: {} };
      const loaded = where.startsWith('beside') ? names : { default: names };
      expect(await loadKafkaClient(() => Promise.resolve(loaded))).toEqual(names);
    },
  );
});

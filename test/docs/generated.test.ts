import { describe, expect, it } from 'vitest';
import { configKeys } from '../../docs/configuration-page.ts';
import { generated } from '../../docs/generate.ts';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { textOf } from './documents.ts';

const keys = configKeys();

/** Keys that take nothing but a length of time. */
const durations = [
  'engine.idle',
  'log.kafka.session',
  'models.promotion.harm.watchFor',
  'models.promotion.maxWait',
  'models.retrain.coolDown',
  'models.retrain.learnFrom',
  'models.watch.settle',
  'review.every',
  'review.learnFrom',
];

describe('pages made from code', () => {
  it.each([...generated()])(
    '%s is current; run: npm run build && node dist/docs/generate.js',
    (name, text) => {
      const file = textOf(name);
      // JSON is laid out by the formatter.
      if (name.endsWith('.json')) expect(JSON.parse(file)).toEqual(JSON.parse(text));
      else expect(file).toBe(text);
    },
  );
});

/** Texts that may not be any text. */
const names: readonly string[] = [
  'log.kafka.prefix',
  'log.kafka.group',
  'log.kafka.member',
  'sinks.kafka.prefix',
  'sinks.kafka.deadLetters.topic',
];
const addresses: readonly string[] = ['sources.kafka.registry.url'];

/** What a key needs beside it: processes share tasks only where they share the rest. */
const besides: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'log.kafka.group': {
    FOREWARN_SNAPSHOTS_S3_BUCKET: 'forewarn',
    FOREWARN_CLICKHOUSE_URL: 'http://ch:8123',
    FOREWARN_MODELS_FOLDER: '/models',
    FOREWARN_SOURCES_HTTP: 'true',
  },
};

describe('the table of keys', () => {
  it.each(keys.map(({ key, about }) => [key, about]))('%s says what it means', (_, about) => {
    expect(about).toMatch(/^\S.*\.$/);
  });

  it('has the places where a key may be many', () => {
    const all = keys.map(({ key }) => key);
    expect(all).toEqual(
      expect.arrayContaining(['http.apiKeys[].scopes', 'partners.<name>.zone', 'destinations.<name>.url']),
    );
  });

  const variables = keys.flatMap(({ key, variable, values }) =>
    variable === null ? [] : [[variable, key, values]],
  );
  it.each(variables)('%s sets %s', (variable, key, values) => {
    const wrong = /number|, /.test(values);
    const value =
      values === '${NAME}'
        ? '${SOME}'
        : values === 'true, false'
          ? 'true'
          : wrong
            ? 'x'
            : durations.includes(key)
              ? '20m'
              : names.includes(key)
                ? 'a-name'
                : addresses.includes(key)
                  ? 'http://a-host:1'
                  : '2027-02-03T00:00:00Z';
    const environment = { ...besides[key], [variable]: value, SOME: 'secret' };
    const load = () => loadConfig({ environment });
    if (value === 'x') expect(load).toThrow(`forewarn.yaml ${key}: `);
    else {
      const read = key
        .split('.')
        .reduce<unknown>((inner, part) => Reflect.get(inner as object, part), load());
      expect(String(read)).toBe(value === '${SOME}' ? 'secret' : value);
    }
  });
});

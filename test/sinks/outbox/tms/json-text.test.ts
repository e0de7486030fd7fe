import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFieldPath } from '../../../../sinks/outbox/tms/field-path.ts';
import { spotOf, withValue } from '../../../../sinks/outbox/tms/json-text.ts';

const set = (text: string, path: string, value: string): string | undefined => {
  const spot = spotOf(text, parseFieldPath(path));
  return spot === undefined ? undefined : withValue(text, spot, value);
};

describe('a value in a JSON text', () => {
  it.each([
    ['{"a": 1.0, "b" : [ ] }', 'b', '2', '{"a": 1.0, "b" : 2 }'],
    [
      '{ "10": 1, "2": {"x": 12345678901234567890 } }',
      'y',
      'true',
      '{ "10": 1, "2": {"x": 12345678901234567890 } ,"y":true}',
    ],
    ['{}', 'a', '1', '{"a":1}'],
    [
      '{"s":[{"t":"SO"},{"t":"CN","due":null}]}',
      's[t=CN].due',
      '"x"',
      '{"s":[{"t":"SO"},{"t":"CN","due":"x"}]}',
    ],
    ['{"s":[{"n":1},{"n":2}]}', 's[n=2].at', '7', '{"s":[{"n":1},{"n":2,"at":7}]}'],
    ['{"s":[[1,2],[3]]}', 's[0][1]', '9', '{"s":[[1,9],[3]]}'],
    ['{"a":1,"a":2}', 'a', '3', '{"a":1,"a":3}'],
    [String.raw`{"k\"}":"]\\","a":"\u0061"}`, 'a', '1', String.raw`{"k\"}":"]\\","a":1}`],
  ])('%s: %s = %s', (text, path, value, expected) => {
    expect(set(text, path, value)).toBe(expected);
  });

  it.each([
    ['{"a":1}', 'a.b'],
    ['{"a":[]}', 'a[0]'],
    ['{"a":[]}', 'a[t=x].b'],
    ['[1]', 'a'],
    ['{"a":{}}', 'b.c'],
  ])('%s has no %s', (text, path) => {
    expect(set(text, path, '1')).toBeUndefined();
  });

  it('is the only thing that changes, in any object and any layout', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        fc.jsonValue(),
        fc.constantFrom(0, 1, '\t'),
        (rest, before, value, indent) => {
          const whole = { ...rest, target: before };
          const changed = set(JSON.stringify(whole, null, indent), 'target', JSON.stringify(value));
          // -0 has no spelling of its own in JSON.
          expect(JSON.parse(changed ?? '')).toEqual(JSON.parse(JSON.stringify({ ...whole, target: value })));
          const bare = JSON.stringify(rest, null, indent);
          expect(set(bare, 'target', '1')?.startsWith(bare.slice(0, -1).trimEnd())).toBe(!('target' in rest));
        },
      ),
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLocations } from '../../../sources/places/load-locations.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const one = 'id: A\n    latitude: 1\n    longitude: 2\n';
const load = (text: string) => {
  writeFileSync(join(folder, 'locations.yaml'), text);
  return loadLocations(folder);
};

describe('the file of the customer’s own places', () => {
  it('is read from the rules, or from where the configuration says; without it there are none', () => {
    expect(loadLocations(folder)).toEqual([]);
    expect(load(`locations:\n  - ${one}`)).toMatchObject([{ id: 'A', latitude: 1 }]);
    writeFileSync(join(folder, 'own.yaml'), `locations:\n  - ${one.replace('A', 'B')}`);
    expect(loadLocations(folder, join(folder, 'own.yaml'))).toMatchObject([{ id: 'B' }]);
    expect(() => loadLocations(folder, join(folder, 'missing.yaml'))).toThrow(
      /^FW103 .*missing\.yaml: cannot be read/,
    );
  });

  it.each([
    [`locations:\n  - ${one}    longitudes: 3\n`, /locations\[0\]/],
    ['locations:\n  - id: A\n    latitude: 91\n    longitude: 2\n', /locations\[0\]\.latitude/],
    [
      `locations:\n  - ${one}    timeZone: Mars/North\n`,
      /locations\[0\]\.timeZone: "Mars\/North" is no IANA zone/,
    ],
    [
      `locations:\n  - ${one}  - ${one.replace('A', 'a')}`,
      /locations\[1\]\.id: "a" names locations\[0\] too/,
    ],
    [`locations:\n  - ${one}    unlocode: USLGB\n  - ${one.replace('A', 'USLGB')}`, /locations\[1\]\.id/],
  ])('is refused in one line', (text, why) => {
    expect(() => load(text)).toThrow(why);
    expect(() => load(text)).toThrow(/^FW103 [^\n]*$/);
  });
});

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { config, type Config } from '../../../runtime/config/config.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { checkRulesAgainst } from '../../../runtime/wire/start-outbox.ts';
import { ownEdiParties } from '../../../runtime/wire/tms-destinations.ts';
import { rules, rulesFolder } from '../../rules/shipped-rules.ts';

let parent = '';
let folder = '';
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'forewarn-tms-'));
  folder = join(parent, 'rules');
  cpSync(rulesFolder, folder, { recursive: true });
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const destinations = (tms: object): Config['destinations'] =>
  config.parse({ destinations: { tms, desk: { url: 'http://127.0.0.1:9' } } }).destinations;
const problem = (tms: object): string => {
  try {
    checkRulesAgainst(rules, destinations(tms), folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no problem';
};
const rest = { kind: 'tms-rest', url: 'http://127.0.0.1:9', mapping: 'example' };
const edi = {
  kind: 'x12-214',
  folder: '/var/edi/out',
  sender: { id: 'FOREWARN' },
  receiver: { qualifier: '02', id: 'ACMETMS' },
  scac: 'FWRN',
};

describe('what the shipped playbooks ask of the destination tms', () => {
  it('can be asked of a webhook, and of a REST TMS by the example mapping', () => {
    expect(problem({ url: 'http://127.0.0.1:9' })).toBe('no problem');
    expect(problem(rest)).toBe('no problem');
  });

  it('is refused at the start where the mapping has no entry for it', () => {
    const example = readFileSync(join(folder, 'tms/example.yaml'), 'utf8');
    const short = example
      .replace('name: example', 'name: short')
      .replace(/ {2}query_status:[^]*$/, '')
      .concat('  query_status: [{ when: { templates: [other] }, query: { get: /x } }]\n');
    writeFileSync(join(folder, 'tms/short.yaml'), short);
    expect(problem({ ...rest, mapping: 'short' })).toBe(
      'FW101 playbook "breakdown" step "where_is_it": destination "tms" of kind tms-rest cannot execute query_status with template live_status; add an entry for query_status to rules/tms/short.yaml, or set authority: recommend',
    );
  });

  it.each([edi, { kind: 'otm', url: 'http://127.0.0.1:9', domain: 'ACME' }])(
    'is refused at the start of one that only tells: $kind',
    (tms) => {
      expect(problem(tms)).toMatch(
        new RegExp(
          `^FW101 playbook ".+" step ".+": destination "tms" of kind ${tms.kind} cannot execute \\w+ with template \\w+; it only tells`,
        ),
      );
    },
  );

  it('stops at a mapping file that is not there, or has another key', () => {
    expect(problem({ ...rest, mapping: 'none' })).toMatch(/^FW103 rules\/tms\/none\.yaml: cannot be read/);
    const example = readFileSync(join(folder, 'tms/example.yaml'), 'utf8');
    writeFileSync(
      join(folder, 'tms/wrong.yaml'),
      example.replace('name: example', 'name: wrong').replace('  rebook:', '  rebok:'),
    );
    expect(problem({ ...rest, mapping: 'wrong' })).toMatch(
      /^FW103 rules\/tms\/wrong\.yaml actions: "rebok" is not a key here; .*did you mean rebook\?$/,
    );
  });
});

describe('destinations in forewarn.yaml', () => {
  const load = (text: string): string => {
    const file = join(parent, 'forewarn.yaml');
    writeFileSync(file, text);
    try {
      loadConfig({ file, environment: {} });
    } catch (error) {
      return (error instanceof Error ? error.message : String(error)).replace(file, 'forewarn.yaml');
    }
    return 'no problem';
  };

  it.each([
    ['destinations: { a: { url: "http://x" } }', /^no problem$/],
    ['destinations: { a: { kind: webhook, url: "http://x" } }', /^no problem$/],
    ['destinations: { a: { kind: tms, url: "http://x" } }', /^FW101 forewarn.yaml destinations.a.kind: /],
    [
      'destinations: { a: { kind: otm, url: "http://x" } }',
      /^FW101 forewarn.yaml destinations.a.domain: is missing/,
    ],
    [
      'destinations: { a: { kind: tms-rest, url: "http://x", mapping: acme, mappping: x } }',
      /"mappping" is not a key here; the keys are .*did you mean mapping\?/,
    ],
    [
      'destinations: { a: { kind: x12-214, sender: { id: A }, receiver: { id: B }, scac: FWRN } }',
      /give either url or folder/,
    ],
    [
      'destinations: { a: { kind: x12-214, folder: x, sender: { id: A }, receiver: { id: B }, scac: FWRN, delimiters: { element: "~" } } }',
      /four different characters/,
    ],
  ])('%s', (text, line) => {
    expect(load(text)).toMatch(line);
  });

  it('say under which ids we write, so that an echo is known', () => {
    expect(ownEdiParties(Object.values(destinations(edi)))).toEqual([{ qualifier: 'ZZ', id: 'FOREWARN' }]);
  });
});

import { join, resolve } from 'node:path';
import { type CodeExplained, explainCode, unverifiedCodes } from '../domain/explain-code.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { type UnmappedCode, unmappedCodes } from '../sinks/clickhouse/unmapped-codes.ts';
import { loadMappings } from '../sources/decoders/load-mappings.ts';
import { askTables } from './ask-tables.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

export interface ExplainOptions extends ConfigOptions {
  readonly rules?: string;
  readonly partner?: string;
  readonly json?: boolean;
}

/** `forewarn codes explain <standard> [list] <code>`: what it means to us; exit code 1 where no mapping knows it. */
export const explainCodeCommand = (
  standard: string,
  words: readonly string[],
  options: ExplainOptions,
): void => {
  const [first, second, ...rest] = words;
  if (first === undefined || rest.length > 0)
    throw new ForewarnError(
      'FW101',
      'codes explain takes <standard> [list] <code>; a code with spaces needs quotes',
    );
  const folder = join(resolve(options.rules ?? configFrom(options).rules), 'mappings');
  const { files, standards } = loadMappings(folder);
  if (!standards.some((known) => known.toUpperCase() === standard.toUpperCase()))
    throw new ForewarnError(
      'FW101',
      `codes explain: no mapping is for the standard "${standard}"; there are ${standards.join(', ')}`,
    );
  const [list, code] = second === undefined ? [null, first] : [first, second];
  const found = explainCode(files, { standard, list, code, partner: options.partner ?? null });
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0)
    console.log(
      `${standard} ${words.join(' ')} is in no mapping: it would be taken as unmapped, and counted.`,
    );
  else console.log(found.map(paragraphOf).join('\n\n'));
  if (found.length === 0) process.exitCode = 1;
};

/** `forewarn codes unverified`: codes whose meaning nobody publishes, to be asked of the partner who sends them. */
export const unverifiedCodesCommand = (options: ExplainOptions): void => {
  const { files } = loadMappings(join(resolve(options.rules ?? configFrom(options).rules), 'mappings'));
  const found = unverifiedCodes(files);
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0) console.log('Every mapping names where its codes are published.');
  else
    console.log(
      columns(
        ['standard', 'list', 'code', 'means', 'by the word of'],
        found.map(({ standard, partner, list, code, row, source }) => [
          partner === null ? standard : `${standard}/${partner}`,
          list,
          code,
          row.means,
          source,
        ]),
      ),
    );
};

const paragraphOf = ({
  standard,
  partner,
  version,
  list,
  role,
  agency,
  code,
  row,
  source,
  verified,
}: CodeExplained) =>
  [
    `${standard}${partner === null ? '' : `, partner ${partner}`} · list ${list}${agency === null ? '' : ` of ${agency}`} · ${code} (${role}, mapping version ${version})`,
    `  ${row.means}`,
    ...(row.status === null ? [] : [`  status    ${row.status}`]),
    `  cause     ${row.cause}`,
    `  effect    ${row.effect}`,
    `  party     ${row.party}`,
    `  category  ${row.category ?? 'none: nothing is wrong by itself'}`,
    ...(row.leads ? ['  leads: it is itself what went wrong; a reason beside it only says why'] : []),
    `  source    ${source}${verified ? '' : ' (not verified: nobody publishes it)'}`,
  ].join('\n');

/** `forewarn codes unmapped`: codes that came and that no mapping knows, by feed, the most frequent first. */
export const unmappedCodesCommand = async (
  options: ConfigOptions & OpenPeriod & { readonly json?: boolean },
): Promise<void> => {
  const found = await askTables(configFrom(options), '/v1/unmapped-codes', unmappedCodes, options);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : tableOf(found));
};

const tableOf = (found: readonly UnmappedCode[]): string =>
  found.length === 0
    ? 'Every code that came has a meaning.'
    : columns(
        ['feed', 'standard', 'place', 'code', 'events', 'last heard'],
        found.map(({ feed, standard, place, code, events, lastHeardAt }) => [
          feed,
          standard ?? '',
          place,
          code,
          String(events),
          new Date(lastHeardAt).toISOString(),
        ]),
      );

import { ediFindings, type RepeatedFinding } from '../sinks/clickhouse/edi-findings.ts';
import type { OpenPeriod } from '../sinks/clickhouse/ask.ts';
import { askTables } from './ask-tables.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';

/** `forewarn edi findings`: what is odd about partners' EDI files and cost no message; exit code 0 also where something is. */
export const ediFindingsCommand = async (
  options: ConfigOptions & OpenPeriod & { readonly json?: boolean },
): Promise<void> => {
  const found = await askTables(configFrom(options), '/v1/edi-findings', ediFindings, options);
  console.log(options.json === true ? JSON.stringify(found, null, 2) : textOf(found));
};

const textOf = (found: readonly RepeatedFinding[]): string =>
  found.length === 0
    ? 'Every EDI envelope that came is as its standard has it.'
    : columns(
        ['feed', 'standard', 'from', 'what', 'documents', 'times', 'last in', 'byte', 'there'],
        found.map((one) => [
          one.feed,
          one.standard,
          one.sender ?? '',
          one.segment === null ? one.kind : `${one.kind} ${one.segment}`,
          String(one.documents),
          String(one.times),
          one.document,
          String(one.byteOffset),
          thereOf(one),
        ]),
      );

/** `0001: says 99, is 18`; the control number alone where nothing is compared. */
const thereOf = ({ control, said, found }: RepeatedFinding): string =>
  said === null && found === null ? control : `${control}: says ${said || '(nothing)'}, is ${found ?? ''}`;

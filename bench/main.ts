import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeVersion, packageRoot } from '../runtime/package-root.ts';
import type { Bench, Findings } from './bench.ts';
import { ingestBench } from './ingest/ingest.ts';
import { lineBench } from './line/line.ts';
import { logBench } from './log/log.ts';
import { describeMachine, formatMachine } from './machine.ts';
import { stallsBench } from './stalls.ts';
import { formatTable } from './table.ts';

const benches: readonly Bench[] = [ingestBench, lineBench, logBench, stallsBench];

const list = (): string => benches.map(({ name, about }) => `${name.padEnd(8)}${about}`).join('\n');

const write = (file: string, bench: Bench, findings: Findings): void => {
  mkdirSync(dirname(file), { recursive: true });
  const measuredOn = new Date().toISOString().slice(0, 10);
  const result = {
    bench: bench.name,
    version: codeVersion,
    measuredOn,
    machine: describeMachine(),
    ...findings,
  };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
};

/** `npm run bench -- <name> [--json FILE]`. */
const main = async (): Promise<void> => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  const [name] = positionals;
  if (name === undefined) {
    console.log(`npm run bench -- <name> [--json FILE]\n${list()}`);
    return;
  }
  const bench = benches.find((one) => one.name === name);
  if (bench === undefined) {
    console.error(`no bench "${name}"; there are ${benches.map((one) => one.name).join(', ')}`);
    process.exitCode = 1;
    return;
  }
  const findings = await bench.run((line) => console.error(line));
  const tables = findings.tables.map(formatTable);
  console.log([formatMachine(describeMachine()), ...tables, findings.notes.join('\n')].join('\n\n'));
  write(values.json ?? join(packageRoot, 'bench', 'results', `${bench.name}.json`), bench, findings);
};

await main();

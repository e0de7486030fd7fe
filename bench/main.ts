import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeVersion, packageRoot } from '../runtime/package-root.ts';
import { actBench } from './act/act.ts';
import type { Bench, BenchOptions, Findings } from './bench.ts';
import { checkpointBench } from './checkpoint/checkpoint.ts';
import { compareBench } from './compare/compare.ts';
import { decodersBench } from './decoders/decoders.ts';
import { detectionBench } from './detection/detection.ts';
import { driftBench } from './drift/drift.ts';
import { ingestBench } from './ingest/ingest.ts';
import { kafkaBench } from './kafka/kafka.ts';
import { takeOverBench } from './kafka/take-over.ts';
import { lineBench } from './line/line.ts';
import { logBench } from './log/log.ts';
import { describeMachine, formatMachine } from './machine.ts';
import { memoryBench } from './memory/memory.ts';
import { modelsBench } from './models/models.ts';
import { nexmarkBench } from './nexmark/nexmark.ts';
import { operatorsBench } from './operators/operators.ts';
import { scoringBench } from './scoring/scoring.ts';
import { stallsBench } from './stalls.ts';
import { formatTable } from './table.ts';
import { threadsBench } from './threads/threads.ts';

const benches: readonly Bench[] = [
  actBench,
  checkpointBench,
  compareBench,
  decodersBench,
  detectionBench,
  driftBench,
  ingestBench,
  kafkaBench,
  lineBench,
  logBench,
  memoryBench,
  modelsBench,
  nexmarkBench,
  operatorsBench,
  scoringBench,
  stallsBench,
  takeOverBench,
  threadsBench,
];

const optionsOf = ({ options = {} }: Bench): readonly string[] =>
  Object.entries(options).map(([name, about]) => `  --${name.padEnd(14)}${about}`);

const list = (): string =>
  benches.flatMap((bench) => [`${bench.name.padEnd(11)}${bench.about}`, ...optionsOf(bench)]).join('\n');

/** Every option has a value; one that neither this command nor the bench knows is refused. */
const given = (args: readonly string[], { options = {}, argument }: Bench): BenchOptions => {
  const names = ['json', ...Object.keys(options)];
  const known = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const allowPositionals = argument !== undefined;
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals });
  if (argument === undefined || positionals[0] === undefined) return values;
  return { ...values, [argument]: positionals[0] };
};

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

/** `npm run bench -- <name> [--json FILE] [options of the bench]`. */
const main = async ([name, ...args]: readonly string[]): Promise<void> => {
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
  const options = given(args, bench);
  const findings = await bench.run((line) => console.error(line), options);
  const tables = findings.tables.map(formatTable);
  console.log([formatMachine(describeMachine()), ...tables, findings.notes.join('\n')].join('\n\n'));
  write(options['json'] ?? join(packageRoot, 'bench', 'results', `${bench.name}.json`), bench, findings);
};

await main(process.argv.slice(2));

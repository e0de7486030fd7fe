import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addCategoryCommands } from '../../cli/category-commands.ts';
import { addCodeCommands } from '../../cli/code-commands.ts';
import { addDefinitionCommands } from '../../cli/definition-commands.ts';
import { addEffectCommands } from '../../cli/effect-commands.ts';
import { addExportCommands } from '../../cli/export-commands.ts';
import { addImportCommand } from '../../cli/import-command.ts';
import { addLineCommands } from '../../cli/line-commands.ts';
import { addModelCommands } from '../../cli/model-commands.ts';
import { addOperationCommands } from '../../cli/operation-commands.ts';
import { addPlaybookCommands } from '../../cli/playbook-commands.ts';
import { addReviewCommands } from '../../cli/review-commands.ts';
import { forewarn } from './run-cli.ts';

const program = new Command('forewarn').exitOverride();
addLineCommands(program);
addDefinitionCommands(program);
addOperationCommands(program);
addEffectCommands(program);
addPlaybookCommands(program);
addReviewCommands(program);
addCategoryCommands(program);
addCodeCommands(program);
addExportCommands(program);
addImportCommand(program);
addModelCommands(program);

/** Every command that does something, with its words. */
const commandsOf = (command: Command, words: readonly string[] = []): readonly (readonly string[])[] =>
  command.commands.length === 0
    ? [words]
    : command.commands.flatMap((inner) => commandsOf(inner, [...words, inner.name()]));
const commands = commandsOf(program);

it('has the commands that are promised', () => {
  expect(commands.map((words) => words.join(' '))).toEqual([
    'run',
    'rehear',
    'report',
    'record',
    'train',
    'validate',
    'describe',
    'plan',
    'simulate',
    'preview',
    'replay',
    'why',
    'savepoint create',
    'savepoint list',
    'savepoint delete',
    'dlq list',
    'dlq show',
    'dlq replay',
    'effects',
    'playbooks check',
    'playbooks test',
    'review',
    'proposals list',
    'proposals apply',
    'proposals revert',
    'categories propose',
    'categories accept',
    'categories revert',
    'codes explain',
    'codes unmapped',
    'codes unverified',
    'edi findings',
    'unknown',
    'export',
    'import',
    'models list',
    'models show',
    'models compare',
    'models add',
    'models drift',
    'models challenge',
    'models promote',
    'models reject',
    'models rollback',
    'models shadow',
    'models release',
    'models retire',
  ]);
});

it.each(commands)('%s %s shows an example in its help', async (...words) => {
  const { out, code } = await forewarn(...words.filter((word) => word !== undefined), '--help');
  expect(out).toMatch(/Examples?:\n {2}\$ forewarn /);
  expect(out).toContain(`$ forewarn ${words.join(' ')}`);
  expect(code).toBe(0);
});

it.each([
  [['describ'], /unknown command 'describ' \(did you mean describe\?\); forewarn --help lists the commands$/],
  [
    ['describe', '--formt', 'svg'],
    /unknown option '--formt' \(did you mean --format\?\); forewarn describe --help/,
  ],
  [['describe', '-f', 'gif'], /argument 'gif' is invalid: Allowed choices are text, mermaid, json, svg;/],
  [
    ['describe', 'wach'],
    /pipeline "wach" is not one of normalise, port-calls, port-traffic, feeds, rhythm, carriers, watch, predict, orders, resolve, courtesy, causes, labels$/,
  ],
  [['describe', '-f', 'svg'], /an SVG shows one pipeline; name one of normalise/],
  [['run', '--port', 'x'], /argument 'x' is invalid: give a whole number of at least 0;/],
  [['run', '--from-savepoint', 'x'], /--from-savepoint needs --data with a folder of its own/],
  [['run', '--replay', 'x', '--from-savepoint', 'y'], /do not go together; give one of them$/],
  [['replay'], /missing required argument 'file'; forewarn replay --help has an example$/],
  [['replay', 'none.ndjson'], /FW407 none\.ndjson is not there/],
  [['replay', 'package.json', '--diff'], /--diff alone would compare a run with itself; give a saved run/],
  [['replay', 'package.json', '--from', 'noon'], /give a time such as 2026-01-05T12:00:00Z/],
  [['plan'], /required option '-s, --savepoint <name>' not specified; forewarn plan --help/],
  [['savepoint'], /a command is missing; forewarn savepoint --help lists them$/],
  [['dlq', 'replay'], /dlq replay takes ids, or --all with the --step whose letters are meant$/],
  [['dlq', 'replay', '--all'], /--all and --step go together/],
  [
    ['dlq', 'list', '--data', 'no-such-folder'],
    /FW109 .*no-such-folder is not there; give the folder of a run/,
  ],
  [['why', 'watch', '--data', 'no-such-folder'], /FW108 no process runs on data folder .*; start one with/],
  [['validate', 'extra'], /too many arguments/],
  [['import', 'none.csv'], /required option '-s, --source <name>' not specified; forewarn import --help/],
  [['import', 'none.csv', '--source', 'x'], /FW407 none\.csv is not there, or may not be read/],
  [
    ['import', 'package.json', '--source', 'x'],
    /FW407 package\.json: its name says none of csv, ndjson, parquet/,
  ],
] as const)('%j is answered in one sentence', async (words, sentence) => {
  const { out, err, code } = await forewarn(...words);
  expect(err).toMatch(sentence);
  expect(err.split('\n')).toHaveLength(1);
  expect(err).toMatch(/^FW\d{3} /);
  expect(out).toBe('');
  expect(code).toBe(1);
});

import type { Command } from 'commander';
import { explainCodeCommand, unmappedCodesCommand, unverifiedCodesCommand } from './codes.ts';
import { ediFindingsCommand } from './edi-findings.ts';
import { unknownCommand } from './unknown.ts';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { moment } from './option-values.ts';

/** What came and is not as it should be: codes that mean nothing yet, EDI that miscounts, events of shipments that nobody knows. */
export const addCodeCommands = (program: Command): void => {
  const codes = program
    .command('codes')
    .description(
      'what codes mean, and which of those that came mean nothing yet: explain, unmapped, unverified',
    );
  example(
    codes
      .command('explain')
      .description('status, cause, effect, party and category of a code, and by whose word')
      .argument('<standard>', 'such as X12-214; case does not matter')
      .argument('<words...>', 'the list, where one is meant, and the code')
      .option('--partner <name>', "one partner's dialect beside the standard, instead of all of them")
      .option('--rules <folder>', 'other rules than the configured ones')
      .addOption(configOption())
      .addOption(jsonOption())
      .action(explainCodeCommand),
    'forewarn codes explain X12-214 1651 AM',
    'forewarn codes explain x12-214 AM --json',
  );
  example(
    codes
      .command('unmapped')
      .description('codes that no mapping knows, by feed, standard and code, the most frequent first')
      .option('--from <time>', 'heard since then', moment)
      .option('--to <time>', 'heard before then', moment)
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(unmappedCodesCommand),
    'forewarn codes unmapped --from 2026-01-05T00:00:00Z',
  );
  example(
    codes
      .command('unverified')
      .description('codes whose meaning is published nowhere, and by whose word they are mapped')
      .option('--rules <folder>', 'other rules than the configured ones')
      .addOption(configOption())
      .addOption(jsonOption())
      .action(unverifiedCodesCommand),
    'forewarn codes unverified',
  );
  example(
    program
      .command('edi')
      .description('what is odd about the EDI files that partners send: findings')
      .command('findings')
      .description(
        'wrong counts and control numbers, missing trailers, wrapped lines, by feed and partner, the most frequent first; they cost no message',
      )
      .option('--from <time>', 'heard since then', moment)
      .option('--to <time>', 'heard before then', moment)
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(ediFindingsCommand),
    'forewarn edi findings --from 2026-01-05T00:00:00Z',
  );
  example(
    program
      .command('unknown')
      .description(
        'events that wait for a plan, because no plan claims any of their names; the longest first',
      )
      .option('--from <time>', 'held since then', moment)
      .option('--to <time>', 'held before then', moment)
      .option('--disputes', 'instead those whose names mean different shipments, and merges in a loop')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(unknownCommand),
    'forewarn unknown',
  );
};

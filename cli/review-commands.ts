import type { Command } from 'commander';
import { withNaming } from './category-commands.ts';
import { configOption, dataOption, example, jsonOption } from './common-options.ts';
import { moment } from './option-values.ts';
import { applyProposalCommand, listProposalsCommand, revertProposalCommand } from './proposals.ts';
import { reviewCommand } from './review.ts';

/** What is learned from a period, and what is changed for it. */
export const addReviewCommands = (program: Command): void => {
  const review = program
    .command('review')
    .description('write the review of a period: what was raised, done, spent and learned')
    .option('--from <time>', 'begin of the period', moment)
    .option('--to <time>', 'its end; what the log has heard by now where none is given', moment)
    .addOption(configOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(reviewCommand);
  example(review, 'forewarn review', 'forewarn review --from 2026-01-05T00:00:00Z --to 2026-01-12T00:00:00Z');

  const proposals = program
    .command('proposals')
    .description(
      'thresholds that would have done better, and categories that are missing: list, apply, revert',
    );
  example(
    proposals
      .command('list')
      .description('those of all reviews, the latest first')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(listProposalsCommand),
    'forewarn proposals list',
  );
  const withWords = (command: Command): Command =>
    command
      .argument('<id>', 'its id, or the first characters of it')
      .option('--by <name>', 'who does it; the user of this machine where none is given')
      .option('--reason <words>', 'why, for the audit')
      .addOption(configOption())
      .addOption(dataOption())
      .addOption(jsonOption());
  example(
    withNaming(
      withWords(
        proposals
          .command('apply')
          .description(
            'write it into the rules, whose version counts up; of a category say what it is to be',
          ),
      ),
      { mandatory: false },
    ).action(applyProposalCommand),
    'forewarn proposals apply 5f3a9c01 --reason "agreed on Monday"',
    'forewarn proposals apply 77c0de42 --name fuel_shortage --family environment --severity 55',
  );
  example(
    withWords(proposals.command('revert').description('put back what stood there before')).action(
      revertProposalCommand,
    ),
    'forewarn proposals revert 5f3a9c01 --reason "agreed on Monday"',
  );
};

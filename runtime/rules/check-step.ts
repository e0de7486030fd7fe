import { durationMs } from '../../domain/duration.ts';
import type { Playbook, PlaybookStep } from '../../domain/playbook.ts';
import { categoryOf, isSafety, type Taxonomy } from '../../domain/taxonomy.ts';
import { nearestWord } from './nearest-word.ts';

interface StepSurroundings {
  readonly taxonomy: Taxonomy;
  readonly destinations: readonly string[] | undefined;
}

/** What is wrong with one step, from its key on (`.holdOut: …`); null where nothing is. */
export const checkStep = (
  playbook: Playbook,
  index: number,
  { taxonomy, destinations }: StepSurroundings,
): string | null => {
  const step = playbook.steps[index]!;
  const before = playbook.steps.slice(0, index);
  return (
    checkId(step, before) ??
    checkDestination(step, destinations) ??
    checkAfter(step, before) ??
    checkHoldOut(step, playbook, taxonomy) ??
    checkBudget(step) ??
    checkWait(step) ??
    checkChain(step) ??
    checkCompensation(step, destinations)
  );
};

const checkId = ({ id }: PlaybookStep, before: readonly PlaybookStep[]): string | null => {
  if (before.some((other) => other.id === id))
    return `.id: "${id}" is used twice; every step has an id of its own`;
  return id.includes(':')
    ? `.id: "${id}" has a colon, which is kept for what the engine adds; take it out`
    : null;
};

const unknown = (name: string, destinations: readonly string[]): string => {
  const nearest = nearestWord(name, destinations);
  const mend = nearest === null ? '; add it there' : `; did you mean ${nearest}?`;
  return `"${name}" is not one of ${destinations.join(', ')} in forewarn.yaml${mend}`;
};

const checkDestination = (
  { action, authority, destination }: PlaybookStep,
  destinations: readonly string[] | undefined,
): string | null => {
  if (destination === undefined)
    return authority === 'recommend'
      ? null
      : `.destination: is missing, so nothing can execute ${action}; name one or set authority: recommend`;
  return destinations === undefined || destinations.includes(destination)
    ? null
    : `.destination: ${unknown(destination, destinations)}`;
};

const approves = ({ authority }: PlaybookStep): boolean => typeof authority !== 'string';

/** A result that the earlier step can never come to would wait for ever. */
const checkAfter = ({ after }: PlaybookStep, before: readonly PlaybookStep[]): string | null => {
  if (after === undefined) return null;
  const earlier = before.find(({ id }) => id === after.step);
  if (earlier === undefined)
    return `.after.step: "${after.step}" is not an earlier step; name one that comes before`;
  if (earlier.authority === 'recommend')
    return `.after.step: "${after.step}" is only recommended, so it comes to no result; name one that is executed`;
  if (after.result === 'refused' && !approves(earlier))
    return `.after.result: "${after.step}" asks nobody, so nobody refuses it; name another result`;
  if (after.result === 'expired' && !approves(earlier) && earlier.expiresAfter === undefined)
    return `.after.result: "${after.step}" never expires; give it expiresAfter or name another result`;
  return null;
};

const only = <T>(values: readonly T[] | undefined, allowed: readonly T[]): boolean =>
  values !== undefined && values.every((value) => allowed.includes(value));

/** Chance withholds nothing that is owed, nothing that people decide, and nothing of safety. */
const checkHoldOut = (
  { holdOut, mandatory, authority, guard }: PlaybookStep,
  { match }: Playbook,
  taxonomy: Taxonomy,
): string | null => {
  if (holdOut === 0) return null;
  const take = '; take it away';
  if (mandatory) return `.holdOut: ${holdOut} of a mandatory step${take}`;
  if (typeof authority !== 'string')
    return `.holdOut: ${holdOut} of a step that people decide, who would be asked in vain${take}`;
  if (authority === 'recommend') return `.holdOut: ${holdOut} of a step that is only recommended${take}`;
  if (only(match.tiers, ['guaranteed']) || only(guard?.tiers, ['guaranteed']))
    return `.holdOut: ${holdOut} of what is guaranteed, which chance never withholds${take}`;
  if (only(guard?.contents, ['perishable', 'hazardous']))
    return `.holdOut: ${holdOut} of what spoils or endangers, which chance never withholds${take}`;
  const rules = (match.categories ?? []).map((category) => categoryOf(taxonomy, category));
  if (rules.length > 0 && rules.every((rule) => rule !== undefined && isSafety(rule)))
    return `.holdOut: ${holdOut} of categories of safety, which chance never withholds${take}`;
  return null;
};

const checkBudget = ({ budget, mandatory, authority, costMinor }: PlaybookStep): string | null => {
  if (budget === undefined) return null;
  if (mandatory) return '.budget: of a mandatory step, which no budget withholds; take one of them away';
  if (authority === 'recommend') return '.budget: of a step that is only recommended; take it away';
  const limits = Object.entries({ perDay: budget.perDay, perCustomerPerDay: budget.perCustomerPerDay });
  if (limits.every(([, limit]) => limit === undefined))
    return '.budget: says nothing; give perDay or perCustomerPerDay';
  for (const [name, limit] of limits) {
    if (limit === undefined) continue;
    if (limit.count === undefined && limit.costMinor === undefined)
      return `.budget.${name}: says nothing; give count or costMinor`;
    if (limit.costMinor !== undefined && costMinor === 0)
      return `.budget.${name}.costMinor: ${limit.costMinor} of a step that costs nothing; give its costMinor, or a count`;
    if (limit.costMinor !== undefined && limit.costMinor < costMinor)
      return `.budget.${name}.costMinor: ${limit.costMinor} is less than the ${costMinor} of one; give at least that`;
  }
  return null;
};

/** What would expire before its wait is over could never be due. */
const checkWait = ({ waitFor, expiresAfter }: PlaybookStep): string | null => {
  if (waitFor === undefined || expiresAfter === undefined || expiresAfter === 'promise') return null;
  const [key, wait] = 'for' in waitFor ? ['for', waitFor.for] : ['within', waitFor.within];
  return durationMs(wait) < durationMs(expiresAfter)
    ? null
    : `.waitFor.${key}: ${wait} is not less than expiresAfter ${expiresAfter}, so it would never be due; wait less or expire later`;
};

const checkChain = ({ authority }: PlaybookStep): string | null => {
  if (typeof authority === 'string') return null;
  const { role, chain } = authority.approve;
  const roles = [role, ...chain.map((rung) => rung.role)];
  const twice = roles.findIndex((name, at) => roles.indexOf(name) < at);
  return twice < 0
    ? null
    : `.authority.approve.chain[${twice - 1}].role: "${roles[twice]}" was asked before; name another role`;
};

const checkCompensation = (
  { compensate, authority }: PlaybookStep,
  destinations: readonly string[] | undefined,
): string | null => {
  if (compensate === undefined) return null;
  if (authority === 'recommend')
    return '.compensate: of a step that nothing executes, so nothing is to be made good; take it away';
  return destinations === undefined || destinations.includes(compensate.destination)
    ? null
    : `.compensate.destination: ${unknown(compensate.destination, destinations)}`;
};

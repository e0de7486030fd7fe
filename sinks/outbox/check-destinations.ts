import { ForewarnError } from '../../runtime/forewarn-error.ts';

/** Refuses to start with playbooks that send actions to where nothing is configured. */
export const checkDestinations = (
  wanted: Iterable<{ readonly destination: string; readonly place: string }>,
  configured: Iterable<string>,
): void => {
  const names = new Set(configured);
  for (const { destination, place } of wanted) {
    if (names.has(destination)) continue;
    const known = names.size === 0 ? 'none is configured' : `known are ${[...names].sort().join(', ')}`;
    throw new ForewarnError(
      'FW101',
      `${place}: destination "${destination}" is not in forewarn.yaml; ${known}; add it under "destinations"`,
    );
  }
};

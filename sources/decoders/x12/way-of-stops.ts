import type { Places } from '../../../domain/places.ts';
import type { PlanLeg } from '../../../domain/shipment-plan.ts';
import type { Stop } from './load-tender-204.ts';

/**
 * What a leg between two stops passes, by what the location master knows best of each: the customer's own place that the
 * stop's party or UN/LOCODE names, else its postal code, else its city. The leg's own words do not tell as much: all of
 * Chicago is one `CHICAGO IL US`, and a name that is not spelled as in the table is no place. Where one end is not known, the
 * zones are those of the other.
 */
export const wayOfStops = (
  from: Stop,
  to: Stop,
  mode: PlanLeg['mode'],
  places: Places | undefined,
): Pick<PlanLeg, 'zones' | 'zonesAt'> => {
  const [start, end] = [knownWord(from, places), knownWord(to, places)];
  if (places === undefined) return { zones: [] };
  const { zones, zonesAt } = places.wayBetween(start ?? '', end ?? '', mode);
  return { zones: [...zones], ...(zonesAt === null ? {} : { zonesAt: [...zonesAt] }) };
};

/** The first word for a stop that names a place which is known. */
const knownWord = ({ place, party }: Stop, places: Places | undefined): string | null => {
  const zonesOf = (word: string): readonly string[] => places?.wayBetween(word, word, 'air').zones ?? [];
  const code = party?.code ?? '';
  // A code of a partner's own may look like anything; only one that is a place of the customer's is believed.
  if (code !== '' && zonesOf(code).some((zone) => zone.toUpperCase() === `PLACE:${code.toUpperCase()}`))
    return code;
  const { unlocode = null, postalCode = null, city = null, region = null, country = null } = place ?? {};
  const words = [
    unlocode,
    postalCode === null ? null : `${country ?? 'US'}-${postalCode}`,
    city === null || region === null || !/^(?:USA?)?$/i.test(country ?? '') ? null : `${city}, ${region}`,
  ];
  return words.find((word) => word !== null && zonesOf(word).length > 0) ?? null;
};

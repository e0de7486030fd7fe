import type { IMetar } from 'metar-taf-parser';

/** Code table 4678 of the WMO's Manual on Codes, in lower-case words. */
const words: Readonly<Record<string, string>> = {
  '-': 'light',
  '+': 'heavy',
  VC: 'nearby',
  RE: 'recent',
  MI: 'shallow',
  BC: 'patchy',
  PR: 'partial',
  DR: 'drifting',
  BL: 'blowing',
  SH: 'showers of',
  TS: 'thunderstorm',
  FZ: 'freezing',
  DZ: 'drizzle',
  RA: 'rain',
  SN: 'snow',
  SG: 'snow grains',
  IC: 'ice crystals',
  PL: 'ice pellets',
  GR: 'hail',
  GS: 'small hail',
  UP: 'unknown precipitation',
  BR: 'mist',
  FG: 'fog',
  FU: 'smoke',
  VA: 'volcanic ash',
  DU: 'dust',
  SA: 'sand',
  HZ: 'haze',
  PO: 'dust whirls',
  SQ: 'squalls',
  FC: 'funnel cloud',
  SS: 'sandstorm',
  DS: 'duststorm',
};

/** `+SN FZRA` → `heavy snow, freezing rain`. */
export const conditionsOf = ({ weatherConditions }: IMetar): string =>
  weatherConditions
    .map(({ intensity, descriptive, phenomenons }) =>
      [intensity, descriptive, ...phenomenons]
        .flatMap((code) => (code === undefined ? [] : [words[code] ?? code]))
        .join(' '),
    )
    .join(', ')
    .slice(0, 400);

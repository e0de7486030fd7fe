import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Hazard, withAlert } from '../../../domain/hazard.ts';
import type { WeatherAlert } from '../../../domain/weather-alert.ts';
import { contentTypeOfFile } from '../../../sources/decoders/content-type.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import type { Decoded } from '../../../sources/decoders/decoder.ts';
import { locationMaster } from '../../../sources/places/location-master.ts';
import { documentOf, repository, settingsWith } from './decoder-settings.ts';

const samples = `${repository}../shared/samples/`;
const absent = !existsSync(samples);
if (absent) console.warn(`skipped: recorded weather is not at ${samples}`);

const now = Date.parse('2029-12-30T12:00:00Z');
const heardAt = Date.parse('2030-01-01T00:00:00Z');
const places = locationMaster([]);

const unitMs: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Some files are templates; their times are filled in as their owner does. */
const filled = (text: string): string =>
  text.replaceAll(
    /date:(?:now|today [\d:-]+)(?: ([+-]?\d+) (second|minute|hour|day)s?)?/g,
    (_, amount?: string, unit?: string) =>
      new Date(now + Number(amount ?? 0) * (unitMs[unit ?? ''] ?? 0)).toISOString(),
  );

const read = (folder: string, name: string): readonly Decoded[] => {
  const bytes = new TextEncoder().encode(filled(readFileSync(`${samples}${folder}/${name}`, 'utf8')));
  const document = documentOf(bytes, { contentType: contentTypeOfFile(name, bytes) ?? '', heardAt });
  return decode(document, settingsWith({ places }));
};
const alertsOf = (decoded: readonly Decoded[]): WeatherAlert[] =>
  decoded.flatMap((one) => (one.type === 'weather' ? [one.value] : []));

describe.skipIf(absent)('recorded CAP', () => {
  /** As read by eye: event, type, severity, chain, end, how many zones and the last of them. */
  const expected: Readonly<Record<string, readonly string[]>> = {
    'australia.cap': [
      'Fire | alert | minor | tag:www.rfs.nsw.gov.au2011-10-06:40184 | 2011-10-06T13:04 | 1 http://www.iso.org/iso/country_codes.html:AU-NSW',
      'Fire | alert | minor | tag:www.rfs.nsw.gov.au2011-10-06:40184 | 2011-10-06T13:04 | 1 http://www.psma.com.au/?product=postcode-boundaries:2642',
    ],
    // An all clear: it ends the watch that it refers to.
    'canada.cap': [
      'thunderstorm | cancel | minor | 2.49.0.1.124.a3f342a4.2012 | 2012-05-03T00:20 | 13 profile:CAP-CP:Location:0.3:3536029',
    ],
    // A point in the ocean, in no county.
    'earthquake.cap': [
      'Earthquake | alert | unknown | USGS-earthquakes-us2010apcd.6.20100831T000925.496Z | 2010-09-02T05:09 | 0 ',
    ],
    'wcatwc-warning.cap': [
      'Tsunami Warning | update | extreme | PAAQ-1-lqw6d6 | 2011-09-02T12:36 | 2 AKZ187',
    ],
    'weather.cap': [
      'Flash Flood Watch | alert | severe | NOAA-NWS-ALERTS-MT20100830100700TFXFlashFloodWatchTFX20100830180000MT | 2010-08-30T18:00 | 3 MTZ014',
    ],
  };

  it('is all in the table', () => {
    expect(readdirSync(`${samples}cap`).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.entries(expected))('%s is read as a person reads it', (name, lines) => {
    const alerts = alertsOf(read('cap', name));
    expect(
      alerts.map(
        ({ event, messageType, severity, hazardId, endsAt, zones }) =>
          `${event} | ${messageType} | ${severity} | ${hazardId} | ${new Date(endsAt).toISOString().slice(0, 16)} | ${zones.length} ${zones.at(-1) ?? ''}`,
      ),
    ).toEqual(lines);
  });
});

describe.skipIf(absent)('recorded NWS alerts', () => {
  /** Alerts by VTEC action, counted in the files without our decoder. */
  const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    'guam-7day_active.json': { CON: 89, EXA: 2, EXB: 2, EXT: 25, NEW: 106, UPG: 1, none: 21 },
    'pynws_alerts_active_zone.json': { CON: 1 },
    'pynws_alerts_active_zone_second.json': { CON: 2 },
    'testing_active.json': { CON: 18, NEW: 11, none: 9 },
  };

  it.each(Object.entries(expected))('%s has so many of each action', (name, counts) => {
    const found: Record<string, number> = {};
    for (const { vtecAction } of alertsOf(read('nws-alerts', name)))
      found[vtecAction ?? 'none'] = (found[vtecAction ?? 'none'] ?? 0) + 1;
    expect(found).toEqual(counts);
  });

  it('speak of one hazard in several messages, and none of them makes the others forgotten', () => {
    const hazards = new Map<string, Hazard>();
    for (const alert of alertsOf(read('nws-alerts', 'testing_active.json')))
      hazards.set(alert.hazardId, withAlert(hazards.get(alert.hazardId), alert));
    const advisory = hazards.get('KSEW.WW.Y.0012.2029');
    expect(Object.keys(advisory?.zones ?? {}).toSorted()).toEqual(['WAZ513', 'WAZ568', 'WAZ569']);
  });

  it('are in the counties of their shape where they name no zone', () => {
    const shaped = alertsOf(read('nws-alerts', 'testing_active.json')).find(
      ({ hazardId }) => hazardId === 'KJAX.SV.W.0011.2029',
    );
    // Its shape, unlike its office, lies in Louisiana.
    expect(shaped?.zones).toContain('LAC033');
    expect(shaped?.zones.every((zone) => zone.startsWith('LAC'))).toBe(true);
  });
});

describe.skipIf(absent)('recorded NWS observations', () => {
  /** Station, °C, km/h, metres of sight, words: as read by eye; the rest of the files holds no observation. */
  const expected: Readonly<Record<string, string>> = {
    KAHQ: 'KAHQ -8.5 9.36 16090 Clear',
    KBHM: 'KBHM 13.9 0 16090 Mostly Clear',
    KDCA: 'KDCA 7.2 14.76 16090 Mostly Cloudy',
    KFET: 'KFET -8.8 7.56 16090 Clear',
    KFLG: 'KFLG 6.7 null 16090 Clear',
    KLIT: 'KLIT 12.8 5.4 16090 Clear',
    KMLE: 'KMLE -6.5 0 16090 Clear',
    KPBF: 'KLIT 12.8 5.4 16090 Clear',
    KSGT: 'KLIT 12.8 5.4 16090 Clear',
    KSHN: 'KSHN 5 0 16090 Cloudy',
    KTCL: 'KTCL 21.1 null 16090 Clear',
    PABR: 'PABR -3 14.832 402.34 Freezing Fog',
    // A server's answer 503 that was recorded as a collection without features.
    PAEI: 'failure FW401',
    PAFA: 'failure FW401',
    PAFB: 'failure FW401',
    PARC: 'PARC 7 0 16093.44 Mostly Cloudy',
    PATQ: 'PATQ -2 7.416 16093.44 Mostly Clear',
    PFYU: 'PFYU 9 7.416 16093.44 Clear',
    PHJR: 'PHJR 23.9 14.76 16090 Cloudy',
    PHNG: 'PHNG 23.9 14.76 16090 Cloudy',
    PHNL: 'PHNL null null 16090 Cloudy',
    PPIZ: 'nothing heartbeat',
  };

  it('is each what a person reads in it', () => {
    const found: Record<string, string> = {};
    for (const name of readdirSync(`${samples}nws-observations`)) {
      const decoded = read('nws-observations', name);
      expect(decoded).toHaveLength(1);
      const [one] = decoded;
      if (one?.type === 'observation') {
        const { station, temperatureC, windKph, visibilityM, conditions } = one.value;
        found[name.slice(0, 4)] = [station, temperatureC, windKph, visibilityM, conditions]
          .map(String)
          .join(' ');
      } else if (one?.type === 'failure') found[name.slice(0, 4)] = `failure ${one.code}`;
      else if (one?.type === 'nothing') found[name.slice(0, 4)] = `nothing ${one.why}`;
    }
    expect(found).toEqual(expected);
  });

  it('hold METARs that say the same', () => {
    for (const name of ['KBHM', 'KLIT', 'KTCL']) {
      const text = filled(
        readFileSync(`${samples}nws-observations/${name}_observations_latest.json`, 'utf8'),
      );
      const { rawMessage, temperature } = z
        .object({
          features: z.array(
            z.object({
              properties: z.object({ rawMessage: z.string(), temperature: z.object({ value: z.number() }) }),
            }),
          ),
        })
        .parse(JSON.parse(text)).features[0]!.properties;
      const [one] = decode(documentOf(rawMessage, { contentType: 'text/plain', heardAt }), settingsWith());
      if (one?.type !== 'observation') throw new Error(JSON.stringify(one));
      expect(one.value.temperatureC).toBe(Math.round(temperature.value));
    }
  });
});

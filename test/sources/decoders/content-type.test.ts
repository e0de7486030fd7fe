import { describe, expect, it } from 'vitest';
import { contentTypeOfFile, formatOf, mediaType } from '../../../sources/decoders/content-type.ts';
import { decode } from '../../../sources/decoders/decode.ts';
import { formats } from '../../../sources/decoders/formats.ts';
import { formatNames } from '../../../runtime/format-names.ts';
import { documentOf, settingsWith } from './decoder-settings.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const geo = '{"features":[],"type":"FeatureCollection"}';

it('knows each format by one name, and each by the name that settings may give it', () => {
  expect(formats.map(({ name }) => name).toSorted()).toEqual([...formatNames].toSorted());
  const labels = formats.flatMap(({ mediaTypes }) => mediaTypes);
  expect(new Set(labels).size).toBe(labels.length);
});

describe('the format of a document', () => {
  it('is read from its label without case and parameters', () => {
    expect(mediaType('Application/EDI-X12; charset=us-ascii')).toBe('application/edi-x12');
    expect(mediaType(undefined)).toBe('');
  });

  it('is what its source is set to where the label does not say', () => {
    expect(formatOf('application/json', bytes(geo), 'canonical')?.name).toBe('canonical');
    expect(formatOf('application/edi-x12', bytes(geo), 'canonical')?.name).toBe('x12');
  });

  it.each([
    ['text/plain', 'ISA*00*', 'x12'],
    ['application/octet-stream', '\uFEFF\r\nISA*00*', 'x12'],
    ['text/plain', 'ST*214*1~', 'x12'],
    ['text/plain', geo, 'nws'],
    ['application/json', geo, 'nws'],
    ['application/json', '{"type":"plan","note":"\\"Feature"}', 'canonical'],
    ['application/json', '{"type":"plan","place":{"type":"Feature"}}', 'canonical'],
    ['text/plain', '[{"type":"plan"}]', 'canonical'],
    ['text/plain', '{\n "type":"plan"\n}', 'canonical'],
    ['text/plain', '{"type":"plan"}\n{"type":"plan"}', 'canonical-lines'],
    ['text/plain', "UNA:+.? 'UNB+UNOC:3+A+B+250602:0800+1'", 'edifact'],
    ['application/octet-stream', '\uFEFF\r\nUNB+UNOC:3', 'edifact'],
    ['text/plain', 'unh|1|IFTSTA^D^96A^UN~', 'edifact'],
    ['text/plain', 'UNBELIEVABLE', null],
    ['text/plain', 'ISABELLA WROTE', null],
    ['image/png', 'ISA*00*', null],
  ])('%s with %s is %s', (label, content, type) => {
    expect(formatOf(label, bytes(content))?.name ?? null).toBe(type);
  });

  it.each([
    ['a.EDI', 'ISA*00*', 'application/edi-x12'],
    ['a.x12', 'x', 'application/edi-x12'],
    ['a.edi', "UNB+UNOC:3+A'", 'application/edifact'],
    ['a.edifact', 'x', 'application/edifact'],
    ['day.1.214', 'x', 'application/edi-x12'],
    ['a.json', '{}', 'application/json'],
    ['a.json', geo, 'application/json'],
    ['a.ndjson', '{}', 'application/x-ndjson'],
    ['a.geojson', '{}', 'application/geo+json'],
    ['a.txt', 'ISA*00*', 'application/edi-x12'],
    ['a.txt', 'hello', null],
    ['noextension', '{"type":"plan"}', 'application/json'],
  ])('of the file %s with %s is %s', (name, content, type) => {
    expect(contentTypeOfFile(name, bytes(content))).toBe(type);
  });

  it('that is not known is one failure with all its bytes', () => {
    const document = documentOf('hello', { contentType: 'image/png' });
    expect(decode(document, settingsWith())).toMatchObject([
      { type: 'failure', code: 'FW405', bytes: document.bytes },
    ]);
  });

  it('is decoded without a throw even where the settings are broken', () => {
    const content = 'ST*214*0001~B10*P1**RDWY~LX*1~AT7*D1*NS***20250601*1230~SE*5*0001~';
    const decoded = decode(documentOf(content), settingsWith({ defaultZone: 'Mars/Olympus' }));
    expect(decoded).toMatchObject([{ type: 'failure', code: 'FW401' }]);
    expect(decoded[0]?.type === 'failure' && decoded[0].reason).toContain('Mars/Olympus');
  });
});

import { describe, expect, it } from 'vitest';
import { overrides } from '../../../../domain/event-version.ts';
import type { TrackingEvent } from '../../../../domain/tracking-event.ts';
import type { Decoded, DecoderSettings, RawDocument } from '../../../../sources/decoders/decoder.ts';
import { decodeX12 } from '../../../../sources/decoders/x12/decode-x12.ts';
import { documentOf, HEARD_AT, settingsWith, textOf } from '../decoder-settings.ts';
import { delivered, interchange, statusSet } from './interchange.ts';

const read = (
  content: string | Uint8Array,
  settings?: DecoderSettings,
  changes?: Partial<RawDocument>,
): readonly Decoded[] => decodeX12(documentOf(content, changes), settings ?? settingsWith());

const events = (decoded: readonly Decoded[]): TrackingEvent[] =>
  decoded.flatMap((one) => (one.type === 'tracking' ? [one.value] : []));

const first = (decoded: readonly Decoded[]): TrackingEvent => {
  const [event] = events(decoded);
  if (event === undefined) throw new Error(`no event in ${JSON.stringify(decoded)}`);
  return event;
};

const iso = (t: number | null): string | null => (t === null ? null : new Date(t).toISOString());

describe('a 214', () => {
  it('becomes a tracking event with identifiers, place, meaning and provenance', () => {
    const content = interchange([
      statusSet({
        reference: '1751807  ',
        shipment: '75027674',
        segments: [
          'L11*BL-9*BM',
          'L11*7*QN',
          'LX*1',
          'AT7*SD*AO***20250601*2130*CT',
          'MS1*PEORIA*IL*US****',
          'MS2*RDWY*MSCU1234567*CN',
        ],
      }),
    ]);
    const event = first(read(content));
    expect(event).toMatchObject({
      at: Date.parse('2025-06-02T02:30:00Z'),
      heardAt: HEARD_AT,
      carrier: 'RDWY',
      status: 'in_transit',
      cause: 'weather',
      effect: 'delay',
      party: 'force_majeure',
      category: 'weather',
      code: { standard: 'x12-214', status: 'SD', reason: 'AO' },
      zoneSource: 'event',
      precision: 'instant',
      estimatedAt: null,
      source: { feed: 'acme', document: 'document-1', position: 0, decoder: 'x12/1', mapping: 'x12-214@1' },
    });
    expect(event.place).toMatchObject({ city: 'PEORIA', region: 'IL', country: 'US' });
    expect(event.identifiers).toEqual([
      { issuer: 'RDWY', kind: 'pro', value: '1751807' },
      { issuer: 'RDWY', kind: 'shipper_reference', value: '75027674' },
      { issuer: 'RDWY', kind: 'bol', value: 'BL-9' },
      { issuer: 'RDWY', kind: 'container', value: 'MSCU1234567' },
    ]);
  });

  it('keeps the references of one LX loop from the statuses of another', () => {
    const content = interchange([
      statusSet({
        reference: 'P1',
        segments: [
          'LX*1',
          'AT7*X4*NS***20250601*0800*ET',
          'L11*D1*DO',
          'LX*2',
          'AT7*X4*NS***20250601*0800*ET',
          'L11*D2*DO',
        ],
      }),
    ]);
    const values = events(read(content)).map(({ identifiers }) => identifiers.map(({ value }) => value));
    expect(values).toEqual([
      ['P1', 'D1'],
      ['P1', 'D2'],
    ]);
    const [one, two] = events(read(content));
    expect(one?.id).not.toBe(two?.id);
  });

  it('gives the same id to the same event in another document, heard later', () => {
    const again = read(interchange([delivered('P1')]), settingsWith(), {
      documentId: 'document-2',
      heardAt: HEARD_AT + 99,
    });
    expect(first(again).id).toBe(first(read(interchange([delivered('P1')]))).id);
  });

  it('tells an appointment as said now and arranged for later', () => {
    const content = interchange([
      statusSet({ reference: 'P1', segments: ['LX*1', 'AT7***AB*NA*20250609*0745*ET'] }),
    ]);
    const event = first(read(content));
    expect(event.status).toBe('appointment');
    expect(iso(event.estimatedAt)).toBe('2025-06-09T11:45:00.000Z');
    expect(iso(event.at)).toBe('2025-06-02T11:00:00.000Z');
  });

  it('takes a Q7 as trouble at the last status of its loop', () => {
    const content = interchange([
      statusSet({
        reference: 'P1',
        segments: ['LX*1', 'AT7*D1*NS***20250601*1230*ET', 'MS1*TROY*NY', 'Q7*D*CTN*2'],
      }),
    ]);
    const [, trouble] = events(read(content));
    expect(trouble).toMatchObject({
      category: 'damage',
      effect: 'damaged',
      at: Date.parse('2025-06-01T16:30:00Z'),
    });
    expect(trouble?.code?.status).toBe('Q7:D');
    expect(trouble?.place?.city).toBe('TROY');
  });

  it('names the equipment of a status by its owner, and keeps remark and pieces beside the codes', () => {
    const content = interchange([
      statusSet({
        reference: 'P1',
        segments: [
          'LX*1',
          'AT7*X3*NS***20250601*0800*ET',
          'MS1*TROY*NY*US',
          'MS2*JBHT*30402*TL',
          'AT7*AF*NS***20250601*0900*ET',
          'K1*SEAL BROKEN*ON ARRIVAL',
          'Q7*P*CTN*2',
        ],
      }),
    ]);
    const [arrived, left, short] = events(read(content));
    expect(arrived?.identifiers).toContainEqual({ issuer: 'JBHT', kind: 'equipment', value: '30402' });
    expect(left?.identifiers.map(({ kind }) => kind)).toEqual(['pro']);
    expect(left?.text).toBe('SEAL BROKEN ON ARRIVAL');
    expect(short).toMatchObject({ category: 'shortage', text: '2 CTN' });
  });

  it('says a status and its appointment as two events where one AT7 has both', () => {
    const content = interchange([
      statusSet({ reference: 'P1', segments: ['LX*1', 'AT7*X6*NS*AB*AD*20250602*0645*ET'] }),
    ]);
    expect(
      events(read(content)).map(({ status, code, category }) => [status, code?.status, category]),
    ).toEqual([
      ['in_transit', 'X6', null],
      ['appointment', 'AB', 'customer_request'],
    ]);
  });

  it('reads ISA11 as a standard’s name and as a repetition separator, and releases from 4010 to 8010', () => {
    for (const [isa11, isa12, release] of [
      ['U', '00401', '004010'],
      ['^', '00501', '005010'],
      ['^', '00801', '008010'],
    ]) {
      const content = interchange([delivered('P1')])
        .replace('*U*00401*', `*${isa11}*${isa12}*`)
        .replace('*X*004010', `*X*${release}`);
      expect(read(content)).toMatchObject([{ type: 'tracking', value: { status: 'delivered' } }]);
    }
  });

  it('maps an unknown status or reason to unmapped and keeps it', () => {
    const content = interchange([
      statusSet({
        reference: 'P1',
        segments: ['LX*1', 'AT7*9Z*NS***20250601*1230*ET', 'AT7*A9*9Y***20250601*1231*ET'],
      }),
    ]);
    const [unknown, damaged] = events(read(content));
    expect(unknown).toMatchObject({
      status: 'unmapped',
      cause: 'none',
      category: null,
      code: { status: '9Z' },
    });
    expect(damaged).toMatchObject({ cause: 'unmapped', category: 'damage', code: { reason: '9Y' } });
  });
});

describe('the zone of a local time', () => {
  const at = (at7: string, ms1: string | null, settings?: DecoderSettings): TrackingEvent =>
    first(
      read(
        interchange([
          statusSet({ reference: 'P1', segments: ['LX*1', at7, ...(ms1 === null ? [] : [ms1])] }),
        ]),
        settings,
      ),
    );
  const partners = { acme: { zone: 'America/Los_Angeles' } };

  it.each([
    ['ET', '2025-01-15T17:00:00.000Z'],
    ['PT', '2025-01-15T20:00:00.000Z'],
    ['ED', '2025-01-15T16:00:00.000Z'],
    ['UT', '2025-01-15T12:00:00.000Z'],
    ['NS', '2025-01-15T15:30:00.000Z'],
    ['02', '2025-01-15T10:00:00.000Z'],
    ['13', '2025-01-16T00:00:00.000Z'],
    ['24', '2025-01-15T13:00:00.000Z'],
  ])('is the time code %s', (code, expected) => {
    const event = at(`AT7*X4*NS***20250115*1200*${code}`, 'MS1*RENO*NV*US', settingsWith({ partners }));
    expect([iso(event.at), event.zoneSource]).toEqual([expected, 'event']);
  });

  it('is the region of the stop where the code says local, nothing, or something unknown', () => {
    for (const code of ['LT', '', 'QQ']) {
      const event = at(`AT7*X4*NS***20250115*1200*${code}`, 'MS1*REGINA*SK*CA', settingsWith({ partners }));
      expect([iso(event.at), event.zoneSource]).toEqual(['2025-01-15T18:00:00.000Z', 'stop']);
    }
  });

  it('is the address of the consignee for a delivery that names no place', () => {
    const segments = ['N1*CN*SOMEONE', 'N4*PHOENIX*AZ*85001', 'LX*1', 'AT7*D1*NS***20250601*1200*LT'];
    const event = first(
      read(interchange([statusSet({ reference: 'P1', segments })]), settingsWith({ partners })),
    );
    expect([iso(event.at), event.zoneSource, event.place?.city]).toEqual([
      '2025-06-01T19:00:00.000Z',
      'stop',
      'PHOENIX',
    ]);
  });

  it('is the partner’s, then the default, where no stop is known', () => {
    const partner = at('AT7*X4*NS***20250115*1200*LT', 'MS1*PERTH*WA*AU', settingsWith({ partners }));
    expect([iso(partner.at), partner.zoneSource]).toEqual(['2025-01-15T20:00:00.000Z', 'partner']);
    const none = at('AT7*X4*NS***20250115*1200', null);
    expect([iso(none.at), none.zoneSource]).toEqual(['2025-01-15T17:00:00.000Z', 'default']);
  });

  it('reads a time that comes twice as the first and one that is skipped with the offset before', () => {
    expect(iso(at('AT7*X4*NS***20241103*0130*ET', null).at)).toBe('2024-11-03T05:30:00.000Z');
    expect(iso(at('AT7*X4*NS***20240310*0230*ET', null).at)).toBe('2024-03-10T07:30:00.000Z');
  });

  it('orders a date without time at the end of its local day, and today at what was heard', () => {
    const past = at('AT7*X4*NS***20241103', 'MS1*TORONTO*ON*CA');
    expect([iso(past.at), past.precision]).toEqual(['2024-11-04T04:59:59.999Z', 'day']);
    const today = at('AT7*X4*NS***20250602', 'MS1*TORONTO*ON*CA');
    expect([today.at, today.precision]).toEqual([HEARD_AT, 'day']);
  });
});

describe('what cannot be used', () => {
  const failures = (decoded: readonly Decoded[]): string[] =>
    decoded.flatMap((one) => (one.type === 'failure' ? [`${one.code} ${one.reason}`] : []));

  it('is a failure with the bytes of its transaction, and the others go on', () => {
    const bad = statusSet({
      reference: 'P2',
      control: '0002',
      segments: ['LX*1', 'AT7*D1*NS***20251399*1230*ET'],
    });
    const decoded = read(interchange([delivered('P1'), bad, delivered('P3', undefined, '0003')]));
    expect(decoded.map(({ type, position }) => [type, position])).toEqual([
      ['tracking', 0],
      ['failure', 1],
      ['tracking', 2],
    ]);
    const failure = decoded[1];
    if (failure?.type !== 'failure') throw new Error('no failure');
    expect(failure).toMatchObject({ stage: 'validate', code: 'FW402' });
    expect(failure.reason).toContain('20251399');
    expect(textOf(failure.bytes)).toBe(bad.map((segment) => `${segment}~`).join('\n'));
    // What a dead letter holds can be played again once its cause is mended.
    const mended = textOf(failure.bytes).replace('20251399', '20250601');
    expect(first(read(mended)).identifiers[0]?.value).toBe('P2');
  });

  it('is an event of the future', () => {
    const decoded = read(interchange([delivered('P1', 'AT7*D1*NS***20250602*1211*UT')]));
    expect(failures(decoded)[0]).toMatch(/^FW403 .*2025-06-02T12:11:00/);
    expect(failures(read(interchange([delivered('P1', 'AT7*D1*NS***20250602*1209*UT')])))).toEqual([]);
  });

  it('is a set that is not taken yet; an acknowledgement is a record of its own', () => {
    const other = ['ST*210*0001', 'B3**4711*75*PP', 'SE*3*0001'];
    const acknowledgement = ['ST*997*0002', 'AK1*QM*42', 'AK9*A*1*1*1', 'SE*4*0002'];
    const decoded = read(interchange([other, acknowledgement]));
    expect(decoded).toMatchObject([
      { type: 'failure', code: 'FW405', reason: 'transaction set 210 (motor freight invoice) is not taken' },
      { type: 'acknowledgement', value: { groupControl: '42', setControl: null, verdict: 'accepted' } },
    ]);
  });

  it.each([
    ['a file cut before its SE', interchange([delivered('P1')]).split('SE*')[0] ?? '', 'may have been cut'],
    [
      'a 214 without AT7',
      interchange([statusSet({ reference: 'P1', segments: ['LX*1'] })]),
      'neither AT7 nor Q7',
    ],
    ['a 214 without B10', interchange([delivered('P1')]).replace('B10*', 'B11*'), 'no B10'],
    ['a 214 without a reference', interchange([delivered('')]), 'no reference'],
    [
      'two transactions run together',
      interchange([delivered('P1'), delivered('P2', undefined, '0002')]).replace(
        /SE\*6\*0001~\nST\*214\*0002~\nB10[^~]*~/,
        '',
      ),
      'ran together',
    ],
    ['no interchange at all', 'Dear partner, please find attached', 'belongs to no transaction'],
  ])('is %s', (_, content, reason) => {
    const decoded = read(content);
    expect(events(decoded)).toEqual([]);
    expect(failures(decoded).join()).toContain(reason);
  });
});

describe('the envelope', () => {
  const plain = interchange([delivered('P1'), delivered('P2', undefined, '0002')]);
  const said = (content: string | Uint8Array): readonly Decoded[] =>
    read(content).filter(({ type }) => type !== 'edi_finding');
  const values = (content: string | Uint8Array): (string | undefined)[] =>
    said(content).map((one) =>
      one.type === 'tracking' ? one.value.identifiers[0]?.value : JSON.stringify(one),
    );

  it.each([
    [
      'other delimiters',
      interchange([delivered('P1'), delivered('P2', undefined, '0002')], {
        element: '|',
        terminator: "'",
        component: ':',
      }),
    ],
    [
      'line feeds as terminators',
      interchange([delivered('P1'), delivered('P2', undefined, '0002')], { terminator: '\n' }),
    ],
    [
      'CR LF as terminators',
      interchange([delivered('P1'), delivered('P2', undefined, '0002')], { terminator: '\r\n' }),
    ],
    [
      'a terminator followed by CR LF',
      interchange([delivered('P1'), delivered('P2', undefined, '0002')], { terminator: '~\r\n' }),
    ],
    ['no line break at all', plain.replaceAll('\n', '')],
    ['lines wrapped at 80 columns', plain.replaceAll('\n', '').replaceAll(/(.{80})/g, '$1\r\n')],
    ['lines wrapped just before the header’s terminator', plain.replace('>~', '>\r\n~')],
    ['a byte order mark', `\uFEFF${plain}`],
    ['padding after the end', `${plain}\u001A\u0000\u0000\n\n`],
    ['a trimmed ISA', plain.replace(/ {10}/g, '')],
    [
      'wrong counts and control numbers',
      plain
        .replace('SE*6*0001', 'SE*99*0001')
        .replace('GE*2*42', 'GE*7*41')
        .replace('IEA*1*000000042', 'IEA*3*000000041'),
    ],
    ['a control number without its zeros in SE', plain.replace('SE*6*0002', 'SE*6*2')],
  ])('is read with %s', (name, content) => {
    const found = values(content).filter((value) => !value?.includes('belongs to no transaction'));
    expect(found).toEqual(['P1', 'P2']);
    if (!name.includes('trimmed')) expect(said(content)).toHaveLength(2);
  });

  it.each([
    ['SE*6*0001', 'SE*99*0001', 'wrong_count SE 0001 99 6'],
    ['GE*2*42', 'GE*7*42', 'wrong_count GE 42 7 2'],
    ['GE*2*42', 'GE*2*41', 'wrong_control GE 42 41 42'],
    ['IEA*1*000000042', 'IEA*1*000000041', 'wrong_control IEA 000000042 000000041 000000042'],
    ['GE*2*42~\n', '', 'no_trailer GE 42 null null'],
    ['IEA*1*000000042~\n', '', 'no_trailer IEA 000000042 null null'],
    ['>~', '>\r\n~', 'wrapped null 000000042 null null'],
  ])('tells of %j as %j, and loses nothing', (sound, odd, told) => {
    expect(plain).toContain(sound);
    const content = plain.replace(sound, odd);
    expect(values(content)).toEqual(['P1', 'P2']);
    const [finding, ...more] = read(content).flatMap((one) => (one.type === 'edi_finding' ? [one] : []));
    expect(more).toEqual([]);
    expect(finding?.position).toBe(2);
    const { kind, segment, control, said: says, found } = finding?.value ?? {};
    expect(`${kind} ${segment} ${control} ${says} ${found}`).toBe(told);
  });

  it('tells of sets outside of any interchange, once with how many', () => {
    const bare = plain.slice(plain.indexOf('ST*'), plain.indexOf('GE*'));
    expect(read(bare).at(-1)).toMatchObject({
      type: 'edi_finding',
      value: { kind: 'no_interchange', sender: null, control: '0001', byteOffset: 0, times: 2 },
    });
  });

  it('is read again for each interchange of a file', () => {
    const other = interchange([delivered('P3')], { element: '+', terminator: '!', component: ':' });
    expect(values(`${plain}\uFEFF${other}`)).toEqual(['P1', 'P2', 'P3']);
  });

  it('reads UTF-8 and Latin-1 alike', () => {
    const place = (bytes: Uint8Array): string | null | undefined => first(read(bytes)).place?.city;
    const content = interchange([
      statusSet({
        reference: 'P1',
        segments: ['LX*1', 'AT7*D1*NS***20250601*1230*ET', 'MS1*MONTRÉAL*QC*CA'],
      }),
    ]);
    expect(place(Buffer.from(content, 'utf8'))).toBe('MONTRÉAL');
    expect(place(Buffer.from(content, 'latin1'))).toBe('MONTRÉAL');
  });

  it('tells text between transactions and keeps it', () => {
    const decoded = read(plain.replace('ST*214*0002', 'XX*1~\nST*214*0002'));
    expect(decoded.map(({ type }) => type)).toEqual(['tracking', 'failure', 'tracking']);
    expect(decoded[1]?.type === 'failure' && textOf(decoded[1].bytes)).toBe('XX*1~');
  });
});

describe('a status that its partner says again', () => {
  /** D1 at Dayton as it was said at a time of 2 June. */
  const said = (
    gs: string,
    clock: string,
    { corrects = ['D1'], reason = 'NS', city = 'DAYTON', code = 'D1', reference = 'P1' } = {},
  ): TrackingEvent => {
    const segments = ['LX*1', `AT7*${code}*${reason}***20250601*${clock}*ET`, `MS1*${city}*OH*US`];
    const content = interchange([statusSet({ reference, shipment: 'L1', segments })]).replace(
      '*20250602*0700*',
      `*20250602*${gs}*`,
    );
    return first(read(content, settingsWith({ partners: { feed: { corrects } } }), { source: 'feed' }));
  };

  it('counts instead of what was said before where the partner is known to correct it, whatever its time and reason', () => {
    const early = said('0500', '1400');
    const late = said('0630', '1320', { reason: 'AO' });
    expect(overrides(late.id, early.id)).toBe(true);
    expect(overrides(early.id, late.id)).toBe(false);
    expect(said('0500', '1400').id).toBe(early.id);
    // In one minute the later time counts, and neither is taken for the other.
    expect(overrides(said('0500', '1401').id, early.id)).toBe(true);
  });

  it('is an event of its own of another code, stop or shipment, and of everybody else', () => {
    const one = said('0500', '1400');
    for (const other of [{ code: 'X1' }, { city: 'LIMA' }, { reference: 'P2' }, { corrects: [] }])
      expect(overrides(said('0630', '1320', other).id, one.id)).toBe(false);
    const others = [said('0500', '1400', { corrects: [] }), said('0630', '1320', { corrects: [] })];
    expect(new Set(others.map(({ id }) => id)).size).toBe(2);
    expect(overrides(others[1]!.id, others[0]!.id)).toBe(false);
  });
});

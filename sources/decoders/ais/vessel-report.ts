import type { VesselPosition } from '../../../domain/vessel-position.ts';
import type { SixBits } from './six-bits.ts';

export type VesselReport = Omit<VesselPosition, 'id' | 'at' | 'heardAt' | 'source'>;

const NO_LONGITUDE = 181;
const NO_LATITUDE = 91;

/**
 * Messages 1, 2, 3 (position) and 5 (static and voyage data) of ITU-R M.1371-5; null for any other, which tells nothing of
 * a port call; a text says why one of these cannot be used.
 */
export const vesselReport = (bits: SixBits): VesselReport | null | string => {
  switch (bits.unsigned(0, 6)) {
    case 1:
    case 2:
    case 3:
      return bits.length < 137 ? `a position has 168 bits, this one ${bits.length}` : position(bits);
    case 5:
      return bits.length < 422 ? `static data have 424 bits, these ${bits.length}` : voyage(bits);
    default:
      return null;
  }
};

const mmsiOf = (bits: SixBits): string => String(bits.unsigned(8, 30)).padStart(9, '0');

const position = (bits: SixBits): VesselReport | string => {
  // In 1/10,000 of a minute of arc.
  const longitude = bits.signed(61, 28) / 600_000;
  const latitude = bits.signed(89, 27) / 600_000;
  const isKnown = longitude !== NO_LONGITUDE && latitude !== NO_LATITUDE;
  if (isKnown && (Math.abs(longitude) > 180 || Math.abs(latitude) > 90))
    return `it lies at ${latitude}, ${longitude}, which is no place`;
  const speed = bits.unsigned(50, 10);
  const course = bits.unsigned(116, 12);
  return {
    mmsi: mmsiOf(bits),
    imo: null,
    name: null,
    latitude: isKnown ? latitude : null,
    longitude: isKnown ? longitude : null,
    speedKn: speed === 1_023 ? null : speed / 10,
    courseDeg: course >= 3_600 ? null : course / 10,
    navigation: bits.unsigned(38, 4),
    destination: null,
    port: null,
  };
};

const voyage = (bits: SixBits): VesselReport => {
  const imo = bits.unsigned(40, 30);
  return {
    mmsi: mmsiOf(bits),
    // 0 is "not available"; what has not seven digits is none.
    imo: imo >= 1_000_000 && imo <= 9_999_999 ? String(imo) : null,
    name: bits.text(112, 20),
    latitude: null,
    longitude: null,
    speedKn: null,
    courseDeg: null,
    navigation: 15,
    destination: bits.text(302, 20),
    port: null,
  };
};

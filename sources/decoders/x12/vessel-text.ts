/** Vessel, its IMO number or code, and voyage, for people: `MARIM (9330141), voyage 202N`; null where none is named. */
export const vesselOf = (name: string, code: string, voyage: string): string | null => {
  const vessel = name !== '' && code !== '' ? `${name} (${code})` : name || code;
  const shown = [vessel, voyage === '' ? '' : `voyage ${voyage}`].filter((part) => part !== '');
  return shown.length === 0 ? null : shown.join(', ');
};

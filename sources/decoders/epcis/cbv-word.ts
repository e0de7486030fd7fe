/** What a word of the Core Business Vocabulary is about, and how long URIs name that. */
const kinds = {
  bizStep: { name: 'BizStep', urn: 'bizstep' },
  disposition: { name: 'Disp', urn: 'disp' },
  error: { name: 'ER', urn: 'er' },
  transaction: { name: 'BTT', urn: 'btt' },
  component: { name: 'Comp', urn: 'comp' },
} as const;

/**
 * The bare word of a CBV term, however it is written: `shipping`, `cbv:BizStep-shipping`,
 * `https://ref.gs1.org/cbv/BizStep-shipping`, `https://ns.gs1.org/cbv/BizStep-shipping`, `urn:epcglobal:cbv:bizstep:shipping`.
 * A term of somebody's own, such as `https://example.com/bizStep/inspecting`, stays whole: only they know what it means.
 */
export const cbvWord = (kind: keyof typeof kinds, term: string): string => {
  const { name, urn } = kinds[kind];
  const long = new RegExp(
    `^(?:cbv:|https?://(?:ref|ns)\\.gs1\\.org/(?:voc/)?cbv/|urn:epcglobal:cbv:)(?:${name}-|${urn}:)(\\w+)$`,
    'i',
  ).exec(term);
  return long?.[1] ?? term;
};

/** `gs1:Temperature`, `https://gs1.org/voc/Temperature` and `Temperature` are one word. */
export const gs1Word = (term: string): string =>
  /^(?:gs1:|https?:\/\/(?:www\.)?(?:ref\.)?gs1\.org\/voc\/)(\w+)$/i.exec(term)?.[1] ?? term;

type Holder = Readonly<Record<string, unknown>> | readonly unknown[];

/**
 * A document with one of its values alone, in all that it stands in: lists on the way down hold nothing else, and what stands
 * beside them stays. So a scan that could not be used, mended, is again a reply of its carrier with the parcel that it is about.
 * `{ "id": 7, "parcels": [{ "no": "A", "scans": [1, {…}, 3] }, { "no": "B" }] }` → `{ "id": 7, "parcels": [{ "no": "A", "scans": [{…}] }] }`
 *
 * Where a value is in its document is found once, when it is first asked. What is not in it, or is a bare text, is itself.
 */
export const envelopesIn = (document: unknown): ((value: unknown) => unknown) => {
  let holders: ReadonlyMap<object, readonly [Holder, string]> | null = null;
  return (value) => {
    if (!isHolder(value)) return value;
    holders ??= holdersIn(document);
    let around: unknown = value;
    for (let found = holders.get(value); found !== undefined; found = holders.get(found[0])) {
      const [holder, key] = found;
      around = Array.isArray(holder) ? [around] : { ...(holder as object), [key]: around };
    }
    return around;
  };
};

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** What each object and list of a document stands in, and under which key. */
const holdersIn = (document: unknown): ReadonlyMap<object, readonly [Holder, string]> => {
  const holders = new Map<object, readonly [Holder, string]>();
  const open: Holder[] = isHolder(document) ? [document] : [];
  for (let holder = open.pop(); holder !== undefined; holder = open.pop())
    for (const [key, value] of Object.entries(holder))
      if (isHolder(value)) {
        holders.set(value, [holder, key]);
        open.push(value);
      }
  return holders;
};

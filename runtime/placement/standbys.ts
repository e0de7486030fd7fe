/** Numbers by process, each by its name in the group. */
export type Shares = ReadonlyMap<string, readonly number[]>;

/**
 * The numbers of each process by who claimed which in the log, and of this one though it has none. Others that have none are not known
 * of; each of them knows itself. The group is not asked: the client ends the process with a segmentation fault when it is
 * asked for a group and the brokers are away (confluent-kafka-javascript issue 531).
 */
export const sharesOf = (members: ReadonlyMap<number, string>, own: string): Shares => {
  const shares = new Map<string, number[]>([[own, []]]);
  for (const [number, member] of [...members].sort(([a], [b]) => a - b)) {
    if (member === '') continue;
    const numbers = shares.get(member);
    if (numbers === undefined) shares.set(member, [number]);
    else numbers.push(number);
  }
  return shares;
};

/**
 * Who stands by for each number: the process to which the group would give it if the one that has it died. Kafka's
 * cooperative-sticky assignor gives what a dead member had, in ascending order, each to the member that has the fewest by then,
 * and of several to the last by name. So the standby is where the number goes, and the assignor need not know of it. That it does so
 * is what the client's version does, and promised nowhere: where it does otherwise, a take-over reads all.
 * a: 0, 3 · b: 1, 4 · c: 2 → for 0 c, for 3 c too (b and c have two by then), for 1 c, for 4 c, for 2 b.
 */
export const standbysOf = (shares: Shares): ReadonlyMap<number, string> => {
  const standbys = new Map<number, string>();
  for (const [dying, numbers] of shares) {
    const left = [...shares]
      .filter(([name]) => name !== dying)
      .map(([name, has]) => ({ name, count: has.length }));
    for (const number of numbers.toSorted((a, b) => a - b)) {
      const [next] = left.sort((a, b) => a.count - b.count || (a.name < b.name ? 1 : -1));
      if (next === undefined) break;
      next.count += 1;
      standbys.set(number, next.name);
    }
  }
  return standbys;
};

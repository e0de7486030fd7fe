import type { Cause, Effect, Party } from '../codes.ts';
import type { Evidence, Signal } from '../signal.ts';
import { stableId } from '../stable-id.ts';

export interface Raised {
  readonly shipmentId: string;
  readonly category: string;
  readonly kind: Signal['kind'];
  readonly at: number;
  readonly heardAt: number;
  readonly topic: string;
  readonly leg?: number | null;
  readonly cause?: Cause;
  readonly effect?: Effect;
  readonly party?: Party;
  readonly evidence?: Partial<Evidence>;
  readonly probability?: number | null;
  readonly expectedAt?: number | null;
  readonly modelVersion?: string | null;
  readonly modelVersions?: readonly string[];
  readonly eta?: Signal['eta'];
}

/** A signal in the given state. The id is made of what it says and of its evidence, so that it is said once. */
export const signalOf = (state: Signal['state'], raised: Raised): Signal => {
  const evidence = { events: [], alerts: [], ports: [], predictions: [], ...raised.evidence };
  const { shipmentId, category, topic, at } = raised;
  const spoken = Object.values(evidence).flat().join(',');
  return {
    id: stableId('signal', shipmentId, category, topic, state, at, spoken),
    at,
    heardAt: raised.heardAt,
    shipmentId,
    leg: raised.leg ?? null,
    category,
    topic,
    kind: raised.kind,
    state,
    cause: raised.cause ?? 'none',
    effect: raised.effect ?? 'none',
    party: raised.party ?? 'none',
    evidence,
    probability: raised.probability ?? null,
    expectedAt: raised.expectedAt ?? null,
    modelVersion: raised.modelVersion ?? null,
    modelVersions: [...(raised.modelVersions ?? [])],
    eta: raised.eta ?? null,
    contributions: [],
    unexplained: null,
  };
};

/** Names under which sums of a cell are kept, made once: joining strings for each label costs more than the sums. */
export interface CellKeys {
  readonly carrier: string;
  readonly lane: string;
  readonly carrierOnLane: string;
  readonly cell: string;
}

/** A blank in a name could make two cells one, so that names are written as JSON. */
export const cellKeys = (carrier: string, lane: string, service: string): CellKeys => ({
  carrier: JSON.stringify({ carrier }),
  lane: JSON.stringify({ lane }),
  carrierOnLane: JSON.stringify({ carrier, lane }),
  cell: JSON.stringify({ carrier, lane, service }),
});

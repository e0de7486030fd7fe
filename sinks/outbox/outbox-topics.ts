/** Topics that are partitioned alike, by shipment: what is due, what may still be, and what was found out. */
export const outboxTopics = {
  actions: 'actions',
  dispatches: 'dispatches',
  results: 'action-results',
  attempts: 'action-attempts',
} as const;

export const DEAD_LETTERS = 'dead-letters';

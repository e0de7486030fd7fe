/** Topics of the log that a source writes to. */
export const lineTopics = { raw: 1, 'dead-letters': 1, 'source-positions': 1 };
/** Topics of the log that sinks read. */
export const sinkTopics = { ...lineTopics, exceptions: 2 };

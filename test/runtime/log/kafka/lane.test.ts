import { expect, it } from 'vitest';
import { ForewarnError } from '../../../../runtime/forewarn-error.ts';
import { type KafkaConnection, notAnswering } from '../../../../runtime/kafka/connection.ts';
import { Lane } from '../../../../runtime/log/kafka/lane.ts';
import { slots } from '../../../../runtime/slots.ts';
import { until } from '../../../support/until.ts';

const address = { brokers: ['broker:9092'] };
/** Of brokers that are away. */
const away: KafkaConnection = {
  address,
  producer: () => Promise.reject(notAnswering(address, new Error('away'))),
  consumer: () => Promise.reject(notAnswering(address, new Error('away'))),
  admin: () => {
    throw new TypeError('it is not asked for');
  },
};

it('tells whoever waits for brokers that are away why its lane was closed', async () => {
  const told: string[] = [];
  const lane = new Lane({
    connection: away,
    id: 'line.task.3',
    settings: {},
    slots: slots(1),
    committedEpoch: () => Promise.resolve(0),
    note: (line) => told.push(line),
  });
  const work = {
    producer: 'watch/3',
    epoch: 1,
    records: [],
    marker: () => ({ topic: 'line.log-commits', partition: 0, key: '', value: null, headers: [] }),
  };
  const committed = lane.commit(work);
  const lost = expect(committed).rejects.toMatchObject({ code: 'FW614' });
  await until('it was tried once', () => told.length > 0);
  await lane.close(new ForewarnError('FW614', 'partition number 3 is not this process’s any more'));
  await lost;
  await expect(lane.commit(work)).rejects.toMatchObject({ code: 'FW614' });
});

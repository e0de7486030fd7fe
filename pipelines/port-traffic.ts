import { advanceMooring, type Mooring, unknownVessel } from '../domain/ports/mooring.ts';
import { advanceTraffic, noTraffic, type PortTraffic, statusOf } from '../domain/ports/port-traffic.ts';
import type { PortCall } from '../domain/port-call.ts';
import type { PortStatus } from '../domain/port-status.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { portCalls, ports, vesselPositions } from './topics.ts';

/**
 * What vessels say of themselves becomes port calls, and port calls become the status of ports: how many wait at anchor, how
 * long a visit takes now and as a rule. Calls that carriers tell (DCSA operations events) count beside those that are derived.
 */
export const portTraffic = () => [vesselsAtPort(), portsByCalls()] as const;

/** A vessel that is silent for so long has no place any more. */
const SILENT = '60d';

const vesselsAtPort = () =>
  pipeline('port-calls', { from: { vessels: vesselPositions } }, (from) => {
    const moored = keyedProcess('mooring', {
      inputs: { vessels: from.vessels.keyBy('mmsi') },
      emits: rowsOf<PortCall>(),
      initial: unknownVessel as Mooring,
      ttl: SILENT,
      on: {
        vessels: (report, context) => {
          const { state, calls } = advanceMooring(context.state, report);
          context.set(state);
          calls.forEach(context.emit);
        },
      },
    });
    return [moored.to(portCalls)];
  });

const portsByCalls = () =>
  pipeline('port-traffic', { from: { calls: portCalls } }, (from) => {
    const counted = keyedProcess('traffic', {
      inputs: { calls: from.calls.keyBy('port') },
      emits: rowsOf<PortStatus>(),
      initial: noTraffic as PortTraffic,
      ttl: SILENT,
      on: {
        calls: (call, context) => {
          const traffic = advanceTraffic(context.state, call);
          context.set(traffic);
          context.emit(statusOf(traffic, call));
        },
      },
    });
    return [counted.to(ports)];
  });

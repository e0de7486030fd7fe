import { inputsOf, type Pipeline } from '../graph.ts';
import { nameOf } from './words.ts';

/** The graph as plain data, for programs. */
export const asData = (pipeline: Pipeline): object => ({
  name: pipeline.name,
  checkpointMs: pipeline.checkpointMs,
  stages: pipeline.stages.map((stage) => ({
    name: stage.name,
    nodes: stage.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      name: nameOf(node),
      ...(node.kind === 'step'
        ? {
            verb: node.step.verb,
            stateful: node.step.stateful,
            async: node.step.async,
            detail: node.step.detail,
          }
        : {}),
      ...(node.kind === 'source' ? { broadcast: node.topic.broadcast } : {}),
      inputs: inputsOf(node),
    })),
  })),
});

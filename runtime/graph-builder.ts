import type { Subscriber } from 'rxjs';
import { ForewarnError } from './forewarn-error.ts';
import { type GraphNode, inputsOf, type SinkMode } from './graph.ts';
import type { Key } from './item.ts';
import type { Step } from './step.ts';
import { INTERNAL, type Topic } from './topic.ts';
import { unionStep } from './union-step.ts';

/** Runs the part of a graph that leads to a node, for somebody who has subscribed to its flow. */
export type ObserveNode = (
  nodes: readonly GraphNode[],
  node: number,
  subscriber: Subscriber<unknown>,
) => () => void;

/** Collects nodes while a definition runs; ids are positions. */
export class GraphBuilder {
  readonly name: string;
  readonly nodes: GraphNode[] = [];
  readonly #sources = new Map<string, number>();
  readonly #observe: ObserveNode | undefined;

  constructor(name: string, observe?: ObserveNode) {
    this.name = name;
    this.#observe = observe;
  }

  source(topic: Topic<unknown>): number {
    const known = this.#sources.get(topic.name);
    if (known !== undefined) return known;
    const id = this.#add((at) => ({ kind: 'source', id: at, topic }));
    this.#sources.set(topic.name, id);
    return id;
  }

  key(input: number, label: string, field: string | null, key: (row: never) => Key): number {
    return this.#add((id) => ({ kind: 'key', id, label, field, key, input }));
  }

  step(step: Step<never, unknown, 'any' | 'keyed'>, inputs: readonly number[]): number {
    return this.#add((id) => ({ kind: 'step', id, step, inputs }));
  }

  chain(from: number, steps: readonly Step<never, unknown, 'any' | 'keyed'>[]): number {
    let node = from;
    for (const step of steps) node = this.step(step, [node]);
    return node;
  }

  union(inputs: readonly number[]): number {
    return this.step(unionStep(inputs.length), inputs);
  }

  side(input: number, port: string): number {
    return this.#add((id) => ({ kind: 'side', id, port, input }));
  }

  sink(input: number, topic: Topic<unknown>, mode: SinkMode): number {
    return this.#add((id) => ({ kind: 'sink', id, topic, mode, input }));
  }

  /**
   * Where rows come to a step straight from a change of key, and nobody else reads them: puts before the change what
   * the step gives for it, which may leave out rows that the step would not look at.
   */
  sieveRekeys(): void {
    for (const node of this.nodes) {
      if (node.kind !== 'step' || node.step.beforeRekey === undefined) continue;
      const key = this.nodes[node.inputs[0]!]!;
      const source = key.kind === 'key' ? this.nodes[key.input]! : undefined;
      if (key.kind !== 'key' || source?.kind !== 'source' || !source.topic.internal) continue;
      const isReadOnce = [key, source].every(
        ({ id }) => this.nodes.filter((one) => inputsOf(one).includes(id)).length === 1,
      );
      const sink = this.nodes.find((one) => one.kind === 'sink' && one.topic === source.topic);
      if (!isReadOnce || sink?.kind !== 'sink') continue;
      this.nodes[sink.id] = { ...sink, input: this.step(node.step.beforeRekey(key), [sink.input]) };
    }
  }

  /** Name of a topic that the pipeline keeps for itself. */
  internalName(name: string): string {
    return `${INTERNAL}${this.name}.${name}`;
  }

  observe(node: number, subscriber: Subscriber<unknown>): () => void {
    if (this.#observe === undefined) {
      throw new ForewarnError(
        'FW216',
        `pipeline "${this.name}": a flow of a definition was subscribed to, and nothing runs there; write it to a topic, or make flows to subscribe to with flowOf`,
      );
    }
    return this.#observe(this.nodes, node, subscriber);
  }

  #add(node: (id: number) => GraphNode): number {
    const id = this.nodes.length;
    this.nodes.push(node(id));
    return id;
  }
}

/** The graph that several flows belong to. */
export const graphOf = (flows: readonly { readonly graph: GraphBuilder }[]): GraphBuilder => {
  const graph = flows[0]!.graph;
  for (const other of flows) {
    if (other.graph === graph) continue;
    throw new ForewarnError(
      'FW205',
      `pipeline "${graph.name}": a step joins flows of two definitions; join flows of one, with a topic between the definitions`,
    );
  }
  return graph;
};

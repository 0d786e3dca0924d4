import type { InstanceType, Node } from '../api/types';

export type NodeState = 'ready' | 'cordoned' | 'draining' | 'drained' | 'away';

/** What is wanted of a node shows at once; one that gives no sign is away, whatever is wanted. */
export function stateOf(node: Node): NodeState {
  if (!node.ready) return 'away';
  if (node.availability === 'draining') return node.drain && node.instances === 0 ? 'drained' : 'draining';
  return node.availability === 'cordoned' ? 'cordoned' : 'ready';
}

export function gib(mib: number): string {
  return `${(mib / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} GiB`;
}

/** The scarcer of vCPU and memory, in percent. */
export function fullness(node: Pick<Node, 'vcpu' | 'vcpuUsed' | 'memoryMib' | 'memoryMibUsed'>): number {
  const share = (used: number, all: number) => (all === 0 ? 1 : used / all);
  return Math.round(100 * Math.max(share(node.vcpuUsed, node.vcpu), share(node.memoryMibUsed, node.memoryMib)));
}

/** How many of a type a node has room for. */
export function roomOn(node: Node, type: InstanceType): number {
  if (stateOf(node) !== 'ready') return 0;
  const byVcpu = Math.floor((node.vcpu - node.vcpuUsed) / type.vcpu);
  const byMemory = Math.floor((node.memoryMib - node.memoryMibUsed) / type.memoryMib);
  return Math.max(0, Math.min(byVcpu, byMemory));
}

export interface Room {
  type: InstanceType;
  all: number;
  mostOnOne: number;
}

export function room(nodes: readonly Node[], types: readonly InstanceType[]): Room[] {
  return types.map((type) => {
    const each = nodes.map((node) => roomOn(node, type));
    return { type, all: each.reduce((sum, one) => sum + one, 0), mostOnOne: Math.max(0, ...each) };
  });
}

export interface Sums {
  nodes: number;
  ready: number;
  vcpu: number;
  vcpuUsed: number;
  memoryMib: number;
  memoryMibUsed: number;
  instances: number;
}

export function sums(nodes: readonly Node[]): Sums {
  const total: Sums = { nodes: nodes.length, ready: 0, vcpu: 0, vcpuUsed: 0, memoryMib: 0, memoryMibUsed: 0, instances: 0 };
  for (const node of nodes) {
    if (stateOf(node) === 'ready') total.ready++;
    total.vcpu += node.vcpu;
    total.vcpuUsed += node.vcpuUsed;
    total.memoryMib += node.memoryMib;
    total.memoryMibUsed += node.memoryMibUsed;
    total.instances += node.instances;
  }
  return total;
}

export function byZone(nodes: readonly Node[]): [string, Node[]][] {
  const zones = new Map<string, Node[]>();
  for (const node of nodes) zones.set(node.zone, [...(zones.get(node.zone) ?? []), node]);
  return [...zones].sort(([a], [b]) => a.localeCompare(b));
}

/** How much of what the node held when its draining began has left, in percent; an empty one is done. */
export function drained(node: Pick<Node, 'instances' | 'drain'>): number {
  const { drain, instances } = node;
  if (!drain || instances === 0) return 100;
  const all = Math.max(drain.startedWith, instances);
  return Math.floor((100 * (all - instances)) / all);
}

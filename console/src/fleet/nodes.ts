import { api, taken } from '../api/client';
import type { Node } from '../api/types';
import { notify } from '../app/notices';
import { text } from '../text';

export type Availability = Node['availability'];

const words = text.fleet;

/** Wants the node so; throws a `Refusal`. */
export async function want(node: Node, availability: Availability): Promise<Node> {
  const now = await taken(
    api.PATCH('/v1/nodes/{nodeId}', { params: { path: { nodeId: node.id } }, body: { availability } }),
  );
  notify({ type: 'success', content: words.wanted[availability](node.name) });
  return now;
}

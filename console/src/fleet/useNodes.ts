import { useEffect } from 'react';
import { api, taken } from '../api/client';
import { allPages } from '../api/pages';
import type { Node } from '../api/types';
import { useLoad, type Loaded } from '../api/useLoad';

const NODES_MAX = 10_000;
// Nodes have no stream: what they hold is read anew while somebody looks, and often while one is emptied.
const AGAIN_MS = 5000;
const AGAIN_DRAINING_MS = 1000;

/** All nodes of the cloud, as they are now. */
export function useNodes(): Loaded<Node[]> {
  const nodes = useLoad(
    async () =>
      (await allPages<Node>(
        (cursor) => taken(api.GET('/v1/nodes', { params: { query: { limit: 1000, cursor } } })),
        NODES_MAX,
      )).items,
    [],
  );
  const { reload, value } = nodes;
  const moving = value?.some((node) => node.availability === 'draining' && node.instances > 0) ?? false;
  useEffect(() => {
    const timer = window.setInterval(() => !document.hidden && reload(), moving ? AGAIN_DRAINING_MS : AGAIN_MS);
    return () => window.clearInterval(timer);
  }, [reload, moving]);
  return nodes;
}

import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Node } from '../api/types';
import { navigate } from '../app/route';
import { text } from '../text';
import './heatmap.css';
import { byZone, fullness, stateOf } from './packing';

const words = text.fleet;
const STEPS = 5;

/** A field for each node; the number is in it, so that colour says nothing alone. */
export function HeatMap(props: { nodes: Node[]; labelOf: (node: Node) => string }) {
  return (
    <SpaceBetween size="m">
      {byZone(props.nodes).map(([zone, nodes]) => (
        <div key={zone}>
          <Box variant="awsui-key-label">{words.zone(zone)}</Box>
          <ul className="heat-map">
            {nodes.map((node) => {
              const full = fullness(node);
              const label = words.field(node.name, full, props.labelOf(node));
              return (
                <li
                  key={node.id}
                  className={`heat heat-${Math.min(STEPS - 1, Math.floor((full / 100) * STEPS))} heat-${stateOf(node)}`}
                  title={label}
                >
                  <a
                    className="heat-link"
                    href={`/fleet/${node.id}`}
                    onClick={(event) => {
                      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                      event.preventDefault();
                      navigate(`/fleet/${node.id}`);
                    }}
                  >
                    <span className="heat-name">{node.name}</span>
                    <span>{words.percent(full)}</span>
                    <span className="unseen">{props.labelOf(node)}</span>
                  </a>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </SpaceBetween>
  );
}

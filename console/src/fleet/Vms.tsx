import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import Popover from '@cloudscape-design/components/popover';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Node } from '../api/types';
import { follow } from '../app/route';
import { useSession } from '../app/session';
import { text } from '../text';

const words = text.fleet;
const SHOWN_MAX = 20;

/** How many VMs a node holds; a click shows which. */
export function Vms(props: { node: Node }) {
  const { node } = props;
  const session = useSession();
  if (node.vms.length === 0) return <>{node.instances}</>;
  const shown = node.vms.slice(0, SHOWN_MAX);
  return (
    <Popover
      header={words.vmsOf(node.name)}
      size="large"
      dismissAriaLabel={text.common.close}
      content={
        <SpaceBetween size="xxs">
          {shown.map((vm) => (
            <div key={vm.instanceId}>
              {vm.accountId === session.account.id ? (
                <Link href={`/instances/${vm.instanceId}`} onFollow={follow}>
                  {vm.instanceId}
                </Link>
              ) : (
                <span className="mono">{vm.instanceId}</span>
              )}{' '}
              {vm.type}, {vm.state}
              {vm.accountId !== session.account.id && `, ${words.account(vm.accountId)}`}
            </div>
          ))}
          {node.instances > shown.length && <Box variant="small">{words.more(node.instances - shown.length)}</Box>}
        </SpaceBetween>
      }
    >
      {node.instances}
    </Popover>
  );
}

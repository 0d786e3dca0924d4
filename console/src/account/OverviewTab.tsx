import Container from '@cloudscape-design/components/container';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { api, taken } from '../api/client';
import { useLoad } from '../api/useLoad';
import { useSession } from '../app/session';
import { Copied, RefusalAlert } from '../app/Shown';
import { text } from '../text';

const words = text.account.overview;

/** Who is signed in, and what the account may hold. */
export function OverviewTab() {
  const session = useSession();
  const account = useLoad(() => taken(api.GET('/v1/account')), []);
  if (account.error) {
    return <RefusalAlert title={text.errors.loadFailed(words.account)} refusal={account.error} onRetry={account.reload} />;
  }
  const { value } = account;
  if (!value) return <Spinner />;
  const { quotas, used } = value;
  const number = (count: number) => count.toLocaleString('en');
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{words.who}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: words.account, value: `${value.name} (${value.id})` },
            { label: words.credential, value: <Copied>{session.principal}</Copied> },
            { label: words.user, value: session.userName ?? text.common.none },
            { label: words.role, value: text.account.roles[session.role] },
            { label: words.scopes, value: session.scopes.join(', ') || words.allScopes },
            { label: words.operator, value: session.cloudOperator ? text.common.yes : text.common.no },
          ]}
        />
      </Container>
      <Container
        header={
          <Header variant="h2" description={words.quotasHint}>
            {words.quotas}
          </Header>
        }
      >
        <ColumnLayout columns={3}>
          <Quota label={words.instances} used={used.instances} most={quotas.instancesMax} shown={number} />
          <Quota label={words.vcpu} used={used.vcpu} most={quotas.vcpuMax} shown={number} />
          <Quota
            label={words.memory}
            used={used.memoryMib}
            most={quotas.memoryMibMax}
            shown={(mib) => `${number(Math.round(mib / 102.4) / 10)} GiB`}
          />
        </ColumnLayout>
      </Container>
    </SpaceBetween>
  );
}

function Quota(props: { label: string; used: number; most: number; shown: (value: number) => string }) {
  const { label, used, most, shown } = props;
  return (
    <ProgressBar
      label={label}
      value={most === 0 ? 100 : Math.min(100, (100 * used) / most)}
      additionalInfo={words.used(shown(used), shown(most))}
    />
  );
}

import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs';
import { navigate } from '../app/route';
import { useSession } from '../app/session';
import { text } from '../text';
import { AuditTab } from './AuditTab';
import { KeysTab, TokensTab } from './CredentialsTab';
import { OverviewTab } from './OverviewTab';
import { PoliciesTab } from './PoliciesTab';
import { UsersTab } from './UsersTab';

const words = text.account;

/** The account and who may act for it; each tab has an address, and is there only for whom it answers. */
export default function AccountPage(props: { params: Record<string, string> }) {
  const session = useSession();
  const owner = session.role === 'owner';
  const tabs: TabsProps.Tab[] = [{ id: 'overview', label: words.tabs.overview, content: <OverviewTab /> }];
  if (owner) {
    tabs.push(
      { id: 'tokens', label: words.tabs.tokens, content: <TokensTab /> },
      { id: 'keys', label: words.tabs.keys, content: <KeysTab /> },
      { id: 'users', label: words.tabs.users, content: <UsersTab /> },
      { id: 'policies', label: words.tabs.policies, content: <PoliciesTab /> },
      { id: 'audit', label: words.tabs.audit, content: <AuditTab /> },
    );
  }
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{words.title}</Header>
      <Tabs
        activeTabId={props.params['tab'] ?? 'overview'}
        onChange={({ detail }) =>
          navigate(detail.activeTabId === 'overview' ? '/account' : `/account/${detail.activeTabId}`, true)}
        tabs={tabs}
      />
    </SpaceBetween>
  );
}

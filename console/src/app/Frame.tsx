import Alert from '@cloudscape-design/components/alert';
import AppLayout from '@cloudscape-design/components/app-layout';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Flashbar from '@cloudscape-design/components/flashbar';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { stream, type Connection } from '../api/events';
import { text } from '../text';
import { useNameOf } from './crumb';
import { Keys, wantsPalette } from './Keys';
import { dismiss, notify, useNotices } from './notices';
import { placeOf } from './pages';
import { follow, useRoute } from './route';
import { may, signOut, useSession, type Session } from './session';
import { setTheme, useTheme, type Theme } from './theme';

const NARROW_PX = 900;
const AWAY_NOTICE = 'away';

/** What is around every page: the head, the navigation, messages. */
export function Frame(props: { children: ReactNode }) {
  const session = useSession();
  const route = useRoute();
  const place = placeOf(route);
  const notices = useNotices();
  const id = route.params['id'];
  const name = useNameOf(id ?? '') ?? id ?? '';
  const [open, setOpen] = useState(window.innerWidth > NARROW_PX);
  useAwayNotice();
  useEffect(() => stream.onAlert((alert) => notify({ id: alert.id, type: 'warning', content: alert.message })), []);
  useEffect(() => {
    const wide = window.matchMedia(`(min-width: ${NARROW_PX + 1}px)`);
    const onChange = () => setOpen(wide.matches);
    wide.addEventListener('change', onChange);
    return () => wide.removeEventListener('change', onChange);
  }, []);
  // On a small screen the navigation lies over the page that was gone to.
  useEffect(() => {
    if (window.innerWidth <= NARROW_PX) setOpen(false);
  }, [route.path]);

  const crumbs = [...(place?.above ?? []), { text: place?.title || name, href: route.path }];
  return (
    <>
      <div id="head" className="head">
        <Head session={session} />
      </div>
      <AppLayout
        headerSelector="#head"
        navigation={<Navigation session={session} path={route.path} />}
        navigationOpen={open}
        onNavigationChange={({ detail }) => setOpen(detail.open)}
        navigationWidth={220}
        toolsHide
        breadcrumbs={crumbs.length > 1 ? <BreadcrumbGroup items={crumbs} onFollow={follow} /> : undefined}
        notifications={<Flashbar items={[...notices]} stackItems />}
        content={
          <SpaceBetween size="m">
            {session.account.suspendedAt && <Alert type="warning">{text.frame.suspended}</Alert>}
            {props.children}
          </SpaceBetween>
        }
        ariaLabels={{ notifications: text.frame.notifications, navigation: text.frame.nav }}
      />
      <Keys />
    </>
  );
}

function useConnection(): Connection {
  return useSyncExternalStore(stream.watchConnection, () => stream.connection);
}

/** Says that the cloud is away, and takes it back when it is there again. */
function useAwayNotice() {
  const connection = useConnection();
  useEffect(() => {
    if (connection !== 'away') {
      dismiss(AWAY_NOTICE);
      return;
    }
    // A stream that ends after its hour is back at once and worth no message.
    const timer = window.setTimeout(() => {
      notify({ id: AWAY_NOTICE, type: 'warning', dismissible: false, content: text.errors.unreachable });
    }, 1500);
    return () => window.clearTimeout(timer);
  }, [connection]);
}

function Head(props: { session: Session }) {
  const { session } = props;
  const connection = useConnection();
  const theme = useTheme();
  const live = connection === 'live';
  return (
    <TopNavigation
      identity={{ href: '/instances', logo: { src: '/wordmark.svg', alt: text.frame.product }, onFollow: follow }}
      utilities={[
        ...(session.role === 'billing'
          ? []
          : [
              {
                type: 'button' as const,
                iconName: live ? ('status-positive' as const) : ('status-in-progress' as const),
                text: live ? text.frame.live : connection === 'away' ? text.frame.away : text.frame.connecting,
                title: live ? text.frame.liveHint : text.frame.awayHint,
                disableUtilityCollapse: false,
              },
            ]),
        {
          type: 'button',
          iconName: 'search',
          text: text.frame.search,
          ariaLabel: text.frame.search,
          onClick: () => wantsPalette.dispatchEvent(new Event('open')),
        },
        {
          type: 'menu-dropdown',
          iconName: 'settings',
          ariaLabel: text.frame.theme,
          title: text.frame.theme,
          items: (Object.keys(text.frame.themes) as Theme[]).map((id) => ({
            id,
            text: text.frame.themes[id],
            itemType: 'checkbox',
            checked: id === theme,
          })),
          onItemClick: ({ detail }) => setTheme(detail.id as Theme),
        },
        {
          type: 'menu-dropdown',
          iconName: 'user-profile',
          text: session.account.name,
          description: `${session.account.id}, ${text.frame.role(session.role, session.cloudOperator)}`,
          items: [
            { id: 'docs', text: text.frame.apiDocs, href: '/docs', external: true },
            { id: 'out', text: text.frame.signOut },
          ],
          onItemClick: ({ detail }) => {
            if (detail.id === 'out') void signOut();
          },
        },
      ]}
    />
  );
}

function Navigation(props: { session: Session; path: string }) {
  const { session, path } = props;
  const items: SideNavigationProps.Item[] = [];
  const link = (name: string, href: string): SideNavigationProps.Link => ({ type: 'link', text: name, href });
  if (session.role !== 'billing') {
    const compute = [link(text.frame.instances, '/instances')];
    if (may(session, 'operator')) compute.push(link(text.frame.launch, '/instances/launch'));
    compute.push(link(text.frame.images, '/images'));
    items.push({ type: 'section', text: text.frame.compute, items: compute });
  }
  if (session.cloudOperator) {
    items.push({ type: 'section', text: text.frame.cloud, items: [link(text.frame.fleet, '/fleet'), link(text.frame.accounts, '/cloud/accounts'), link(text.frame.periods, '/cloud/periods')] });
  }
  items.push({
    type: 'section',
    text: text.frame.billing,
    items: [
      link(text.frame.costs, '/billing'),
      link(text.frame.budgets, '/billing/budgets'),
      link(text.frame.invoices, '/billing/invoices'),
      link(text.frame.usage, '/billing/usage'),
      link(text.frame.prices, '/billing/prices'),
    ],
  });
  items.push({ type: 'divider' }, link(text.frame.account, '/account'));
  return <SideNavigation items={items} activeHref={activeHref(items, path)} onFollow={follow} />;
}

/** The longest link that the path lies under. */
function activeHref(items: readonly SideNavigationProps.Item[], path: string): string {
  const links = items.flatMap((item) => (item.type === 'section' ? item.items : [item]));
  return links
    .flatMap((item) => (item.type === 'link' ? [item.href] : []))
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .reduce((longest, href) => (href.length > longest.length ? href : longest), '');
}

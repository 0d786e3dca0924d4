import type { Instance } from '../api/types';
import { text } from '../text';
import { fit } from './fit';
import { navigate } from './route';
import { may, signOut, type Session } from './session';
import { setTheme } from './theme';

export interface Command {
  id: string;
  label: string;
  /** What kind of thing it is, and what else tells it apart. */
  kind: string;
  go: () => void;
}

const FOUND_MAX = 12;

/** Pages and deeds that this session may. */
export function commands(session: Session): Command[] {
  const page = (label: string, address: string): Command => ({
    id: address,
    label,
    kind: text.palette.page,
    go: () => navigate(address),
  });
  const deed = (id: string, label: string, go: () => void): Command => ({ id, label, kind: text.palette.action, go });
  const all: Command[] = [];
  if (session.role !== 'billing') {
    all.push(page(text.frame.instances, '/instances'), page(text.frame.images, '/images'), page(text.asOf.title, '/instances/as-of'));
    if (may(session, 'operator')) all.push({ ...page(text.frame.launch, '/instances/launch'), kind: text.palette.action });
  }
  if (session.cloudOperator) {
    all.push(
      page(text.frame.fleet, '/fleet'),
      page(text.frame.accounts, '/cloud/accounts'),
      page(text.frame.periods, '/cloud/periods'),
      { ...page(text.prices.publish, '/billing/prices/new'), kind: text.palette.action },
    );
  }
  all.push(
    page(text.frame.costs, '/billing'),
    page(text.frame.invoices, '/billing/invoices'),
    page(text.frame.budgets, '/billing/budgets'),
    page(text.frame.usage, '/billing/usage'),
    page(text.frame.prices, '/billing/prices'),
    page(text.frame.account, '/account'),
  );
  if (session.role === 'owner') {
    const tabs = text.account.tabs;
    all.push(
      page(tabs.tokens, '/account/tokens'),
      page(tabs.keys, '/account/keys'),
      page(tabs.users, '/account/users'),
      page(tabs.policies, '/account/policies'),
      page(tabs.audit, '/account/audit'),
    );
  }
  const themes = text.frame.themes;
  all.push(
    deed('light', `${text.frame.theme}: ${themes.light}`, () => setTheme('light')),
    deed('dark', `${text.frame.theme}: ${themes.dark}`, () => setTheme('dark')),
    deed('system', `${text.frame.theme}: ${themes.system}`, () => setTheme('system')),
    deed('out', text.frame.signOut, () => void signOut()),
  );
  return all;
}

/** What fits, the best first: commands, then instances by name or id. */
export function find(all: readonly Command[], instances: readonly Instance[], wanted: string): Command[] {
  const ranked = all
    .map((command) => ({ command, score: fit(command.label, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
  if (wanted.trim() === '') return ranked.slice(0, FOUND_MAX);
  const found: Command[] = [];
  for (const instance of instances) {
    if (fit(`${instance.name ?? ''} ${instance.id}`, wanted) === 0) continue;
    found.push({
      id: instance.id,
      label: instance.name ?? instance.id,
      kind: `${text.palette.instance}, ${text.instances.states[instance.state].toLowerCase()}`,
      go: () => navigate(`/instances/${instance.id}`),
    });
    if (found.length === FOUND_MAX) break;
  }
  return [...ranked, ...found].slice(0, FOUND_MAX);
}

import { account } from './account';
import { billing, explain, invoices } from './billing';
import { budgets } from './budgets';
import { fleet } from './fleet';
import { common, errors, frame, palette, signIn } from './frame';
import { accounts, periods } from './cloud';
import { images } from './images';
import { asOf, instances, launch } from './instances';
import { meters, usage } from './meters';
import { prices } from './prices';

/** All that the console says, in English. A second language is a second object of this shape. */
export const text = {
  common,
  errors,
  frame,
  palette,
  signIn,
  instances,
  asOf,
  launch,
  images,
  billing,
  invoices,
  explain,
  meters,
  usage,
  prices,
  fleet,
  account,
  accounts,
  periods,
  budgets,
};

import { account } from './account';
import { billing, explain, invoices } from './billing';
import { budgets } from './budgets';
import { fleet } from './fleet';
import { common, errors, frame, palette, signIn } from './frame';
import { images } from './images';
import { instances, launch } from './instances';

/** All that the console says, in English. A second language is a second object of this shape. */
export const text = { common, errors, frame, palette, signIn, instances, launch, images, billing, invoices, explain, fleet, account, budgets };

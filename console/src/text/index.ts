import { common, errors, frame, palette, signIn } from './frame';
import { images } from './images';
import { instances, launch } from './instances';

/** All that the console says, in English. A second language is a second object of this shape. */
export const text = { common, errors, frame, palette, signIn, instances, launch, images };

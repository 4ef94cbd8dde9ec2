export { nurture } from './nurture.ts';
export { scoring } from './scoring.ts';
export { sweep } from './sweep.ts';

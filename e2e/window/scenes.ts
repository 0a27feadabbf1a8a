/** Every view in every state, made by real nodes: what the gallery shows and what axe looks at. */
import { ALONE } from './scenes/alone.ts';
import { AUTO_SHARDING } from './scenes/auto-sharding.ts';
import { BROKEN_LIBRARY } from './scenes/broken-library.ts';
import { LIGHT } from './scenes/light.ts';
import { LIVE } from './scenes/live.ts';
import type { WorldPlan } from './scenes/world.ts';

export const WORLDS: readonly WorldPlan[] = [BROKEN_LIBRARY, ALONE, LIGHT, AUTO_SHARDING, LIVE];

/** Every route of the REST API. */
import { adminRoutes } from './admin-routes.ts';
import { autoRoutes } from './auto-routes.ts';
import type { RestContext } from './context.ts';
import { debugRoutes } from './debug-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { relayRoutes } from './relay-routes.ts';
import type { Route } from './route.ts';

export function restRoutes(context: RestContext, { admin }: { admin: boolean }): Route[] {
  return [
    ...healthRoutes(context),
    ...debugRoutes(context),
    ...relayRoutes(context),
    ...autoRoutes(context),
    ...(admin ? adminRoutes(context) : []),
  ];
}

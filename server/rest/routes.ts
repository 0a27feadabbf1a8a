/** Every route of the REST API. */
import { adminRoutes } from './admin-routes.ts';
import { autoRoutes } from './auto-routes.ts';
import type { RestContext } from './context.ts';
import { debugRoutes } from './debug-routes.ts';
import { filterRoutes } from './filter-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { lightpushRoutes } from './lightpush-routes.ts';
import { openApiRoute } from './openapi.ts';
import { relayRoutes } from './relay-routes.ts';
import type { Route } from './route.ts';
import { storeRoutes } from './store-routes.ts';

export function restRoutes(context: RestContext, { admin }: { admin: boolean }): Route[] {
  const routes = [
    ...healthRoutes(context),
    ...debugRoutes(context),
    // A light client relays nothing.
    ...(context.config.light ? [] : [...relayRoutes(context), ...autoRoutes(context)]),
    ...filterRoutes(context),
    ...lightpushRoutes(context),
    ...storeRoutes(context),
    ...(admin ? adminRoutes(context) : []),
  ];
  return [...routes, openApiRoute(routes)];
}

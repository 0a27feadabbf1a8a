/** Finds the route of a request. */
import type { Method, Route } from './route.ts';

export interface Match {
  route: Route;
  params: Readonly<Record<string, string>>;
}

interface Entry {
  route: Route;
  /** null: a parameter with this name. */
  segments: readonly { literal: string | null; name: string }[];
}

export class Router {
  readonly #entries: readonly Entry[];

  constructor(routes: readonly Route[]) {
    this.#entries = routes.map((route) => ({
      route,
      segments: route.path.split('/').map((segment) => {
        const name = /^\{(\w+)\}$/.exec(segment)?.[1];
        return name === undefined ? { literal: segment, name: '' } : { literal: null, name };
      }),
    }));
  }

  /** @param path percent-encoded, without query. @returns null where there is none, or the encoding is broken */
  find(method: string | undefined, path: string): Match | null {
    const segments = path.split('/').map(decoded);
    for (const { route, segments: wanted } of this.#entries) {
      if (route.method !== method) continue;
      const params = paramsOf(wanted, segments);
      if (params !== null) return { route, params };
    }
    return null;
  }

  /** The methods of a path. */
  methodsOf(path: string): Method[] {
    const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;
    return methods.filter((method) => this.find(method, path) !== null);
  }
}

function paramsOf(
  wanted: Entry['segments'],
  segments: readonly (string | null)[],
): Record<string, string> | null {
  if (wanted.length !== segments.length) return null;
  const params: [string, string][] = [];
  for (const [i, { literal, name }] of wanted.entries()) {
    const segment = segments[i] ?? null;
    if (segment === null || (literal !== null && literal !== segment)) return null;
    if (literal === null) params.push([name, segment]);
  }
  return Object.fromEntries(params);
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

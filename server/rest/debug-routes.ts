/** `/info`, `/version`, both also below `/debug/v1`. */
import * as z from 'zod';
import { failed, json, text, type Answer } from './answer.ts';
import type { RestContext } from './context.ts';
import { route, type Route } from './route.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import manifest from '../../package.json' with { type: 'json' };

const infoSchema = z.object({ listenAddresses: z.array(z.string()), enrUri: z.string() });

export function debugRoutes({ session, engine }: RestContext): Route[] {
  const info = (): Answer => {
    const { identity } = session.snapshot();
    if (identity === null) return failed(notRunning());
    // An engine without a record of its own has none to give.
    return json({ listenAddresses: identity.listenAddresses, enrUri: identity.enr ?? '' });
  };
  const version = (): Answer => {
    const { identity } = session.snapshot();
    const node = `${engine.info.kind} ${identity?.version ?? engine.info.version}`;
    return text(200, JSON.stringify(`waku-desk v${manifest.version} (${node})`));
  };
  const paths = (name: string): readonly [string, string][] => [
    [`/${name}`, name],
    [`/debug/v1/${name}`, `debug${name.charAt(0).toUpperCase()}${name.slice(1)}`],
  ];
  return [
    ...paths('info').map(([path, id]) =>
      route({
        method: 'GET',
        path,
        id,
        summary: 'Addresses with the peer id, and the ENR.',
        answers: { 200: { description: 'Who the node is.', schema: infoSchema } },
        handle: info,
      }),
    ),
    ...paths('version').map(([path, id]) =>
      route({
        method: 'GET',
        path,
        id,
        summary: 'Version of this program and of the node in it, in quotes.',
        answers: { 200: { description: 'The version.' } },
        handle: version,
      }),
    ),
  ];
}

function notRunning(): WakuDeskError {
  return new WakuDeskError('NOT_RUNNING', 'The node is not running.', {
    operation: 'rest.info',
    hint: 'Wait until /health says READY.',
  });
}

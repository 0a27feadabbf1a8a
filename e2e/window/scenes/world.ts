/** A host with its node, made by real processes, and the scenes that are shown on its page. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { TestContext } from 'vitest';
import { CliProcess } from '../../cli-process.ts';
import { publishArgs, type PublishInput } from '../../nodes.ts';
import { startServe, type RunningServe } from '../browser-host.ts';
import type { DeskWindow } from '../desk-window.ts';
import { libraryFolder } from '../library-folder.ts';

export interface Scene {
  name: string;
  /** What a reader of the gallery should look at. */
  about: string;
  show: (desk: DeskWindow, world: World) => Promise<void>;
}

/** A host with its node and whoever talks to it; its scenes are shown one after the other on one page. */
export interface World {
  serve: RunningServe;
  /** Runs `publish` to its end. */
  publish: (input: PublishInput) => Promise<void>;
  /** Listens on a port while the world lasts; 0: a free one. @returns the port */
  takePort: (port: number) => Promise<number>;
  end: () => Promise<void>;
}

export async function makeWorld({ args, library }: Pick<WorldPlan, 'args' | 'library'>): Promise<World> {
  const folder = await libraryFolder(library ?? null);
  const serve = await startServe(args, folder.environment);
  const servers: Server[] = [];
  return {
    serve,
    async takePort(port) {
      const server = createServer().listen(port, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async publish(input) {
      const { input: stdin } = input;
      const cli = new CliProcess(
        publishArgs(serve.address, input),
        stdin === undefined ? {} : { input: stdin },
      );
      const { code } = await cli.waitForExit(60_000);
      if (code !== 0) throw new Error(`publish ended with ${String(code)}: ${cli.stderr}`);
    },
    async end() {
      for (const server of servers) server.close();
      await serve.end();
      await folder.remove();
    },
  };
}

export interface WorldPlan {
  name: string;
  args: readonly string[];
  /** What stands where libwaku is staged; without it there is none. */
  library?: 'broken';
  /** Skips a scene where the world cannot be made. */
  needs?: (context: TestContext) => Promise<void>;
  /** In their order: each begins where the one before ended. */
  scenes: readonly Scene[];
}

/** Where a node's lines of received and sent messages go: node.log of the embedded engine, and standard error. */
import { Option, type Command } from 'commander';
import type { EngineKind } from '../core/engine/capabilities.ts';
import { relayLineJson, type RelayLineListener } from '../core/engine/relay-line.ts';
import { RelayLog } from '../engines/process/relay-log.ts';
import { boolean } from '../flags/values.ts';
import type { Output } from './output.ts';

export interface RelayLineFlags {
  relayLines: boolean;
  logFormat: 'text' | 'json';
  nodeLog?: string | undefined;
}

export interface RelayLines {
  take: RelayLineListener;
  close(): Promise<void>;
}

export function addRelayLineFlags(command: Command): Command {
  return command
    .option('--relay-lines [bool]', 'a line on standard error for each message and peer', boolean, false)
    .addOption(
      new Option('--log-format <format>', 'of these lines').choices(['text', 'json']).default('text'),
    );
}

/** null: nobody wants them. A node library writes its own log. */
export function relayLinesOf(
  { relayLines, logFormat, nodeLog }: RelayLineFlags,
  kind: EngineKind,
  output: Output,
): RelayLines | null {
  const path = kind === 'js' ? nodeLog : undefined;
  if (!relayLines && path === undefined) return null;
  const onBroken = (why: string): void => {
    output.note(`warning: the log of the node cannot be written: ${why}`);
  };
  const log = path === undefined ? null : new RelayLog(path, { onBroken });
  return {
    take(line) {
      const shown = logFormat === 'json' ? relayLineJson(line) : line;
      log?.take(shown);
      if (relayLines) output.note(shown);
    },
    close: async () => log?.close(),
  };
}

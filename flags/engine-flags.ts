/** Flags that say which engine runs, and with which library. */
import { Option, type Command } from 'commander';
import { ENGINE_KINDS } from '../core/engine/capabilities.ts';
import { text } from './values.ts';

/** `auto`: the first of the harness profile that can run. */
export const ENGINE_CHOICES = [...ENGINE_KINDS, 'auto'] as const;

export interface EngineOptions {
  engine: (typeof ENGINE_CHOICES)[number];
  library?: string | undefined;
  nodeLog?: string | undefined;
}

export function lightOption(): Option {
  return new Option(
    '--light',
    'light client: filter and lightpush through service nodes, no relay; go-waku only',
  ).default(false);
}

export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--engine <kind>', 'node to run; auto: the first of nwaku, js, go-waku that can')
        .choices(ENGINE_CHOICES)
        .default('js'),
    )
    .option('--library <file>', 'node library of the engine nwaku or go-waku (default: see doctor)', text)
    .option('--node-log <file>', 'file for what a node library prints (default: one of its own)', text);
}

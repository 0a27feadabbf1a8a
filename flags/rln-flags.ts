/** RLN's flags, with wakunode2's names. What is secret in them can come from the environment as well. */
import { Option, type Command } from 'commander';
import type { RlnConfigInput } from '../core/engine/config.ts';
import { WakuDeskError } from '../core/engine/errors.ts';
import { boolean, integer, text } from './values.ts';

export interface RlnFlags {
  rlnRelay: boolean;
  rlnRelayCredPath?: string;
  rlnRelayCredPassword?: string;
  rlnRelayEthContractAddress?: string;
  rlnRelayEthClientAddress?: string[];
  rlnRelayChainId?: number;
  rlnRelayEpochSec?: number;
  rlnRelayUserMessageLimit?: number;
}

const PASSWORD_VARIABLE = 'WAKU_DESK_RLN_PASSWORD';
const RPC_VARIABLE = 'WAKU_DESK_RLN_RPC_URLS';

/** Flags whose value nobody may see; their readers refuse nothing, for commander quotes what it refuses. */
const SECRETS = [
  { flag: '--rln-relay-cred-password', option: 'rlnRelayCredPassword', variable: PASSWORD_VARIABLE },
  { flag: '--rln-relay-eth-client-address', option: 'rlnRelayEthClientAddress', variable: RPC_VARIABLE },
] as const;

export function addRlnFlags(command: Command): Command {
  return command
    .option('--rln-relay [bool]', 'rate limits by RLN; nwaku only', boolean, false)
    .option('--rln-relay-cred-path <file>', "keystore with the membership's credentials", text)
    .addOption(
      new Option('--rln-relay-cred-password <password>', 'of the keystore; better in the environment').env(
        PASSWORD_VARIABLE,
      ),
    )
    .option('--rln-relay-eth-contract-address <0x…>', "the membership's contract", text)
    .addOption(
      new Option('--rln-relay-eth-client-address <url>', 'RPC of an Ethereum node, repeatable')
        .env(RPC_VARIABLE)
        .argParser((urls: string, before: string[] | undefined) => [
          ...(before ?? []),
          ...urls.split(/\s+/).filter((url) => url !== ''),
        ]),
    )
    .option('--rln-relay-chain-id <n>', 'of the contract', integer(1, Number.MAX_SAFE_INTEGER))
    .option('--rln-relay-epoch-sec <n>', 'length of an epoch (default: 600)', integer(1, 86_400))
    .option('--rln-relay-user-message-limit <n>', 'messages per epoch (default: 100)', integer(1, 10_000));
}

/** RLN's flags that stand on this command line, without the switch. */
export function givenRlnFlags(command: Command): string[] {
  return command.options
    .filter(({ long }) => long?.startsWith('--rln-relay-') === true)
    .filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
    .flatMap(({ long }) => (long === undefined ? [] : [long]));
}

/** What to say of secrets that stand on the command line: it is there for everybody on this machine to read. */
export function exposedSecrets(command: Command): string[] {
  return SECRETS.filter(({ option }) => command.getOptionValueSource(option) === 'cli').map(
    ({ flag, variable }) =>
      `warning: others on this machine can read ${flag}; put it into the environment as ${variable}`,
  );
}

/**
 * The part of the configuration that the flags describe; null without RLN.
 * @throws WakuDeskError BAD_USE that names what is missing
 */
export function rlnConfig(flags: RlnFlags): RlnConfigInput | null {
  if (!flags.rlnRelay) return null;
  const {
    rlnRelayCredPath: credentialsPath,
    rlnRelayCredPassword: credentialsPassword,
    rlnRelayEthContractAddress: contractAddress,
    rlnRelayEthClientAddress: chainRpcUrls,
    rlnRelayChainId: chainId,
  } = flags;
  if (
    credentialsPath === undefined ||
    credentialsPassword === undefined ||
    contractAddress === undefined ||
    chainRpcUrls === undefined ||
    chainId === undefined
  )
    throw new WakuDeskError('BAD_USE', `RLN needs ${missing(flags).join(', ')} as well.`, {
      operation: 'cli.rln',
      hint: `Add what is missing; the password and the RPC addresses also come from ${PASSWORD_VARIABLE} and ${RPC_VARIABLE}.`,
    });
  return {
    credentialsPath,
    credentialsPassword,
    contractAddress,
    chainRpcUrls,
    chainId,
    epochSeconds: flags.rlnRelayEpochSec,
    messageLimit: flags.rlnRelayUserMessageLimit,
  };
}

function missing(flags: RlnFlags): string[] {
  const needed = {
    '--rln-relay-cred-path': flags.rlnRelayCredPath,
    '--rln-relay-cred-password': flags.rlnRelayCredPassword,
    '--rln-relay-eth-contract-address': flags.rlnRelayEthContractAddress,
    '--rln-relay-eth-client-address': flags.rlnRelayEthClientAddress,
    '--rln-relay-chain-id': flags.rlnRelayChainId,
  };
  return Object.entries(needed).flatMap(([flag, value]) => (value === undefined ? [flag] : []));
}

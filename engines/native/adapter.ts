/** What differs between the two node libraries; everything else of a native engine is one code. */
import type { EngineKind } from '../../core/engine/capabilities.ts';
import type { NodeConfig } from '../../core/engine/config.ts';
import type { LogLevel } from '../../core/engine/events.ts';
import type { LibraryKind } from '../../native/library/locate.ts';

export interface LibraryAdapter {
  kind: EngineKind & ('nwaku' | 'go-waku');
  library: LibraryKind;
  /** The library's own level at which it prints what is wanted, and what the engine reads (log-lines.ts). */
  logLevels: Readonly<Record<LogLevel, string>>;
  /** Relay messages go in batches of bytes, where the library has them (native/abi/gowaku.h). */
  batches: boolean;
  /** Keys of waku_new's configuration beside those of library-config.ts. */
  moreConfig(config: NodeConfig): Record<string, unknown>;
  /** How the version reads for people, from what waku_version answers. */
  version(text: string): string;
  /** For waku_new and waku_start each: RLN waits for its chain. */
  startMs(config: NodeConfig): number;
}

export const NWAKU: LibraryAdapter = {
  kind: 'nwaku',
  library: 'libwaku',
  // nwaku prints what the engine reads at levels that moved between its releases: DEBUG has all.
  logLevels: { trace: 'TRACE', debug: 'DEBUG', info: 'DEBUG', warn: 'DEBUG', error: 'DEBUG' },
  batches: false,
  moreConfig: ({ rln }) =>
    rln === null
      ? {}
      : {
          rlnRelay: true,
          rlnRelayDynamic: true,
          rlnRelayCredPath: rln.credentialsPath,
          rlnRelayCredPassword: rln.credentialsPassword,
          rlnRelayEthContractAddress: rln.contractAddress,
          // v0.35 knew one address only, under the other name; each release ignores the name that it does not know.
          ethClientUrls: rln.chainRpcUrls,
          rlnRelayEthClientAddress: rln.chainRpcUrls[0],
          rlnRelayChainId: rln.chainId,
          rlnEpochSizeSec: rln.epochSeconds,
          rlnRelayUserMessageLimit: rln.messageLimit,
        },
  version: (text) => text.trim(),
  // With RLN and a chain that does not answer, waku_new never does either: the limit is ours.
  startMs: ({ rln }) => (rln === null ? 30_000 : 120_000),
};

export const GO_WAKU: LibraryAdapter = {
  kind: 'go-waku',
  library: 'libgowaku',
  // DEBUG has one more line for each message, of go-waku's own.
  logLevels: { trace: 'TRACE', debug: 'DEBUG', info: 'INFO', warn: 'INFO', error: 'INFO' },
  batches: true,
  moreConfig: () => ({}),
  // Beside the engine's name, its own is once too many.
  version: (text) => text.trim().replace(/^go-waku /, ''),
  startMs: () => 30_000,
};

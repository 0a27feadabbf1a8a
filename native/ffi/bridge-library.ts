/** Loading the bridge library through koffi, and what it does for the whole process. */
import type * as KoffiModule from 'koffi';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { BRIDGE_ABI_VERSION, FUNCTIONS, STATUS, STRUCTURES, WAKE, type StatusName } from './declarations.ts';

/** An address in native memory. */
export type Pointer = bigint & { readonly brand: 'pointer' };

/** What a call writes to: koffi fills the element. */
export type Out<T> = [T | null];

/** The functions of bridge.h. None of them waits. */
export interface BridgeFunctions {
  wb_abi_version(): number;
  wb_now_ns(): number | bigint;
  wb_output_redirect(
    path: string,
    maxBytes: number,
    saved: Int32Array,
    error: Uint8Array,
    size: number,
  ): number;
  wb_output_restore(): number;
  wb_open(options: object, bridge: Out<Pointer>, error: Uint8Array, size: number): number;
  wb_submit(bridge: Pointer, name: string, callId: number, bytes: Uint8Array, size: number): number;
  wb_begin(bridge: Pointer): number;
  wb_forget(bridge: Pointer, callId: number): number;
  wb_drain(bridge: Pointer, buffer: Uint8Array, size: number, needed: Out<number>, more: Out<number>): number;
  wb_get_stats(bridge: Pointer, stats: Record<string, number | bigint>): number;
  wb_close(bridge: Pointer, deadlineMs: number): number;
  wb_close_poll(bridge: Pointer): number;
  wb_release(bridge: Pointer): number;
  wb_silence(): void;
  wb_function(index: number, name: Out<string>, shape: Out<string>): number;
}

export interface BridgeLibrary {
  readonly native: BridgeFunctions;
  /** What can be submitted: names and shapes. */
  readonly functions: ReadonlyMap<string, string>;
  /** Registers the one callback; the answer frees it, only after wb_release. */
  registerWake(wake: () => void): { pointer: Pointer; unregister: () => void };
}

const ERROR_BYTES = 1_024;
const loaded = new Map<string, BridgeLibrary>();
let typesAreKnown = false;

/**
 * Loads the bridge; once per path and process, since libraries are never unloaded.
 * @throws WakuDeskError ENGINE_FAILED: koffi or the library is missing, for another system, or of another build
 */
export async function loadBridge(path: string): Promise<BridgeLibrary> {
  const koffi = await importKoffi();
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const native = bind(koffi, path);
  const version = native.wb_abi_version();
  if (version !== BRIDGE_ABI_VERSION)
    throw failure(`The bridge library has ABI ${version}, not ${BRIDGE_ABI_VERSION}.`, path);
  // A wake-up that begins while the process exits would find no JavaScript.
  process.on('exit', () => {
    native.wb_silence();
  });
  // Threads of Go handle this signal, unlike all others (platform.h), and Go makes handlers fit for its small stacks only
  // while it is loaded. So Node's is there before, and stays: otherwise it comes with each first child, and goes.
  process.on('SIGCHLD', () => undefined);
  const library: BridgeLibrary = {
    native,
    functions: listFunctions(native),
    registerWake(wake) {
      const pointer = koffi.register(wake, 'wb_wake *') as Pointer;
      return {
        pointer,
        unregister() {
          koffi.unregister(pointer);
        },
      };
    },
  };
  loaded.set(path, library);
  return library;
}

type Koffi = typeof KoffiModule;

async function importKoffi(): Promise<Koffi> {
  try {
    // Not at the top: without the package everything but native engines works.
    return await import('koffi');
  } catch (error) {
    throw new WakuDeskError('ENGINE_FAILED', 'koffi, which calls native libraries, cannot be loaded.', {
      operation: 'native.load',
      hint: 'Install the dependencies again, with the optional ones, on this system.',
      cause: error,
    });
  }
}

function bind(koffi: Koffi, path: string): BridgeFunctions {
  try {
    // koffi's names belong to the process.
    if (!typesAreKnown) {
      koffi.proto(WAKE);
      koffi.opaque('wb_bridge');
      koffi.struct('wb_options', STRUCTURES.wb_options);
      koffi.struct('wb_stats', STRUCTURES.wb_stats);
      typesAreKnown = true;
    }
    const library = koffi.load(path);
    const entries = Object.entries(FUNCTIONS).map(([name, declaration]) => [name, library.func(declaration)]);
    return Object.fromEntries(entries) as BridgeFunctions;
  } catch (error) {
    throw failure('The bridge library cannot be loaded.', path, error);
  }
}

function failure(message: string, path: string, cause?: unknown): WakuDeskError {
  return new WakuDeskError('ENGINE_FAILED', message, {
    operation: 'native.load',
    hint: `Build it with 'npm run native:bridge', or install the package again: ${path}`,
    ...(cause !== undefined && { cause }),
  });
}

function listFunctions(native: BridgeFunctions): ReadonlyMap<string, string> {
  const functions = new Map<string, string>();
  for (let index = 0; ; index++) {
    const name: Out<string> = [null];
    const shape: Out<string> = [null];
    if (native.wb_function(index, name, shape) !== STATUS.OK) return functions;
    functions.set(name[0] ?? '', shape[0] ?? '');
  }
}

const STATUS_NAMES = new Map<number, StatusName>(
  Object.entries(STATUS).map(([name, code]) => [code, name as StatusName]),
);

/** The name of a code. */
export function statusName(code: number): StatusName {
  const name = STATUS_NAMES.get(code);
  if (name === undefined) throw new TypeError(`the bridge answered unknown code ${code}`);
  return name;
}

/** Calls what writes a sentence on failure. @throws WakuDeskError ENGINE_FAILED */
export function orFail(operation: string, call: (error: Uint8Array, size: number) => number): void {
  const error = new Uint8Array(ERROR_BYTES);
  const status = statusName(call(error, error.byteLength));
  if (status === 'OK') return;
  const words = new TextDecoder().decode(error.subarray(0, error.indexOf(0)));
  throw new WakuDeskError('ENGINE_FAILED', words === '' ? `The bridge answered ${status}.` : words, {
    operation,
    hint: 'See the cause; if it is not a full disk or a missing file, it is a defect.',
    cause: status,
  });
}

/** Where the program's own output goes while descriptors 1 and 2 belong to node.log; undefined: where it went. */
export interface SavedOutput {
  stdout: number | undefined;
  stderr: number | undefined;
}

/**
 * Points descriptors 1 and 2 of this process at a file, before a node library is loaded: see bridge.h.
 * @throws WakuDeskError ENGINE_FAILED
 */
export function redirectOutput(library: BridgeLibrary, path: string, maxBytes: number): SavedOutput {
  const saved = new Int32Array(2).fill(-1);
  orFail('native.redirectOutput', (error, size) =>
    library.native.wb_output_redirect(path, maxBytes, saved, error, size),
  );
  const [stdout = -1, stderr = -1] = saved;
  return { stdout: stdout < 0 ? undefined : stdout, stderr: stderr < 0 ? undefined : stderr };
}

/** Undoes it. Idempotent. */
export function restoreOutput(library: BridgeLibrary): void {
  library.native.wb_output_restore();
}

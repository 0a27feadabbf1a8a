/**
 * The contract, by libgowaku with its own adapter, and with nwaku's: the same ABI and real traffic, with libgowaku in
 * libwaku's place. With WAKU_DESK_LIBWAKU the same suite runs on that libwaku.
 */
import { describe, it } from 'vitest';
import { acrossPort, conformance, type EngineAdapter } from '../conformance/conformance.ts';
import { GO_LIMITS, nativeAdapters, type MaybeAdapter } from './fixture-adapters.ts';
import { LIBWAKU_LIMITS } from './libwaku-limits.ts';

const { goWaku, inPlace, nwaku } = await nativeAdapters();
suite(goWaku, GO_LIMITS, (adapter) => {
  conformance(adapter);
  conformance(acrossPort(adapter));
});
suite(inPlace, GO_LIMITS, conformance);
suite(nwaku, LIBWAKU_LIMITS, conformance);

/** Registers the suite, or a skip that says why not. */
function suite(
  { name, adapter, missing }: MaybeAdapter,
  limits: Readonly<Record<string, string>>,
  register: (adapter: EngineAdapter) => void,
): void {
  if (adapter !== null) register({ ...adapter, limits });
  else
    describe(`the contract on ${name}`, () => {
      it('is kept', (context) => {
        context.skip(missing);
      });
    });
}

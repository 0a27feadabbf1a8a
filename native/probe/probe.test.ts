import { beforeAll, describe, expect, it } from 'vitest';
import { prepare } from '../ffi/fixture-session.ts';
import { fixturePath } from '../build.mjs';
import { probeBridge, probeLibrary } from './probe.ts';

let unprepared: string | undefined;
beforeAll(async () => {
  unprepared = await prepare();
});

const fixture = (options: object) => ({ config: { fixture: options } });

describe('probing a library (the fixture)', () => {
  it('tells generation and version of those that are spoken', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    expect(await probeLibrary(fixturePath('b'))).toMatchObject({
      outcome: 'usable',
      generation: 'B',
      missing: [],
      version: expect.stringContaining('fixture') as string,
    });
    expect(await probeLibrary(fixturePath('c'))).toMatchObject({ outcome: 'usable', generation: 'C' });
    expect(await probeLibrary(fixturePath('old'))).toMatchObject({
      generation: 'B',
      missing: expect.arrayContaining(['waku_is_online']) as string[],
    });
  });

  it('hands on why the bridge refuses the others', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    expect(await probeLibrary(fixturePath('a'))).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/generation A.*v0\.35\.0 to v0\.37\.4/) as string,
    });
    expect(await probeLibrary(fixturePath('d'))).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('generation D') as string,
    });
    expect(await probeLibrary(import.meta.filename)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('cannot be loaded') as string,
    });
  });

  it('survives a library that crashes', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    expect(await probeLibrary(fixturePath('b'), fixture({ crashIn: 'waku_new' }))).toMatchObject({
      outcome: 'broken',
      reason: 'It crashed (SIGSEGV) while it created a node (waku_new).',
      lastLine: expect.stringContaining('as told') as string,
    });
  });

  it('gives up on a library that hangs', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const options = { deadlineMs: 2_000, ...fixture({ silentIn: 'waku_version' }) };
    expect(await probeLibrary(fixturePath('b'), options)).toMatchObject({
      outcome: 'broken',
      reason: 'It did not answer within 2 s when it was asked for its version (waku_version).',
    });
  });

  it('takes a node that is not created as a library without a version', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    expect(await probeLibrary(fixturePath('b'), fixture({ errorIn: 'waku_new' }))).toMatchObject({
      outcome: 'usable',
      version: null,
    });
  });

  it('says what is missing where the bridge is', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    expect(await probeLibrary(fixturePath('b'), { bridge: '/nowhere/bridge.so' })).toMatchObject({
      outcome: 'untried',
      error: { code: 'ENGINE_FAILED', operation: 'native.load' },
    });
  });

  it('tells whether the bridge alone can be loaded', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    expect(await probeBridge()).toBeNull();
    expect(await probeBridge({ bridge: fixturePath('b') })).toMatchObject({
      code: 'ENGINE_FAILED',
      message: 'The bridge library cannot be loaded.',
    });
  });

  it('ends with its caller', async (context) => {
    if (unprepared !== undefined) context.skip(unprepared);
    const cancelled = { code: 'CANCELLED' };
    await expect(probeLibrary(fixturePath('b'), { signal: AbortSignal.abort() })).rejects.toMatchObject(
      cancelled,
    );
    const signal = AbortSignal.timeout(300);
    await expect(
      probeLibrary(fixturePath('b'), { signal, ...fixture({ hangIn: 'waku_new' }) }),
    ).rejects.toMatchObject(cancelled);
  });
});

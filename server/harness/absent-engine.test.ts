import { describe, expect, it, onTestFinished } from 'vitest';
import { parseNodeConfig } from '../../core/engine/config.ts';
import { WakuDeskError } from '../../core/engine/errors.ts';
import { createEngine } from '../../engines/process/create-engine.ts';
import { Harness, type HarnessOptions } from './harness.ts';

const missing = new WakuDeskError('LIBRARY_MISSING', 'libgowaku is not on this machine.', {
  operation: 'engine.load',
  hint: 'Choose the file.',
});

async function harnessWith(options: Partial<HarnessOptions>): Promise<Harness> {
  const harness = await Harness.create({
    createEngine: (config) => createEngine('js', config),
    engine: 'go-waku',
    config: parseNodeConfig({}),
    capture: null,
    version: '0',
    opensWithoutEngine: true,
    ...options,
  });
  onTestFinished(() => harness.close());
  return harness;
}

describe('a harness whose engine cannot be made', () => {
  it('is there all the same, and says why the node does not run', async () => {
    const harness = await harnessWith({ createEngine: () => Promise.reject(missing) });
    await expect(harness.node.start()).rejects.toMatchObject({ code: 'LIBRARY_MISSING' });
    expect(harness.node.engine.info.kind).toBe('go-waku');
    await harness.node.session.delivered();
    expect(harness.node.session.snapshot()).toMatchObject({
      state: 'failed',
      error: { code: 'LIBRARY_MISSING' },
    });
    await expect(harness.start()).rejects.toMatchObject({ code: 'LIBRARY_MISSING' });
  });

  it('runs once what was missing is there', async () => {
    let isThere = false;
    const harness = await harnessWith({
      createEngine: (config) => (isThere ? createEngine('js', config) : Promise.reject(missing)),
    });
    await expect(harness.node.start()).rejects.toThrow();
    isThere = true;
    await harness.start();
    await harness.node.session.delivered();
    expect(harness.node.session.snapshot().state).toBe('running');
  });

  it('is none where it has to run at once', async () => {
    const options = { createEngine: () => Promise.reject(missing), opensWithoutEngine: false };
    await expect(harnessWith(options)).rejects.toMatchObject({ code: 'LIBRARY_MISSING' });
  });
});

it('an engine that the build does not carry is not taken in its stead', async () => {
  const harness = await harnessWith({ engine: 'js', profile: 'nwaku' });
  await expect(harness.changeSettings({}, { engine: 'go-waku' })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  });
  expect(harness.node.engine.info.kind).toBe('js');
});

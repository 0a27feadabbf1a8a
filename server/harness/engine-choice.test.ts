import { expect, it } from 'vitest';
import { defaultEngineHost } from '../../core/engine/profiles.ts';
import { chooseEngine } from './engine-choice.ts';

const before = { kind: 'js', where: 'utility' } as const;
const byProfile = (kind: 'js' | 'go-waku' | 'nwaku') => defaultEngineHost('harness', kind);

it('an engine stays where it runs, goes where the user wants, and another runs where the build says', () => {
  expect(chooseEngine(before, {}, 'harness', byProfile)).toEqual(before);
  expect(chooseEngine(before, { engineHost: 'main' }, 'harness', byProfile).where).toBe('main');
  expect(chooseEngine(before, { engine: 'nwaku' }, 'harness', byProfile)).toEqual({
    kind: 'nwaku',
    where: 'main',
  });
  expect(chooseEngine({ kind: 'js', where: 'main' }, { engine: 'go-waku' }, 'harness', byProfile).where).toBe(
    'utility',
  );
});

it('where an engine runs cannot be chosen on a host without that choice', () => {
  expect(chooseEngine({ kind: 'js', where: null }, {}, 'harness', undefined)).toEqual({
    kind: 'js',
    where: null,
  });
  expect(() =>
    chooseEngine({ kind: 'js', where: null }, { engineHost: 'main' }, 'harness', undefined),
  ).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }) as Error);
});

it('an engine that the build has not is refused', () => {
  expect(() => chooseEngine(before, { engine: 'nwaku' }, 'go-waku', byProfile)).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED' }) as Error,
  );
});

it('nwaku proves the library in the main process; the others are isolated', () => {
  expect(defaultEngineHost('nwaku', 'nwaku')).toBe('main');
  expect(defaultEngineHost('nwaku', 'js')).toBe('utility');
  expect(defaultEngineHost('go-waku', 'go-waku')).toBe('utility');
});

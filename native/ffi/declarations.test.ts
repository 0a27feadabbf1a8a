import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BRIDGE_ABI_VERSION, FUNCTIONS, RECORD_KINDS, STATUS, STRUCTURES, WAKE } from './declarations.ts';

const native = join(import.meta.dirname, '..');
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '');
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const header = withoutComments(await readFile(join(native, 'bridge', 'bridge.h'), 'utf8'));

/** name → [value of] every `#define <prefix><name> <number>` */
function defines(prefix: string): Record<string, number> {
  const found = [...header.matchAll(/^#define WB_(\w+) \(?(-?\d+)\)?$/gm)];
  return Object.fromEntries(
    found.flatMap(([, name = '', value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), Number(value)]] : [],
    ),
  );
}

describe("koffi's declarations", () => {
  it('have the version, codes and kinds of the header', () => {
    const { ABI_VERSION, ...all } = defines('');
    const codes = Object.entries(all).filter(([name]) => !name.startsWith('RECORD_'));
    expect(ABI_VERSION).toBe(BRIDGE_ABI_VERSION);
    expect(Object.fromEntries(codes)).toEqual(STATUS);
    expect(defines('RECORD_')).toEqual(RECORD_KINDS);
  });

  it('have the functions of the header', () => {
    const declared = [...header.matchAll(/^WB_API ([^;]+);/gm)].map(([, text = '']) => inOneLine(text));
    const ours = Object.values(FUNCTIONS).map((text) => text.replaceAll('_Out_ ', ''));
    // C writes an array of two where koffi wants a pointer.
    expect(ours.sort()).toEqual(
      declared.map((text) => text.replace('int32_t saved[2]', 'int32_t *saved')).sort(),
    );
    for (const [name, text] of Object.entries(FUNCTIONS)) expect(text).toContain(` ${name}(`);
  });

  it('have the structures and the callback of the header', () => {
    for (const [name, members] of Object.entries(STRUCTURES)) {
      const [, body = ''] = new RegExp(`typedef struct ${name} \\{([^}]*)\\}`).exec(header) ?? [];
      const declared = body.split(';').map(inOneLine).filter(Boolean);
      const ours = Object.entries(members).map(([member, type]) =>
        // A callback's type is a pointer already in C.
        `${type === 'wb_wake *' ? 'wb_wake' : type} ${member}`.replace('* ', '*'),
      );
      expect(ours, name).toEqual(declared);
    }
    expect(header).toContain(`typedef ${WAKE.replace('wb_wake', '(*wb_wake)')};`);
  });
});

/** Prototypes by name: the types of their parameters, const and names of parameters left out. */
async function prototypes(file: string): Promise<Map<string, string[]>> {
  const text = withoutComments(await readFile(join(native, 'abi', file), 'utf8'));
  const found = [...text.matchAll(/^(?:int|void) ?\*?(\w+)\(([^)]*)\);/gm)];
  return new Map(
    found.map(([, name = '', parameters = '']) => [
      name,
      parameters
        .split(',')
        .map((parameter) => inOneLine(parameter).replace('const ', '').replace(/\w+$/, '').trim()),
    ]),
  );
}

const LETTERS: Record<string, string> = { 'char *': 't', int: 'i', unsigned: 'u' };
const shapeOf = (types: string[]): string => types.map((type) => LETTERS[type] ?? '?').join('');

describe("the bridge's table", async () => {
  const source = await readFile(join(native, 'bridge', 'library.c'), 'utf8');
  const table = new Map(
    [...source.matchAll(/^ {4}\{"(waku_\w+)", "(\w*)"\},$/gm)].map(([, name = '', shape = '']) => [
      name,
      shape,
    ]),
  );
  const notInTable = ['waku_new', 'waku_set_event_callback', 'set_event_callback'];

  it('has the functions and shapes of generation B, with the callback last', async () => {
    const recorded = await prototypes('generation-b.h');
    expect([...table.keys()].sort()).toEqual(
      [...recorded.keys()].filter((name) => !notInTable.includes(name)).sort(),
    );
    expect(table.size).toBe(37);
    for (const [name, shape] of table) {
      const types = recorded.get(name) ?? [];
      expect([types[0], ...types.slice(-2)], name).toEqual(['void *', 'WakuCallBack', 'void *']);
      expect(shapeOf(types.slice(1, -2)), name).toBe(shape);
    }
  });

  it("has libgowaku's own function as it is declared", async () => {
    const types = (await prototypes('gowaku.h')).get('gowaku_relay_publish_many');
    // The bytes and their number are one argument of the shape.
    expect(types).toEqual(['void *', 'void *', 'size_t', 'unsigned', 'WakuCallBack', 'void *']);
    expect(source).toContain('{PUBLISH_MANY, "bu"},');
    expect(source).toContain('#define PUBLISH_MANY "gowaku_relay_publish_many"');
  });

  it('has those of generation C, with the callback behind the context', async () => {
    const recorded = await prototypes('generation-c.h');
    expect([...table.keys()].sort()).toEqual(
      [...recorded.keys()].filter((name) => !notInTable.includes(name)).sort(),
    );
    for (const [name, shape] of table) {
      const types = recorded.get(name) ?? [];
      expect(types.slice(0, 3), name).toEqual(['void *', 'WakuCallBack', 'void *']);
      expect(shapeOf(types.slice(3)), name).toBe(shape);
    }
  });
});

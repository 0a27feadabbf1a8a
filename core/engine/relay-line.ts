/** `received relay message` and `sent relay message`: lines of a node's log that measurements read. */

/** Hears each of them, without its line feed. */
export type RelayLineListener = (line: string) => void;

/** A peer id as these lines write it: `16U*` and the last six characters. */
export function shortPeerId(peerId: string): string {
  return `${peerId.slice(0, 3)}*${peerId.slice(-6)}`;
}

const LINE =
  /^(?<level>[A-Z]{3}) (?<time>\S+ \S+) (?<words>(?:received|sent) relay message) +(?<fields>.*)$/i;
const FIELD = /(\w+)=("(?:[^"\\]|\\.)*"|\S+)/g;

/** The same line as nwaku writes it with `--log-format=json`; a line that is none of them stays as it is. */
export function relayLineJson(line: string): string {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) return line;
  const { level = '', time = '', words = '', fields = '' } = groups;
  const pairs = [...fields.matchAll(FIELD)].map(([, key = '', value = '']) => {
    // Times are beyond what a number of JavaScript holds: their digits stay.
    const isJson = value.startsWith('"') || /^-?\d+$/.test(value);
    return `${JSON.stringify(key)}:${isJson ? value : JSON.stringify(value)}`;
  });
  const head = `"lvl":${JSON.stringify(level)},"ts":${JSON.stringify(time)},"msg":${JSON.stringify(words)}`;
  return `{${[head, ...pairs].join(',')}}`;
}

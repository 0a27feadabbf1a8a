/** Text of strangers, so that what it says is what is seen. */

/** Controls, formats (bidi overrides among them), lone surrogates, separators, and letters without a shape. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** In a list a text is cut here: nobody reads on, and a long one costs time in every frame. */
const MAX_LINE = 400;

function escape(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One line: every invisible character as an escape such as `\u{202e}` or `\n`. */
export function visibleLine(text: string): string {
  const cut = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text;
  return cut.replace(INVISIBLE, escape);
}

/** Several lines: line feeds and tabs work, everything else invisible is an escape. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character === '\n' || character === '\t' ? character : escape(character),
  );
}

/** Why no shard follows from a content topic, in wakunode2's words. */

const PARTS = ['application', 'version', 'topic-name', 'encoding'] as const;
const STRUCTURE =
  'invalid format: Invalid content topic structure. Expected either /<application>/<version>/<topic-name>/<encoding> or /<gen>/<application>/<version>/<topic-name>/<encoding>';

/** null: nothing is wrong with it. */
export function contentTopicProblem(contentTopic: string): string | null {
  if (!contentTopic.startsWith('/'))
    return `invalid format: content-topic '${contentTopic}' must start with slash`;
  const parts = contentTopic.slice(1).split('/');
  if (parts.length !== 4 && parts.length !== 5) return STRUCTURE;
  if (parts.length === 5) {
    const generation = parts.shift() ?? '';
    if (!/^\d+$/.test(generation)) return 'invalid format: generation should be a numeric value';
    if (Number(generation) > 0) return 'Generation > 0 are not supported yet';
  }
  const missing = PARTS.find((_part, i) => parts[i] === '');
  return missing === undefined ? null : `missing part: ${missing}`;
}

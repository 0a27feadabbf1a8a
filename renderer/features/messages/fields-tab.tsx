/** Every field of a message; the hash is computed here again. */
import type { ReactNode } from 'react';
import { bytesToHex } from '@noble/hashes/utils.js';
import { messageHashText } from '../../../core/waku/hash.ts';
import { parsePubsubTopic } from '../../../core/waku/topics.ts';
import type { MessageDetails, MessageRow } from '../../../core/operations/message-values.ts';
import { useDeskState } from '../../store/use-desk.ts';
import { Copyable, Fact } from '../../ui/facts.tsx';
import { formatBytes, formatCount, formatInstant } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { deliveryWords } from './message-format.ts';

export function FieldsTab({ row, details }: { row: MessageRow; details: MessageDetails | null }): ReactNode {
  const message = details?.message ?? null;
  const shard = parsePubsubTopic(row.pubsubTopic);
  return (
    <dl className="facts">
      <Fact name="hash">
        <Copyable text={row.hash} label="Copy the hash" />
        <HashCheck row={row} details={details} />
      </Fact>
      <Fact name="content topic">
        <Copyable text={row.contentTopic} label="Copy the content topic" />
      </Fact>
      <Fact name="pubsub topic">
        <Copyable text={row.pubsubTopic} label="Copy the pubsub topic" />
        {shard !== null && (
          <span className="muted">
            cluster {shard.cluster}, shard {shard.shard}
          </span>
        )}
      </Fact>
      <Fact name="direction">{row.dir === 'in' ? 'in: from the network' : 'out: sent from here'}</Fact>
      <Fact name="from">
        <FromPeer row={row} />
      </Fact>
      <Fact name={row.dir === 'in' ? 'received' : 'handed over'}>
        <span className="mono">{formatInstant(row.receivedNs)}</span>
      </Fact>
      <Fact name="timestamp">
        {row.timestampNs === 0n ? (
          <span className="muted">the sender gave none</span>
        ) : (
          <span className="mono">{formatInstant(row.timestampNs)}</span>
        )}
      </Fact>
      <Fact name="payload">
        <span className="mono">{formatBytes(row.payloadBytes)}</span>
      </Fact>
      <Fact name="version">
        <span className="mono">{row.version}</span>
      </Fact>
      <Fact name="ephemeral">{row.ephemeral ? 'yes: stores must not keep it' : 'no'}</Fact>
      {message !== null && <Bytes name="meta" bytes={message.meta} />}
      {message !== null && <Bytes name="rate limit proof" bytes={message.rateLimitProof} />}
      <Fact name="captured">
        {row.captured ? (
          `yes, number ${formatCount(row.seq ?? 0)}`
        ) : (
          <span className="bad">no: the disk refused it</span>
        )}
      </Fact>
      {details !== null && row.dir === 'out' && <States details={details} />}
    </dl>
  );
}

/** Computed here and by the host, compared with the one in the list. */
function HashCheck({ row, details }: { row: MessageRow; details: MessageDetails | null }): ReactNode {
  if (details === null) return <span className="muted">computing</span>;
  if (details.message === null) return <span className="muted">cannot be computed without the payload</span>;
  const here = messageHashText(row.pubsubTopic, details.message);
  if (here === row.hash && details.computedHash === row.hash)
    return (
      <span className="good">
        <Icon name="check" /> computed again: the same
      </span>
    );
  return (
    <span className="bad">
      <Icon name="warn" /> computed again: <code className="mono breakable">{here}</code>
    </span>
  );
}

function FromPeer({ row }: { row: MessageRow }): ReactNode {
  const inMesh = useDeskState(({ live }) =>
    live?.node.topics.some(
      ({ pubsubTopic, meshPeers }) =>
        pubsubTopic === row.pubsubTopic && row.fromPeer !== null && meshPeers.includes(row.fromPeer),
    ),
  );
  const light = useDeskState(({ live }) => live?.settings.light === true);
  if (row.dir === 'out') return 'this node';
  if (row.fromPeer === null) return <span className="muted">the engine does not tell</span>;
  return (
    <>
      <Copyable text={row.fromPeer} label="Copy the peer id" />
      {!light && <span className="muted">{inMesh === true ? 'in the mesh now' : 'not in the mesh now'}</span>}
    </>
  );
}

function Bytes({ name, bytes }: { name: string; bytes: Uint8Array }): ReactNode {
  return (
    <Fact name={name}>
      {bytes.length === 0 ? (
        <span className="muted">none</span>
      ) : (
        <Copyable text={`0x${bytesToHex(bytes)}`} label={`Copy the ${name}`} />
      )}
    </Fact>
  );
}

function States({ details: { states } }: { details: MessageDetails }): ReactNode {
  return (
    <Fact name="delivery">
      <ol className="states">
        {states.map(({ atNs, delivery }) => (
          <li key={`${delivery.state}${atNs}`} className={delivery.state === 'failed' ? 'bad' : ''}>
            <span className="mono muted">{formatInstant(atNs).slice(11, 23)}</span> {deliveryWords(delivery)}
          </li>
        ))}
      </ol>
    </Fact>
  );
}

/** A stored message: its fields, its hash computed here, its payload. */
import type { ReactNode, RefObject } from 'react';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { StoreRow } from '../../../core/operations/service-operations.ts';
import { messageHashText } from '../../../core/waku/hash.ts';
import type { WakuMessage } from '../../../core/waku/message.ts';
import { useDesk } from '../../store/use-desk.ts';
import { IconButton } from '../../ui/button.tsx';
import { DetailsAside } from '../../ui/details-aside.tsx';
import { Copyable, Fact } from '../../ui/facts.tsx';
import { formatBytes, formatInstant } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { focusMainGrid } from '../../ui/virtual-grid.tsx';
import { TextTab } from '../messages/text-tabs.tsx';

export function StoreDetails({
  row,
  paneRef,
}: {
  row: StoreRow;
  paneRef: RefObject<HTMLElement | null>;
}): ReactNode {
  const desk = useDesk();
  const { hash, pubsubTopic, message } = row;
  return (
    <DetailsAside paneRef={paneRef}>
      <div className="details-bar">
        <span className="grow muted">Stored message</span>
        <IconButton
          icon="close"
          label="Close details"
          shortcut="Esc"
          onClick={() => {
            desk.update('store', { selected: null });
            focusMainGrid();
          }}
        />
      </div>
      <div className="details-scroll" tabIndex={0} role="region" aria-label="Stored message">
        <dl className="facts">
          <Fact name="hash">
            <Copyable text={hash} label="Copy the hash" />
            {message !== null && pubsubTopic !== null && (
              <HashCheck claimed={hash} computed={messageHashText(pubsubTopic, message)} />
            )}
          </Fact>
          {pubsubTopic !== null && (
            <Fact name="pubsub topic">
              <Copyable text={pubsubTopic} label="Copy the pubsub topic" />
            </Fact>
          )}
          {message !== null && <Fields message={message} />}
        </dl>
        {message !== null && <TextTab payload={message.payload} />}
      </div>
    </DetailsAside>
  );
}

function HashCheck({ claimed, computed }: { claimed: string; computed: string }): ReactNode {
  if (claimed.toLowerCase() === computed)
    return (
      <span className="good">
        <Icon name="check" /> computed here: the same
      </span>
    );
  return (
    <span className="bad">
      <Icon name="warn" /> computed here: <code className="mono breakable">{computed}</code>
    </span>
  );
}

function Fields({ message }: { message: WakuMessage }): ReactNode {
  const { contentTopic, timestampNs, payload, version, ephemeral, meta } = message;
  return (
    <>
      <Fact name="content topic">
        <Copyable text={contentTopic} label="Copy the content topic" />
      </Fact>
      <Fact name="timestamp">
        <span className="mono">{formatInstant(timestampNs)}</span>
      </Fact>
      <Fact name="payload">
        <span className="mono">{formatBytes(payload.length)}</span>
      </Fact>
      <Fact name="version">
        <span className="mono">{version}</span>
      </Fact>
      <Fact name="ephemeral">{ephemeral ? 'yes: it should not be here' : 'no'}</Fact>
      <Fact name="meta">
        {meta.length === 0 ? (
          <span className="muted">none</span>
        ) : (
          <Copyable text={`0x${bytesToHex(meta)}`} label="Copy the meta" />
        )}
      </Fact>
    </>
  );
}

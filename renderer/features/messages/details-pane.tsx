/** What is known of the selected message. */
import type { ReactNode, RefObject } from 'react';
import type { MessageRow } from '../../../core/operations/message-values.ts';
import type { DetailsTab } from '../../store/state.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DetailsAside } from '../../ui/details-aside.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { focusMainGrid } from '../../ui/virtual-grid.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { FieldsTab } from './fields-tab.tsx';
import { HexTab } from './hex-tab.tsx';
import { deliveryWords, messageJson, payloadText } from './message-format.ts';
import { JsonTab, TextTab } from './text-tabs.tsx';
import { useDetails } from './use-details.ts';

const TABS: readonly { id: DetailsTab; title: string }[] = [
  { id: 'fields', title: 'Fields' },
  { id: 'text', title: 'Text' },
  { id: 'json', title: 'JSON' },
  { id: 'hex', title: 'Hex' },
];

interface DetailsPaneProps {
  position: number;
  paneRef: RefObject<HTMLElement | null>;
}

export function DetailsPane({ position, paneRef }: DetailsPaneProps): ReactNode {
  const { messages } = useDesk();
  const row = useDeskState(() => messages.rows.get(position));
  return (
    <DetailsAside paneRef={paneRef}>
      <Details position={position} row={row} />
    </DetailsAside>
  );
}

function Details({ position, row }: { position: number; row: MessageRow | undefined }): ReactNode {
  const desk = useDesk();
  const tab = useDeskState(({ messages }) => messages.tab);
  const delivery = row?.state ?? null;
  const stateKey = delivery === null ? '' : deliveryWords(delivery);
  const result = useDetails(position, stateKey);
  const { details } = result;
  const message = details?.message ?? null;
  const shown = details?.row ?? row;
  const copies = (
    <div className="copy-bar">
      <span className="muted">Copy as</span>
      {message !== null && (
        <CopyButton text={() => payloadText(message.payload).text} label="Copy the payload as text">
          Text
        </CopyButton>
      )}
      {details !== null && (
        <CopyButton text={() => messageJson(details)} label="Copy the message as JSON">
          JSON
        </CopyButton>
      )}
      {shown !== undefined && (
        <CopyButton text={shown.hash} label="Copy the hash">
          Hash
        </CopyButton>
      )}
    </div>
  );
  const close = (
    <IconButton
      icon="close"
      label="Close details"
      shortcut="Esc"
      onClick={() => {
        desk.messages.select(null);
        focusMainGrid();
      }}
    />
  );
  return (
    <Tabs
      label="Details"
      tabs={TABS}
      chosen={tab}
      onChoose={(chosen) => {
        desk.update('messages', { tab: chosen });
      }}
      extra={close}
      foot={copies}
    >
      {result.state === 'failed' && <ErrorNotice error={result.error} />}
      {tab === 'fields' && shown !== undefined && <FieldsTab row={shown} details={details} />}
      {tab !== 'fields' && details !== null && message === null && (
        <EmptyState
          title="The payload is gone"
          text="The disk refused this message, and memory has let it go since."
        />
      )}
      {tab === 'text' && message !== null && <TextTab payload={message.payload} />}
      {tab === 'json' && message !== null && <JsonTab payload={message.payload} />}
      {tab === 'hex' && message !== null && <HexTab key={position} payload={message.payload} />}
    </Tabs>
  );
}

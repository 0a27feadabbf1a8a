/** Write a message, send it once or many times, and see what became of it. */
import { useMemo, type SubmitEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PublishForm } from '../../store/state.ts';
import { publishMany, publishOnce } from '../../store/publish-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { AddressFields } from './address-fields.tsx';
import { checkForm, type CheckedForm } from './check-form.ts';
import { OtherFields } from './other-fields.tsx';
import { PayloadFields } from './payload-fields.tsx';
import { SendBar } from './send-bar.tsx';
import { SendList } from './send-list.tsx';
import './publish.css';

export interface FormProps {
  form: PublishForm;
  checked: CheckedForm;
  change: (change: Partial<PublishForm>) => void;
}

export function PublishView(): ReactNode {
  const desk = useDesk();
  const form = useDeskState(({ publish }) => publish.form);
  const settings = useDeskState(({ live }) => live?.settings);
  const topics = useDeskState(
    useShallow(({ live }) => live?.node.topics.map((topic) => topic.pubsubTopic) ?? []),
  );
  const checked = useMemo(
    () => (settings === undefined ? null : checkForm(form, { settings, topics })),
    [form, settings, topics],
  );
  if (checked === null) return <EmptyState title="Waiting for the host" />;
  const change = (fields: Partial<PublishForm>): void => {
    desk.update('publish', { form: { ...form, ...fields } });
  };
  const send = (): void => {
    const { draft, repeat } = checked;
    if (draft === null) return;
    if (repeat === null) void publishOnce(desk, draft);
    else void publishMany(desk, draft, repeat.count, repeat.ratePerSecond);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  const props: FormProps = { form, checked, change };
  return (
    <div className="publish">
      <form
        className="publish-form"
        onSubmit={submit}
        onKeyDown={onKeyDown}
        aria-label="Message to publish"
        noValidate
      >
        <AddressFields {...props} topics={topics} />
        <PayloadFields {...props} />
        <OtherFields {...props} />
        <SendBar {...props} />
      </form>
      <SendList />
    </div>
  );
}

/** The configuration of the node. Changes take effect with a restart; a refused change stays typed. */
import type { SubmitEvent, ReactNode } from 'react';
import { ENGINE_KINDS } from '../../../core/engine/capabilities.ts';
import { changeSettings } from '../../store/node-actions.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { Field, type FieldControlProps } from '../../ui/field.tsx';
import { formatMany } from '../../ui/format.ts';
import { EngineField } from './engine-field.tsx';
import { checkEdits, SETTINGS, settingText, type Setting } from './settings-form.ts';

export function SettingsTab(): ReactNode {
  const desk = useDesk();
  const settings = useDeskState(({ live }) => live?.settings);
  const engine = useDeskState(({ live }) => live?.engine.kind);
  const edits = useDeskState(({ node }) => node.edits);
  const busy = useDeskState(({ node }) => node.busy);
  const stopped = useDeskState(({ live }) => live?.node.state === 'stopped');
  if (settings === undefined || engine === undefined) return null;
  const { change, count: changes, problems } = checkEdits(settings, edits);
  const chosen = ENGINE_KINDS.find((kind) => kind === edits.engine) ?? engine;
  const count = chosen === engine ? changes : changes + 1;
  const faults = Object.keys(problems).length;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (count > 0 && faults === 0) void changeSettings(desk, change, chosen === engine ? undefined : chosen);
  };
  return (
    <form className="settings" onSubmit={submit} aria-label="Settings" noValidate>
      <div className="settings-fields">
        <EngineField
          chosen={chosen}
          isChanged={chosen !== engine}
          onChange={(kind) => {
            desk.update('node', { edits: { ...edits, engine: kind } });
          }}
        />
        {SETTINGS.map((setting) => {
          const before = settingText(settings, setting);
          const text = edits[setting.name] ?? before;
          return (
            <Field
              key={setting.name}
              label={text === before ? setting.label : `${setting.label} (changed)`}
              hint={setting.hint ?? ''}
              problem={problems[setting.name]}
            >
              {(props) => (
                <Control
                  setting={setting}
                  text={text}
                  props={props}
                  onChange={(value) => {
                    desk.update('node', { edits: { ...edits, [setting.name]: value } });
                  }}
                />
              )}
            </Field>
          );
        })}
      </div>
      <div className="settings-bar">
        <Button type="submit" kind="primary" busy={busy === 'settings'} disabled={count === 0 || faults > 0}>
          {stopped ? 'Apply' : 'Apply and restart'}
        </Button>
        <Button
          disabled={count === 0}
          onClick={() => {
            desk.update('node', { edits: {} });
          }}
        >
          Undo changes
        </Button>
        <span className={faults === 0 ? 'muted' : 'bad'} role="status">
          {faults > 0
            ? `${formatMany(faults, 'field')} to correct first.`
            : count === 0
              ? 'Nothing changed.'
              : `${formatMany(count, 'change')}: the list begins anew.`}
        </span>
      </div>
    </form>
  );
}

interface ControlProps {
  setting: Setting;
  text: string;
  props: FieldControlProps;
  onChange: (text: string) => void;
}

function Control({ setting: { kind }, text, props, onChange }: ControlProps): ReactNode {
  const common = {
    ...props,
    value: text,
    onChange: (event: { target: { value: string } }) => {
      onChange(event.target.value);
    },
  };
  if (kind === 'lines') return <textarea {...common} className="input mono" rows={2} spellCheck={false} />;
  const options = { yesno: ['no', 'yes'], level: ['trace', 'debug', 'info', 'warn', 'error'] };
  if (kind === 'yesno' || kind === 'level')
    return (
      <select {...common} className="input">
        {options[kind].map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  return <input {...common} className="input mono" autoComplete="off" spellCheck={false} />;
}

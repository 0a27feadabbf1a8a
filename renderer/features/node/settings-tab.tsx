/** The configuration of the node. Changes take effect with a restart; a refused change stays typed. */
import type { SubmitEvent, ReactNode } from 'react';
import { ENGINE_KINDS } from '../../../core/engine/capabilities.ts';
import { ENGINE_HOSTS } from '../../../core/engine/profiles.ts';
import { ENGINE_CAPABILITIES } from '../../../core/engine/engine-capabilities.ts';
import { changeSettings } from '../../store/node-actions.ts';
import type { Settings } from '../../../core/operations/live-values.ts';
import { useDesk, useDeskState } from '../../store/use-desk.ts';
import { Button } from '../../ui/button.tsx';
import { Field, type FieldControlProps } from '../../ui/field.tsx';
import { formatMany } from '../../ui/format.ts';
import { visibleLine } from '../../ui/visible-text.ts';
import {
  checkEdits,
  LIGHT,
  RELAY,
  RLN_SETTINGS,
  SETTINGS,
  settingText,
  type Setting,
} from './settings-form.ts';
import { EngineField } from './engine-field.tsx';
import { EngineHostField } from './engine-host-field.tsx';

export function SettingsTab(): ReactNode {
  const desk = useDesk();
  const settings = useDeskState(({ live }) => live?.settings);
  const engine = useDeskState(({ live }) => live?.engine.kind);
  const engineHost = useDeskState(({ live }) => live?.engineHost ?? null);
  const edits = useDeskState(({ node }) => node.edits);
  const busy = useDeskState(({ node }) => node.busy);
  const stopped = useDeskState(({ live }) => live?.node.state === 'stopped');
  if (settings === undefined || engine === undefined) return null;
  const { change, count: changes, problems } = checkEdits(settings, edits);
  const chosen = ENGINE_KINDS.find((kind) => kind === edits.engine) ?? engine;
  const can = ENGINE_CAPABILITIES[chosen];
  const where =
    engineHost === null ? null : (ENGINE_HOSTS.find((one) => one === edits.engineHost) ?? engineHost);
  const wanted = {
    ...(chosen !== engine && { engine: chosen }),
    ...(where !== null && where !== engineHost && { engineHost: where }),
  };
  const count = changes + Object.keys(wanted).length;
  const faults = Object.keys(problems).length;
  const isRln = (edits.rln ?? (settings.rln === null ? 'no' : 'yes')) === 'yes';
  const shown = [...SETTINGS, ...RLN_SETTINGS.filter(({ name }) => name === 'rln' || isRln)];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (count > 0 && faults === 0) void changeSettings(desk, change, wanted);
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
        {where !== null && (
          <EngineHostField
            chosen={where}
            isChanged={where !== engineHost}
            onChange={(value) => {
              desk.update('node', { edits: { ...edits, engineHost: value } });
            }}
          />
        )}
        {shown.map((setting) => {
          const before = settingText(settings, setting);
          const text = edits[setting.name] ?? before;
          const support = setting.needs === undefined ? null : can[setting.needs];
          const cannot = support?.supported === false ? support : null;
          return (
            <Field
              key={setting.name}
              label={text === before ? setting.label : `${setting.label} (changed)`}
              hint={cannot === null ? hintOf(setting, settings) : <WhyNot {...cannot} />}
              problem={problems[setting.name]}
            >
              {(props) => (
                <Control
                  setting={setting}
                  text={text}
                  props={props}
                  // What is on can be switched off, whatever the engine can.
                  disabled={cannot !== null && text === before && OFF.includes(before)}
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

const OFF = [RELAY, 'no'];

function hintOf({ kind, hint }: Setting, settings: Settings): string {
  if ((kind !== 'secret' && kind !== 'secrets') || settings.rln === null) return hint ?? '';
  return 'Kept and never shown; type another to replace it';
}

function WhyNot({ code, reason }: { code: string; reason: string }): ReactNode {
  return (
    <>
      {visibleLine(reason)} <code className="mono code">{code}</code>
    </>
  );
}

interface ControlProps {
  setting: Setting;
  text: string;
  props: FieldControlProps;
  disabled: boolean;
  onChange: (text: string) => void;
}

function Control({ setting: { kind }, text, props, disabled, onChange }: ControlProps): ReactNode {
  const common = {
    ...props,
    disabled,
    value: text,
    onChange: (event: { target: { value: string } }) => {
      onChange(event.target.value);
    },
  };
  if (kind === 'lines' || kind === 'secrets')
    return <textarea {...common} className="input mono" rows={2} spellCheck={false} autoComplete="off" />;
  if (kind === 'secret')
    return <input {...common} className="input mono" type="password" autoComplete="new-password" />;
  const options = {
    yesno: ['no', 'yes'],
    level: ['trace', 'debug', 'info', 'warn', 'error'],
    mode: [RELAY, LIGHT],
  };
  if (kind === 'yesno' || kind === 'level' || kind === 'mode')
    return (
      <select {...common} className="input">
        {options[kind].map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  return <input {...common} className="input mono" autoComplete="off" spellCheck={false} />;
}

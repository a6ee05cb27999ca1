import { ContextMenu } from '@base-ui/react/context-menu';
import { Menu } from '@base-ui/react/menu';
import { Check, type LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import type { Command } from '../commands/command.ts';
import { useLanguage } from './language.tsx';
import './menu.css';

/** Commands in groups, with a line between two. */
export type CommandGroups = readonly (readonly Command[])[];

/** What can be done with what is under the pointer, or with what has the focus. */
export function CommandContextMenu({
  trigger,
  groups,
  onOpenChange,
}: {
  /** The element that the menu belongs to. */
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly groups: CommandGroups;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <ContextMenu.Root onOpenChange={(isOpen) => onOpenChange(isOpen)}>
      <ContextMenu.Trigger render={trigger} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className="menu-positioner">
          <ContextMenu.Popup className="menu" data-testid="context-menu">
            <Commands groups={groups} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

/** A button that opens a menu of commands, or of whatever stands in it. */
export function MenuButton({
  label,
  Icon,
  testId,
  children,
  isOn = false,
}: {
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly testId: string;
  readonly children: ReactNode;
  /** Something in the menu is switched on. */
  readonly isOn?: boolean;
}) {
  return (
    <Menu.Root>
      <Menu.Trigger
        className="button quiet menu-button"
        data-testid={testId}
        data-on={isOn}
        aria-label={label}
        title={label}
      >
        <Icon size={16} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-positioner" align="end" sideOffset={4}>
          <Menu.Popup className="menu" data-testid={`${testId}-menu`}>
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Commands({ groups }: { readonly groups: CommandGroups }) {
  const { t } = useLanguage();
  const shown = groups
    .map((group) => group.filter(({ isEnabled }) => isEnabled))
    .filter(({ length }) => length > 0);
  return shown.map((group, index) => (
    <div key={group[0]?.id} role="presentation">
      {index > 0 && <Menu.Separator className="menu-line" />}
      {group.map((command) => (
        <MenuItem
          key={command.id}
          label={t(command.label)}
          hint={command.shortcutText}
          testId={`menu-${command.id}`}
          onClick={command.run}
        />
      ))}
    </div>
  ));
}

/** One line of a menu. */
export function MenuItem({
  label,
  hint = '',
  testId,
  onClick,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly testId: string;
  readonly onClick: () => void;
}) {
  return (
    <Menu.Item className="menu-item" data-testid={testId} onClick={onClick}>
      <span>{label}</span>
      {hint !== '' && <kbd>{hint}</kbd>}
    </Menu.Item>
  );
}

/** Something to know, between what can be done. */
export function MenuNote({ text }: { readonly text: string }) {
  return <p className="menu-note">{text}</p>;
}

/** One of several in a menu, of which one holds. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChosen,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChosen: (value: Value) => void;
}) {
  return (
    <Menu.RadioGroup aria-label={label} value={value} onValueChange={(chosen: Value) => onChosen(chosen)}>
      {options.map((option) => (
        <Menu.RadioItem
          key={option.value}
          value={option.value}
          className="menu-item menu-choice"
          data-testid={`choice-${option.value}`}
          closeOnClick
        >
          <Menu.RadioItemIndicator className="menu-tick">
            <Check size={14} aria-hidden="true" />
          </Menu.RadioItemIndicator>
          <span>{option.text}</span>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import {
  Bold,
  ImagePlus,
  Italic,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  RemoveFormatting,
  Strikethrough,
  TextQuote,
  Underline,
} from 'lucide-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useLanguage } from '../../ui/language.tsx';
import { isLink } from './clean-html.ts';

interface Tool {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly Icon: LucideIcon;
  /** Absent: it is not on or off, it does something. */
  readonly isOn?: boolean;
  readonly run: () => void;
}

interface ToolbarProps {
  readonly editor: Editor;
  readonly onPictures: (files: readonly File[]) => void;
  readonly onPlain: () => void;
}

/** One stop of the Tab key, arrows within (ARIA Authoring Practices, "Toolbar"). */
export function Toolbar({ editor, onPictures, onPlain }: ToolbarProps) {
  const { t } = useLanguage();
  const [stop, setStop] = useState(0);
  const [isLinking, setLinking] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const on = useEditorState({
    editor,
    selector: ({ editor: { isActive } }) => {
      const is = (name: string) => isActive.call(editor, name);
      return {
        bold: is('bold'),
        italic: is('italic'),
        underline: is('underline'),
        strike: is('strike'),
        bullets: is('bulletList'),
        numbers: is('orderedList'),
        quote: is('blockquote'),
        link: is('link'),
      };
    },
  });
  const does = () => editor.chain().focus();
  const tools: readonly Tool[] = [
    {
      id: 'bold',
      label: t('format.bold'),
      keys: 'Ctrl+B',
      Icon: Bold,
      isOn: on.bold,
      run: () => does().toggleBold().run(),
    },
    {
      id: 'italic',
      label: t('format.italic'),
      keys: 'Ctrl+I',
      Icon: Italic,
      isOn: on.italic,
      run: () => does().toggleItalic().run(),
    },
    {
      id: 'underline',
      label: t('format.underline'),
      keys: 'Ctrl+U',
      Icon: Underline,
      isOn: on.underline,
      run: () => does().toggleUnderline().run(),
    },
    {
      id: 'strike',
      label: t('format.strike'),
      keys: 'Ctrl+Shift+S',
      Icon: Strikethrough,
      isOn: on.strike,
      run: () => does().toggleStrike().run(),
    },
    {
      id: 'bullets',
      label: t('format.bullets'),
      keys: 'Ctrl+Shift+8',
      Icon: List,
      isOn: on.bullets,
      run: () => does().toggleBulletList().run(),
    },
    {
      id: 'numbers',
      label: t('format.numbers'),
      keys: 'Ctrl+Shift+7',
      Icon: ListOrdered,
      isOn: on.numbers,
      run: () => does().toggleOrderedList().run(),
    },
    {
      id: 'quote',
      label: t('format.quote'),
      keys: 'Ctrl+Shift+B',
      Icon: TextQuote,
      isOn: on.quote,
      run: () => does().toggleBlockquote().run(),
    },
    { id: 'link', label: t('format.link'), Icon: Link, isOn: on.link, run: () => setLinking(true) },
    { id: 'picture', label: t('format.picture'), Icon: ImagePlus, run: () => files.current?.click() },
    { id: 'plain', label: t('format.plain'), Icon: RemoveFormatting, run: onPlain },
  ];

  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: stop + 1,
      ArrowLeft: stop - 1,
      Home: 0,
      End: tools.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + tools.length) % tools.length;
    setStop(next);
    bar.current?.querySelectorAll('button')[next]?.focus();
  };

  return (
    <>
      <div
        ref={bar}
        className="format-bar"
        role="toolbar"
        aria-label={t('format.label')}
        data-testid="format-bar"
        onKeyDown={move}
      >
        {tools.map(({ id, label, keys, Icon, isOn, run }, index) => (
          <button
            key={id}
            type="button"
            data-testid={`format-${id}`}
            aria-label={label}
            title={keys === undefined ? label : t('command.tooltip', { label, keys })}
            {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
            tabIndex={index === stop ? 0 : -1}
            onFocus={() => setStop(index)}
            // The selection in the text stays.
            onMouseDown={(event) => event.preventDefault()}
            onClick={run}
          >
            <Icon size={15} aria-hidden="true" />
          </button>
        ))}
        <input
          ref={files}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          multiple
          hidden
          data-testid="format-picture-files"
          onChange={(event) => {
            onPictures([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      {isLinking && <LinkField editor={editor} onEnd={() => setLinking(false)} />}
    </>
  );
}

function LinkField({ editor, onEnd }: { readonly editor: Editor; readonly onEnd: () => void }) {
  const { t } = useLanguage();
  const id = useId();
  const [address, setAddress] = useState(String(editor.getAttributes('link').href ?? ''));
  const written = address.trim();
  const target = /^[a-z]+:/i.test(written)
    ? written
    : written.includes('@')
      ? `mailto:${written}`
      : `https://${written}`;
  const isWrong = written !== '' && !isLink(target);
  const end = () => {
    onEnd();
    editor.commands.focus();
  };
  const apply = () => {
    if (isWrong) return;
    const change = editor.chain().focus().extendMarkRange('link');
    if (written === '') change.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive('link'))
      change
        .insertContent({ type: 'text', text: written, marks: [{ type: 'link', attrs: { href: target } }] })
        .run();
    else change.setLink({ href: target }).run();
    onEnd();
  };
  return (
    <div className="format-link">
      <label htmlFor={id}>{t('format.linkTo')}</label>
      <input
        id={id}
        data-testid="format-link-to"
        // biome-ignore lint/a11y/noAutofocus: it was asked for by the button beside it
        autoFocus
        spellCheck={false}
        autoComplete="off"
        aria-invalid={isWrong}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.preventDefault();
          event.stopPropagation();
          if (event.key === 'Enter') apply();
          else end();
        }}
      />
      <button type="button" className="button" disabled={isWrong} onClick={apply}>
        {written === '' ? t('format.noLink') : t('format.setLink')}
      </button>
    </div>
  );
}

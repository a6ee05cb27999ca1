import { Editor, getHTMLFromFragment } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { cleanHtml } from './clean-html.ts';
import { extensions, type LoadPicture } from './extensions.ts';
import { plainWords, richWords, type TextNode } from './plain-words.ts';

export interface RichBody {
  readonly html: string;
  readonly text: string;
}

interface EditorSetup {
  /** HTML that may be anybody's, or plain text. */
  readonly content: { readonly html: string } | { readonly text: string };
  readonly label: string;
  readonly loadPicture: LoadPicture;
  readonly onChange: () => void;
  /** Pictures that are pasted or dropped, and where. */
  readonly onPictures: (files: readonly File[], at: number | null) => void;
  readonly isPicture: (file: File) => boolean;
}

export function createEditor(setup: EditorSetup): Editor {
  const { content, label, loadPicture, onChange, onPictures, isPicture } = setup;
  const picturesOf = (data: DataTransfer | null): readonly File[] =>
    [...(data?.files ?? [])].filter(isPicture);
  return new Editor({
    extensions: extensions(loadPicture),
    content: 'html' in content ? forEditor(content.html) : mutable(richWords(content.text)),
    injectCSS: false,
    enableInputRules: ['bulletList', 'orderedList'],
    enablePasteRules: ['link'],
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
        'data-testid': 'composer-text',
        class: 'rich-text',
        dir: 'auto',
      },
      transformPastedHTML: (html) => forEditor(html),
      handlePaste: (_view, event) => {
        const pictures = picturesOf(event.clipboardData);
        // Office lays a picture of the text beside the text.
        if (pictures.length === 0 || saysSomething(event.clipboardData?.getData('text/html') ?? ''))
          return false;
        onPictures(pictures, null);
        return true;
      },
      handleDrop: (view, event, _slice, isMoved) => {
        const pictures = isMoved ? [] : picturesOf(event.dataTransfer);
        if (pictures.length === 0) return false;
        event.preventDefault();
        onPictures(pictures, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null);
        return true;
      },
    },
    onUpdate: onChange,
  });
}

/** The document as it leaves. */
export function bodyOf(document: Node): RichBody {
  const html = getHTMLFromFragment(document.content, document.type.schema);
  return {
    // An empty paragraph has no height where it is read.
    html: html.replace(/(<p[^>]*>)<\/p>/g, '$1<br></p>'),
    text: plainWords(document.toJSON() as TextNode),
  };
}

/** Cleaned, and without what only gives empty paragraphs their height. */
export function forEditor(html: string): string {
  return cleanHtml(html).replace(/(<p[^>]*>)(?:<br>|&nbsp;|\s)*<\/p>/g, '$1</p>');
}

/** Puts other lines in the place of those that end the text, if they are still there; the document stays otherwise as it is. */
export function swapLastLines(editor: Editor, before: string, after: string): void {
  if (before === after) return;
  const { doc } = editor.state;
  const wanted = before === '' ? [] : before.split('\n');
  const blocks: { readonly text: string; readonly from: number; readonly to: number }[] = [];
  doc.forEach((node, offset) => {
    blocks.push({ text: node.textContent, from: offset, to: offset + node.nodeSize });
  });
  const lines = (text: string): TextNode[] => [...(richWords(text).content ?? [])];
  if (before === '') {
    editor.commands.insertContentAt(doc.content.size, mutable(lines(`\n${after}`)), {
      updateSelection: false,
    });
    return;
  }
  for (let first = blocks.length - wanted.length; first >= 0; first--) {
    if (!wanted.every((line, index) => blocks[first + index]?.text === line)) continue;
    const from = blocks[first]?.from ?? 0;
    const to = blocks[first + wanted.length - 1]?.to ?? from;
    editor
      .chain()
      .deleteRange({ from, to })
      .insertContentAt(from, mutable(after === '' ? [{ type: 'paragraph' }] : lines(after)), {
        updateSelection: false,
      })
      .run();
    return;
  }
}

/** The editor's types know no read-only arrays. */
const mutable = <T>(content: T) => content as never;

function saysSomething(html: string): boolean {
  const words = new DOMParser().parseFromString(html, 'text/html').body.textContent;
  return words.trim() !== '';
}

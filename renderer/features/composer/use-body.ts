import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AppError } from '../../../shared/errors.ts';
import type { Draft } from '../../../shared/model/outgoing.ts';
import { splitQuotation, swapSignature } from '../../../shared/model/signature.ts';
import { relevo } from '../../bridge/relevo.ts';
import { useLanguage } from '../../ui/language.tsx';
import { cleanHtml } from './clean-html.ts';
import type { LoadPicture } from './extensions.ts';
import { isPicture } from './pictures.ts';
import { plainWords, richWords } from './plain-words.ts';
import { longestEdited, type Quotation } from './quotation.tsx';
import { bodyOf, createEditor, swapLastLines } from './rich-body.ts';

/** A body as it is saved. */
interface SavedBody {
  readonly text: string;
  readonly html: string | null;
  readonly quotedHtml?: string | null;
}

export interface Body {
  /** Null: plain text, which `text` holds. */
  readonly editor: Editor | null;
  readonly text: string;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** What stands folded under the text. */
  readonly quotation: Quotation | null;
  readonly write: (text: string) => void;
  readonly focus: () => void;
  readonly sign: (before: string, after: string) => void;
  readonly turnPlain: () => void;
  readonly turnRich: () => void;
  readonly answerBetween: () => void;
  readonly removeQuotation: () => void;
  readonly read: () => SavedBody;
  /** What the person has written, without what stands folded under it. */
  readonly ownText: () => string;
  readonly noteSaved: (saved: SavedBody) => void;
  /** Whether what is quoted is there; false when it could not be had, which was said. */
  readonly whole: () => Promise<boolean>;
}

interface BodySetup {
  readonly draft: Draft;
  readonly isFresh: boolean;
  readonly loadPicture: LoadPicture;
  /** `isTouched`: by the person. */
  readonly onChange: (isTouched: boolean) => void;
  readonly onPictures: (files: readonly File[], at: number | null) => void;
  readonly onProblem: (error: AppError) => void;
}

/** What is written: rich or plain, with the quotation in it or folded under it. */
export function useBody(setup: BodySetup): Body {
  const { draft, isFresh, loadPicture } = setup;
  const { t } = useLanguage();
  const latest = useRef(setup);
  latest.current = setup;
  const field = useRef<HTMLTextAreaElement>(null);
  const document = useRef<Node | null>(null);

  const makeEditor = (content: { readonly html: string } | { readonly text: string }): Editor => {
    const editor = createEditor({
      content,
      label: t('composer.text'),
      loadPicture,
      isPicture,
      onPictures: (files, at) => latest.current.onPictures(files, at),
      onChange: () => {
        document.current = editor.state.doc;
        latest.current.onChange(true);
      },
    });
    document.current = editor.state.doc;
    return editor;
  };

  const [begun] = useState(() => begin(draft, isFresh));
  const [editor, setEditor] = useState<Editor | null>(() =>
    begun.content === null ? null : makeEditor(begun.content),
  );
  const [text, setText] = useState(begun.text);
  const [quotation, setQuotation] = useState<Quotation | null>(begun.quotation);
  const now = useRef({ text, quotation, isRich: editor !== null });
  const unsavedQuotation = useRef<string | null | undefined>(undefined);
  const loading = useRef<Promise<boolean>>(Promise.resolve(true));

  const quote = (next: Quotation | null) => {
    now.current.quotation = next;
    unsavedQuotation.current = next?.html ?? null;
    setQuotation(next);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each draft, which is the key of the composer
  useEffect(() => {
    if (!begun.loadsQuotation) return;
    loading.current = relevo.drafts.quotation({ draftId: draft.id }).then((answer) => {
      if (!answer.ok) {
        latest.current.onProblem(answer.error);
        return false;
      }
      // What was saved has been cleaned; it is cleaned again, since what stands in a file may have been written by others.
      quote({ html: cleanHtml(answer.value), text: begun.quotedText });
      latest.current.onChange(false);
      return true;
    });
  }, []);

  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
      // In development, React shows every component twice in a row.
      setTimeout(() => {
        if (!isShown.current) editor?.destroy();
      });
    };
  }, [editor]);

  const caret = useRef<number | null>(null);
  // React puts the caret behind a text that it changes: behind the quotation.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the text's change that moves the caret
  useLayoutEffect(() => {
    if (caret.current !== null) field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);

  const write = (next: string) => {
    now.current.text = next;
    setText(next);
    latest.current.onChange(true);
  };

  const read = (): SavedBody => {
    const current = now.current;
    if (!current.isRich || document.current === null)
      return { text: current.text + (current.quotation?.text ?? ''), html: null };
    const body = bodyOf(document.current);
    const unsaved = unsavedQuotation.current;
    return {
      html: body.html,
      text: body.text + (current.quotation?.text ?? ''),
      ...(unsaved === undefined ? {} : { quotedHtml: unsaved }),
    };
  };

  const becomes = (next: Editor | null) => {
    now.current.isRich = next !== null;
    if (next === null) document.current = null;
    setEditor(next);
    latest.current.onChange(true);
  };

  return {
    editor,
    text,
    field,
    quotation,
    write,
    focus: () => {
      if (editor !== null) {
        editor.commands.focus('start');
        return;
      }
      field.current?.focus();
      field.current?.setSelectionRange(0, 0);
      if (field.current !== null) field.current.scrollTop = 0;
    },
    sign: (before, after) => {
      if (editor !== null) swapLastLines(editor, before, after);
      else {
        caret.current = field.current?.selectionStart ?? null;
        write(swapSignature(now.current.text, before, after));
      }
    },
    turnPlain: () => {
      const own = document.current === null ? '' : plainWords(document.current.toJSON());
      const quoted = now.current.quotation?.text ?? '';
      const isShort = own.length + quoted.length <= longestEdited;
      quote(isShort || quoted === '' ? null : { html: null, text: quoted });
      now.current.text = isShort ? own + quoted : own;
      setText(now.current.text);
      becomes(null);
    },
    turnRich: () => {
      if (now.current.text.length > longestEdited) return;
      // A folded quotation stays folded: as text in its marks.
      const folded = now.current.quotation;
      if (folded !== null) quote({ ...folded, html: `<pre>${escapeHtml(folded.text.trim())}</pre>` });
      becomes(makeEditor({ text: now.current.text }));
    },
    answerBetween: () => {
      const quoted = now.current.quotation;
      if (quoted === null) return;
      quote(null);
      if (editor === null) write(now.current.text + quoted.text);
      else
        editor
          .chain()
          .insertContentAt(editor.state.doc.content.size, quoted.html ?? (richWords(quoted.text) as never), {
            updateSelection: false,
          })
          .focus()
          .run();
    },
    removeQuotation: () => {
      quote(null);
      latest.current.onChange(true);
    },
    read,
    ownText: () =>
      document.current === null ? splitQuotation(now.current.text)[0] : plainWords(document.current.toJSON()),
    noteSaved: ({ quotedHtml }) => {
      if (quotedHtml !== undefined && quotedHtml === unsavedQuotation.current)
        unsavedQuotation.current = undefined;
    },
    whole: () => loading.current,
  };
}

interface Beginning {
  /** Null: it begins as plain text. */
  readonly content: { readonly html: string } | { readonly text: string } | null;
  readonly text: string;
  readonly quotation: Quotation | null;
  readonly quotedText: string;
  readonly loadsQuotation: boolean;
}

/** A new message is rich, an answer as what it answers. A quotation that the browser would choke on stays folded. */
function begin(draft: Draft, isFresh: boolean): Beginning {
  const [own, quotedText] = splitQuotation(draft.text);
  const quotesHtml = draft.quotesHtml && (draft.html !== null || quotedText !== '');
  if (draft.html !== null || (isFresh && (draft.kind === 'new' || quotesHtml))) {
    const content = draft.html === null ? { text: own } : { html: draft.html };
    return { content, text: '', quotation: null, quotedText, loadsQuotation: quotesHtml };
  }
  const isFolded = quotedText.length > longestEdited;
  return {
    content: null,
    text: isFolded ? own : draft.text,
    quotation: isFolded ? { html: null, text: quotedText } : null,
    quotedText,
    loadsQuotation: false,
  };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

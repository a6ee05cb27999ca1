import { useMemo, useState } from 'react';
import { useLanguage } from '../../ui/language.tsx';
import { readPlainText, type TextBlock, textPieces } from './plain-text.ts';

interface MessageTextProps {
  readonly text: string;
  readonly onLink: (url: string) => void;
}

/** A plain text message: the older mail at its end folded away, addresses as links that ask before they open. */
export function MessageText({ text, onLink }: MessageTextProps) {
  const { t } = useLanguage();
  const [isShown, setShown] = useState(false);
  const { said, quoted } = useMemo(() => readPlainText(text), [text]);
  return (
    <div className="message-text" data-testid="message-text" dir="auto">
      <Blocks blocks={said} onLink={onLink} />
      {quoted.length > 0 && (
        <button
          type="button"
          className="quote-toggle"
          aria-expanded={isShown}
          onClick={() => setShown(!isShown)}
        >
          {t(isShown ? 'reader.hideQuoted' : 'reader.showQuoted')}
        </button>
      )}
      {isShown && <Blocks blocks={quoted} onLink={onLink} />}
    </div>
  );
}

function Blocks({
  blocks,
  onLink,
}: {
  readonly blocks: readonly TextBlock[];
  readonly onLink: MessageTextProps['onLink'];
}) {
  return blocks.map(({ depth, text }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text never change places
    <div key={index} className="text-block" data-depth={Math.min(depth, 3)}>
      <Linked text={text} onLink={onLink} />
    </div>
  ));
}

function Linked({ text, onLink }: MessageTextProps) {
  return textPieces(text).map((piece, index) =>
    piece.kind === 'text' ? (
      piece.text
    ) : (
      <button
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change places
        key={index}
        type="button"
        className="text-link"
        onClick={() => onLink(piece.url)}
      >
        {piece.url}
      </button>
    ),
  );
}

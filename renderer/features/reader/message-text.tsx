import { useLanguage } from '../../ui/language.tsx';
import { type TextBlock, textBlocks, textPieces } from './plain-text.ts';

/** A plain text message: quotations folded away, addresses as links that ask before they open. */
export function MessageText({
  text,
  onLink,
}: {
  readonly text: string;
  readonly onLink: (url: string) => void;
}) {
  const { t } = useLanguage();
  return (
    <div className="message-text" data-testid="message-text">
      {textBlocks(text).map((block) =>
        block.depth === 0 ? (
          <Block key={`${block.depth}-${block.text}`} block={block} onLink={onLink} />
        ) : (
          <details key={`${block.depth}-${block.text}`} open={block.text.length < 400}>
            <summary>{t('reader.showQuoted')}</summary>
            <blockquote>
              <Block block={block} onLink={onLink} />
            </blockquote>
          </details>
        ),
      )}
    </div>
  );
}

function Block({ block, onLink }: { readonly block: TextBlock; readonly onLink: (url: string) => void }) {
  return (
    <p>
      {textPieces(block.text).map((piece, index) =>
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
      )}
    </p>
  );
}

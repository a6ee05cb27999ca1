import { type AnyExtension, Extension } from '@tiptap/core';
import { Image } from '@tiptap/extension-image';
import { TableKit } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import { isLink } from './clean-html.ts';

/** The bytes of a picture of the draft as a data: URL; null: it is not there, or no picture that is shown. */
export type LoadPicture = (contentId: string) => Promise<string | null>;

/** What the editor knows. Whatever else is pasted or quoted is taken apart to this. */
export function extensions(loadPicture: LoadPicture): AnyExtension[] {
  return [
    StarterKit.configure({
      // A line is a paragraph, as in other mail programs: what is around it in their eyes must be said in the HTML.
      paragraph: { HTMLAttributes: { style: 'margin: 0' } },
      blockquote: {
        HTMLAttributes: {
          type: 'cite',
          style: 'margin: 0 0 0 4px; padding-left: 10px; border-left: 2px solid #b9c0cc',
        },
      },
      link: {
        openOnClick: false,
        defaultProtocol: 'https',
        HTMLAttributes: { target: null, rel: null, class: null },
        isAllowedUri: (address) => isLink(address),
      },
      dropcursor: { color: 'var(--accent)', width: 2 },
      trailingNode: false,
    }),
    TableKit.configure({
      table: {
        resizable: false,
        HTMLAttributes: { style: 'border-collapse: collapse' },
      },
      tableCell: { HTMLAttributes: { style: 'border: 1px solid #b9c0cc; padding: 3px 8px' } },
      tableHeader: { HTMLAttributes: { style: 'border: 1px solid #b9c0cc; padding: 3px 8px' } },
    }),
    picture(loadPicture),
    keysOfTheComposer,
  ];
}

/** Those keys are the composer's, which hears them after the editor. */
const keysOfTheComposer = Extension.create({
  name: 'keysOfTheComposer',
  priority: 1000,
  addKeyboardShortcuts: () => ({ 'Mod-Enter': () => true }),
});

/** A picture is in the draft, and stands in the text by its Content-ID only. */
function picture(loadPicture: LoadPicture) {
  return Image.extend({
    addAttributes: () => ({
      contentId: {
        default: null,
        parseHTML: (element) => element.getAttribute('src')?.replace(/^cid:/i, '') ?? null,
        renderHTML: ({ contentId }) => ({ src: `cid:${contentId}` }),
      },
      alt: { default: null },
      width: { default: null },
    }),
    parseHTML: () => [{ tag: 'img[src^="cid:"]' }],
    renderHTML: ({ HTMLAttributes }) => ['img', HTMLAttributes],
    addNodeView:
      () =>
      ({ node }) => {
        const image = document.createElement('img');
        const { contentId, alt, width } = node.attrs as Record<string, string | null>;
        image.alt = alt ?? '';
        if (width !== null && width !== undefined && /^\d{1,4}$/.test(width)) image.width = Number(width);
        void loadPicture(contentId ?? '').then((url) => {
          if (url !== null) image.src = url;
        });
        return { dom: image };
      },
  }).configure({ inline: true });
}

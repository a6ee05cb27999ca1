import { cleanHtml } from '../clean-html.ts';
import { quotationPage } from '../quotation-page.ts';
import { bodyOf, createEditor, forEditor } from '../rich-body.ts';

/** @public For a page of its own, where a test quotes in it. */
export const quoting = { bodyOf, cleanHtml, createEditor, forEditor, quotationPage };

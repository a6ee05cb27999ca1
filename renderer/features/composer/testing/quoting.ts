export { cleanHtml } from '../clean-html.ts';
export { quotationPage } from '../quotation-page.ts';
export { bodyOf, createEditor, forEditor } from '../rich-body.ts';

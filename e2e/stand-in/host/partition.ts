import { browser, isHeadless } from './chromium.ts';
import type { Frame, Page } from './page.ts';

export interface OutgoingRequest {
  /** As the app sees it. */
  readonly url: string;
  readonly method: string;
  /** As Chromium's protocol calls it: Document, Image, XHR … */
  readonly resourceType: string;
  readonly referrer: string;
  /** Where it comes from; null for what no frame asks for. */
  readonly page: Page | null;
  readonly frame: Frame | null;
}

export type SchemeHandler = (request: Request) => Response | Promise<Response>;
export type RequestFilter = (
  request: OutgoingRequest,
) => Promise<{ readonly isCancelled: boolean; readonly redirect: string | null }>;

/** Behind a session: in a headless Chromium a browser context of its own, with its own cookies and storage. */
export class Partition {
  readonly name: string;
  readonly handlers = new Map<string, SchemeHandler>();
  filter: RequestFilter | null = null;
  #context: Promise<string | null> | null = null;

  constructor(name: string) {
    this.name = name;
  }

  /** The id of Chromium's browser context; null is the first one, which windows that can be seen have to share. */
  browserContext(): Promise<string | null> {
    this.#context ??= this.#openContext();
    return this.#context;
  }

  async #openContext(): Promise<string | null> {
    if (this.name === '' || !isHeadless) return null;
    const { browserContextId } = await browser().send('Target.createBrowserContext', {
      disposeOnDetach: true,
    });
    return browserContextId;
  }
}

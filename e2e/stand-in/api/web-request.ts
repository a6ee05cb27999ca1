import type * as Electron from 'electron';
import { guard } from '../host/guard.ts';
import type { OutgoingRequest, Partition } from '../host/partition.ts';
import { contentsOf } from './web-contents.ts';
import { webFrameOf } from './web-frame-main.ts';

type Details = Electron.OnBeforeRequestListenerDetails;
type Listener = (details: Details, callback: (response: Electron.CallbackResponse) => void) => void;

const resourceTypes: Readonly<Record<string, Details['resourceType']>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  Media: 'media',
  WebSocket: 'webSocket',
};

export function createWebRequest(partition: Partition): Electron.WebRequest {
  let nextId = 1;
  return guard('webRequest', {
    onBeforeRequest: (...args: [Listener | null] | [Electron.WebRequestFilter, Listener | null]) => {
      const listener = args.length === 1 ? args[0] : args[1];
      const filter = args.length === 1 ? null : args[0];
      if (listener === null) {
        partition.filter = null;
        return;
      }
      partition.filter = async (request) => {
        if (filter !== null && !isMeant(filter, request)) return { isCancelled: false, redirect: null };
        const answer = await new Promise<Electron.CallbackResponse>((resolve) =>
          listener(detailsOf(nextId++, request), resolve),
        );
        return { isCancelled: answer.cancel === true, redirect: answer.redirectURL ?? null };
      };
    },
  } satisfies { onBeforeRequest: Electron.WebRequest['onBeforeRequest'] }) as unknown as Electron.WebRequest;
}

function detailsOf(id: number, { url, method, referrer, page, frame, ...request }: OutgoingRequest): Details {
  const contents = page === null ? null : contentsOf(page);
  return {
    id,
    url,
    method,
    referrer,
    timestamp: Date.now(),
    resourceType: resourceTypeOf(request.resourceType, frame?.parent === null),
    ...(contents === null ? {} : { webContentsId: contents.id, webContents: contents.asElectron }),
    ...(page === null || frame === null ? {} : { frame: webFrameOf(page, frame).asElectron }),
    uploadData: [],
  };
}

function resourceTypeOf(type: string, isMainFrame: boolean): Details['resourceType'] {
  if (type === 'Document') return isMainFrame ? 'mainFrame' : 'subFrame';
  return resourceTypes[type] ?? 'other';
}

function isMeant(filter: Electron.WebRequestFilter, { url }: OutgoingRequest): boolean {
  if (filter.types !== undefined) throw new Error('stand-in: a webRequest filter by type is not implemented');
  const matches = (pattern: string): boolean =>
    pattern === '<all_urls>' ||
    new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(url);
  return filter.urls.some(matches) && !(filter.excludeUrls ?? []).some(matches);
}

/**
 * The window in a plain browser, without Electron: bundled when a test asks for it, served on loopback under the
 * content security policy that main sends, with `fake-bridge.ts` in the place of the preload.
 */
import { installFakeBridge } from './fake-bridge.ts';

installFakeBridge(decodeURIComponent(location.hash.slice(1)));

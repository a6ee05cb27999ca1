import type * as Electron from 'electron';
import { Guarded } from '../host/guard.ts';

/** An object only: nothing appears. Tests look at `shown` and emit `click`. */
export class Notification
  extends Guarded
  implements Pick<Electron.Notification, 'title' | 'subtitle' | 'body' | 'silent' | 'show' | 'close'>
{
  /** Every notification that the app has shown. */
  static readonly shown: Notification[] = [];
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super('Notification', ['show', 'click', 'close', 'reply', 'action', 'failed']);
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
  }

  show(): void {
    Notification.shown.push(this);
    queueMicrotask(() => this.emit('show', {}));
  }

  close(): void {
    queueMicrotask(() => this.emit('close', {}));
  }

  static isSupported(): boolean {
    return true;
  }
}

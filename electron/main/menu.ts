import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Translate } from '../../shared/messages/index.ts';

/** The application menu. Items of ours run the renderer's command of the same id; the rest are the system's roles. */
export function installMenu(translate: Translate, run: (commandId: string) => void): void {
  const command = (id: string, label: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(id),
    // Shown only, where every set of shortcuts has the same: the renderer handles them, and the person chooses the set.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    {
      label: translate('menu.file'),
      submenu: [
        command('message.new', translate('menu.newMessage'), 'CmdOrCtrl+N'),
        command('view.settings', translate('menu.settings'), 'CmdOrCtrl+,'),
        { type: 'separator' },
        process.platform === 'darwin' ? { role: 'close' } : { role: 'quit', label: translate('menu.quit') },
      ],
    },
    { role: 'editMenu', label: translate('menu.edit') },
    {
      label: translate('menu.message'),
      submenu: [
        command('message.reply', translate('menu.reply'), 'CmdOrCtrl+R'),
        command('message.replyAll', translate('menu.replyAll'), 'CmdOrCtrl+Shift+R'),
        command('message.forward', translate('menu.forward')),
        { type: 'separator' },
        command('conversation.archive', translate('tidy.archive')),
        command('conversation.delete', translate('tidy.delete')),
        command('conversation.junk', translate('tidy.junk')),
        command('conversation.notJunk', translate('tidy.notJunk')),
        command('conversation.move', translate('tidy.move')),
        command('conversation.markRead', translate('tidy.markRead')),
        command('conversation.markUnread', translate('tidy.markUnread')),
        command('conversation.flag', translate('reader.flag')),
      ],
    },
    {
      label: translate('menu.view'),
      submenu: [
        command('view.inbox', translate('menu.inbox'), 'CmdOrCtrl+1'),
        command('view.sent', translate('menu.sent'), 'CmdOrCtrl+2'),
        command('view.all', translate('menu.all'), 'CmdOrCtrl+3'),
        command('view.putAway', translate('view.putAway'), 'CmdOrCtrl+7'),
        command('view.outbox', translate('menu.outbox'), 'CmdOrCtrl+4'),
        command('view.ledger', translate('menu.ledger'), 'CmdOrCtrl+5'),
        command('search.focus', translate('menu.search')),
        { type: 'separator' },
        command('failover.continuity', translate('failover.choose.continuity')),
        command('failover.primary', translate('failover.choose.primary')),
        command('failover.automatic', translate('failover.automatic')),
        { type: 'separator' },
        command('pane.sidebar', translate('pane.sidebar')),
        command('pane.list', translate('pane.list')),
        command('pane.reader', translate('pane.reader')),
        { type: 'separator' },
        { role: 'zoomIn', label: translate('menu.zoomIn') },
        { role: 'zoomOut', label: translate('menu.zoomOut') },
        { role: 'resetZoom', label: translate('menu.actualSize') },
        { role: 'togglefullscreen', label: translate('menu.fullScreen') },
      ],
    },
    { role: 'windowMenu', label: translate('menu.window') },
    {
      role: 'help',
      label: translate('menu.help'),
      submenu: [
        command('palette.open', translate('palette.label')),
        command('help.shortcuts', translate('help.shortcuts'), 'F1'),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

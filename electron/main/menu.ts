import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Translate } from '../../shared/messages/index.ts';

/** The application menu. Items of ours run the renderer's command of the same id; the rest are the system's roles. */
export function installMenu(translate: Translate, run: (commandId: string) => void): void {
  const command = (id: string, label: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(id),
    // Shown only: the renderer handles its own shortcuts, so that there is one place for them.
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
        command('message.forward', translate('menu.forward'), 'CmdOrCtrl+Shift+F'),
        { type: 'separator' },
        command('conversation.archive', translate('tidy.archive'), 'E'),
        command('conversation.delete', translate('tidy.delete'), 'Delete'),
        command('conversation.junk', translate('tidy.junk'), '!'),
        command('conversation.notJunk', translate('tidy.notJunk')),
        command('conversation.move', translate('tidy.move'), 'V'),
        command('conversation.markUnread', translate('tidy.markUnread'), 'U'),
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
        command('search.focus', translate('menu.search'), 'CmdOrCtrl+F'),
        { type: 'separator' },
        command('failover.continuity', translate('failover.choose.continuity')),
        command('failover.primary', translate('failover.choose.primary')),
        command('failover.automatic', translate('failover.automatic')),
        { type: 'separator' },
        { role: 'togglefullscreen', label: translate('menu.fullScreen') },
      ],
    },
    { role: 'windowMenu', label: translate('menu.window') },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

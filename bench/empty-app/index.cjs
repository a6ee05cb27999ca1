const { join } = require('node:path');
const { app, BrowserWindow } = require('electron');

/** The least that an Electron app with a window can be: what Relevo's start is compared with. */
app.whenReady().then(() => new BrowserWindow().loadFile(join(__dirname, 'index.html')));
app.on('window-all-closed', () => app.quit());

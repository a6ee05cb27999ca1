import type * as Electron from 'electron';
import { asElectron, Guarded, guard } from '../host/guard.ts';

type Template = Electron.MenuItemConstructorOptions;

/** An object only: no window shows it. Tests find an item and click it. */
class MenuItem
  implements
    Pick<
      Electron.MenuItem,
      | 'id'
      | 'label'
      | 'type'
      | 'role'
      | 'submenu'
      | 'enabled'
      | 'visible'
      | 'checked'
      | 'accelerator'
      | 'click'
    >
{
  id: string;
  label: string;
  type: Electron.MenuItem['type'];
  role?: Exclude<Electron.MenuItem['role'], undefined>;
  submenu?: Electron.Menu;
  accelerator: Electron.MenuItem['accelerator'];
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  click: (...args: unknown[]) => void;

  constructor(template: Template) {
    const { role, submenu, click } = template;
    this.id = template.id ?? '';
    this.label = template.label ?? role ?? '';
    this.type = template.type ?? (submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = template.accelerator ?? null;
    this.enabled = template.enabled ?? true;
    this.visible = template.visible ?? true;
    this.checked = template.checked ?? false;
    if (role !== undefined) this.role = role as Exclude<Electron.MenuItem['role'], undefined>;
    if (submenu !== undefined) this.submenu = Array.isArray(submenu) ? buildFromTemplate(submenu) : submenu;
    const item = guard('MenuItem', this);
    this.click = (event, window) =>
      click?.(
        item.asElectron,
        window as Electron.BaseWindow | undefined,
        (event ?? {}) as Electron.KeyboardEvent,
      );
    // biome-ignore lint/correctness/noConstructorReturn: the app gets the guarded object
    return item;
  }

  get asElectron(): Electron.MenuItem {
    return this as unknown as Electron.MenuItem;
  }
}

class Menu
  extends Guarded
  implements Pick<Electron.Menu, 'items' | 'append' | 'insert' | 'popup' | 'closePopup' | 'getMenuItemById'>
{
  static #ofApplication: Electron.Menu | null = null;
  items: Electron.MenuItem[] = [];

  constructor() {
    super('Menu', ['menu-will-show', 'menu-will-close']);
  }

  append(menuItem: Electron.MenuItem): void {
    this.items.push(menuItem);
  }

  insert(pos: number, menuItem: Electron.MenuItem): void {
    this.items.splice(pos, 0, menuItem);
  }

  popup(_options?: Electron.PopupOptions): void {
    this.emit('menu-will-show', {});
  }

  closePopup(_window?: Electron.BaseWindow): void {
    this.emit('menu-will-close', {});
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null);
      if (found !== null) return found;
    }
    return null;
  }

  static buildFromTemplate(template: (Template | Electron.MenuItem)[]): Electron.Menu {
    return buildFromTemplate(template);
  }

  static setApplicationMenu(menu: Electron.Menu | null): void {
    Menu.#ofApplication = menu;
  }

  static getApplicationMenu(): Electron.Menu | null {
    return Menu.#ofApplication;
  }
}

function buildFromTemplate(template: (Template | Electron.MenuItem)[]): Electron.Menu {
  const menu = new Menu();
  for (const item of template)
    menu.append(item instanceof MenuItem ? item.asElectron : new MenuItem(item as Template).asElectron);
  return asElectron<Electron.Menu>(menu);
}

Menu satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu' | 'getApplicationMenu'>;

export { Menu, MenuItem };

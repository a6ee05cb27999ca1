import { randomBytes } from 'node:crypto';

/** How long a credential of the lab is meant to last, in seconds. */
const lifetime = 30 * 86_400;

/** A laptop that has redeemed a code. Its id is its user name at IMAP and submission too. */
export interface Device {
  readonly id: string;
  readonly address: string;
  readonly code: string;
  readonly redemption: string;
  readonly secret: string;
  /** Given out and never used yet; the other one is still good. */
  readonly nextSecret: string | null;
  readonly hasReplacedSecret: boolean;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly rotateAfter: number;
  readonly isRevoked: boolean;
}

/** The devices of all employees, and what they may sign in with. */
export class ProviderDevices {
  readonly #devices = new Map<string, Device>();
  readonly #changed: (devices: readonly Device[]) => void;

  constructor(changed: (devices: readonly Device[]) => void) {
    this.#changed = changed;
  }

  add(address: string, code: string, redemption: string): Device {
    const issuedAt = Math.floor(Date.now() / 1000);
    return this.#put({
      id: `dev-${randomBytes(8).toString('hex')}`,
      address,
      code,
      redemption,
      secret: newSecret(),
      nextSecret: null,
      hasReplacedSecret: false,
      issuedAt,
      rotateAfter: issuedAt + lifetime,
      isRevoked: false,
    });
  }

  redeemedBy(code: string): Device | null {
    return [...this.#devices.values()].find((device) => device.code === code) ?? null;
  }

  /** Every device of an employee, oldest first. */
  of(address: string): readonly Device[] {
    return [...this.#devices.values()].filter((device) => device.address === address);
  }

  /** The first use of a new secret ends the old one. A device that was shut out is known all the same. */
  signIn(id: string, secret: string): Device | null {
    const device = this.#devices.get(id);
    if (device === undefined) return null;
    if (secret === device.secret) return device;
    if (device.nextSecret === null || secret !== device.nextSecret) return null;
    return this.#put({ ...device, secret, nextSecret: null, hasReplacedSecret: true });
  }

  replaceSecret({ id }: Device): string {
    const nextSecret = newSecret();
    const issuedAt = Math.floor(Date.now() / 1000);
    const device = this.#known(id);
    this.#put({ ...device, nextSecret, issuedAt, rotateAfter: issuedAt + lifetime });
    return nextSecret;
  }

  /** Tells every device of an employee, when it asks next, to replace its secret. */
  demandRotation(address: string): void {
    for (const device of this.of(address)) this.#put({ ...device, rotateAfter: device.issuedAt });
  }

  revoke(address: string, isRevoked = true): void {
    for (const device of this.of(address)) this.#put({ ...device, isRevoked });
  }

  #known(id: string): Device {
    const device = this.#devices.get(id);
    if (device === undefined) throw new Error('no such device');
    return device;
  }

  #put(device: Device): Device {
    this.#devices.set(device.id, device);
    this.#changed([...this.#devices.values()]);
    return device;
  }
}

const newSecret = (): string => randomBytes(32).toString('hex');

import { BenchLaptop, type LaptopOptions } from './laptop.ts';
/** Something that is no outage of Exchange. */
export interface Calm {
  readonly name: string;
  /** For how long the laptop is watched, in seconds of real time. */
  readonly seconds: number;
  /** Lives through it, until the end of the watch. */
  live(laptop: BenchLaptop): Promise<void>;
  readonly start?: (options: LaptopOptions) => Promise<Started>;
  /** Nobody can ever sign in, so that it is never calm. */
  readonly isShutOut?: true;
}
interface Started {
  readonly laptop: BenchLaptop;
  readonly end: () => Promise<void>;
}
export declare const calms: readonly Calm[];
/** How long access tokens last in the lab of these scenarios. */
export declare const tokenSeconds = 12;
/** How often the laptop was sent to continuity, with reading or with sending. */
export declare function falseSwitches(options: LaptopOptions, calm: Calm): Promise<number>;

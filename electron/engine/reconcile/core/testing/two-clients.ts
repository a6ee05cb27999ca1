import type { nextDeed, Sight, StandingCopy } from '../one-copy.ts';

/** What may happen in a world, and how often. */
export interface Possible {
  /** Crashes and cut connections, of both together. */
  readonly crashes: number;
  /** Whether the gateway delivers the message to Exchange, at some moment or never. */
  readonly delivers: boolean;
  /** How often the person moves a copy to another folder. */
  readonly moves: number;
  /** Whether a client may crash and never come back. */
  readonly isLost: boolean;
}

interface Client {
  /** `look`, `confirm`: `at` is the folder, or the copy, that is next. `noted`: the mark is committed. */
  readonly doing: 'look' | 'confirm' | 'noted' | 'removing' | 'done' | 'lost';
  readonly at: number;
  readonly seen: readonly StandingCopy[];
  readonly isConfirmed: boolean;
  readonly hasAppended: boolean;
  readonly removes: readonly StandingCopy[];
  /** It knows that the message stands: it only looks after doubles from now on. */
  readonly isVerified: boolean;
  /** How often it may still look after doubles on its own. */
  readonly watches: number;
}

export interface World {
  readonly copies: readonly StandingCopy[];
  /** Appends that a server was given over a connection that broke: they may still happen. */
  readonly underWay: readonly string[];
  readonly clients: readonly Client[];
  readonly mayDeliver: boolean;
  readonly moves: number;
  readonly crashes: number;
  readonly everStood: boolean;
}

const folders = ['Inbox', 'Archive'];

const fresh: Client = {
  doing: 'look',
  at: 0,
  seen: [],
  isConfirmed: false,
  hasAppended: false,
  removes: [],
  isVerified: false,
  watches: 1,
};

export function firstWorld(possible: Possible): World {
  return {
    copies: [],
    underWay: [],
    clients: [fresh, fresh],
    crashes: possible.crashes,
    mayDeliver: possible.delivers,
    moves: possible.moves,
    everStood: false,
  };
}

/** Every world that can come next, where the clients do what `decide` says. */
export function nextWorlds(world: World, possible: Possible, decide: typeof nextDeed): readonly World[] {
  const next: World[] = [];
  for (const index of world.clients.keys()) next.push(...stepsOf(world, index, possible, decide));
  for (const mark of world.underWay) {
    const underWay = world.underWay.filter((other) => other !== mark);
    next.push(stands({ ...world, underWay }, mark, 'Inbox'), { ...world, underWay });
  }
  if (world.mayDeliver) next.push(stands({ ...world, mayDeliver: false }, null, 'Inbox'));
  if (world.moves > 0)
    for (const copy of world.copies) {
      const without = {
        ...world,
        moves: world.moves - 1,
        copies: world.copies.filter((other) => other !== copy),
      };
      for (const folder of folders) if (folder !== copy.folder) next.push(stands(without, copy.mark, folder));
    }
  return next.map(inOrder);
}

/** Nothing is going on, and nothing is on its way. */
export function isAtRest({ clients, underWay }: World): boolean {
  return underWay.length === 0 && clients.every(({ doing }) => doing === 'done' || doing === 'lost');
}

/** What is left once a client that is still there has looked after doubles. */
export function afterWatch(world: World, possible: Possible, decide: typeof nextDeed): World {
  const index = world.clients.findIndex(({ doing }) => doing === 'done');
  const clients = world.clients.map((client, at) => (at === index ? { ...client, watches: 1 } : client));
  let watched: World = { ...world, clients, crashes: 0 };
  do [watched = world] = stepsOf(watched, index, possible, decide);
  while (watched.clients[index]?.doing !== 'done');
  return watched;
}

function stands(world: World, mark: string | null, folder: string): World {
  const uid = 1 + Math.max(0, ...world.copies.map((copy) => copy.uid), ...rememberedUids(world));
  return { ...world, copies: [...world.copies, { folder, uid, mark }], everStood: true };
}

/** A UID is never given twice. */
const rememberedUids = ({ clients }: World): readonly number[] =>
  clients.flatMap(({ seen, removes }) => [...seen, ...removes].map(({ uid }) => uid));

function stepsOf(world: World, index: number, possible: Possible, decide: typeof nextDeed): readonly World[] {
  const client = world.clients[index];
  if (client === undefined || client.doing === 'lost') return [];
  const become = (change: Partial<Client>, rest: Partial<World> = {}): World => ({
    ...world,
    ...rest,
    clients: world.clients.map((other, at) => (at === index ? { ...other, ...change } : other)),
  });
  const begin: Client = { ...fresh, isVerified: client.isVerified, watches: client.watches };
  const rests: Client = { ...begin, doing: 'done', isVerified: true };
  const again = client.isVerified ? rests : begin;
  const crashes = world.crashes - 1;
  const steps: World[] = [];
  if (world.crashes > 0 && client.doing !== 'done') {
    steps.push(become(again, { crashes }));
    if (possible.isLost && world.clients.every(({ doing }) => doing !== 'lost'))
      steps.push(become({ ...begin, doing: 'lost' }, { crashes }));
  }
  /** What a client does once it has seen something. */
  const goOn = (sight: Partial<Client>): World => {
    const deed = decide(sightOf({ ...client, ...sight }));
    switch (deed.kind) {
      case 'rest':
        return become(rests);
      case 'giveUp':
        return become(again);
      case 'append':
        // One that only watches appends nothing.
        return become(client.isVerified ? rests : { ...sight, doing: 'noted', at: 0 });
      case 'confirm':
        return become({ ...sight, doing: 'confirm', at: 0, isConfirmed: true });
      case 'settle':
        return become({ ...sight, doing: 'removing', seen: [], removes: deed.remove });
      case 'look':
        throw new Error('has looked');
    }
  };
  switch (client.doing) {
    case 'look': {
      // Sync may have met it meanwhile.
      if (!client.isVerified && world.copies.length > 0) steps.push(become(rests));
      const here = world.copies.filter(({ folder }) => folder === folders[client.at]);
      // What was seen once stays in sight until it is asked for.
      const seen = [
        ...client.seen,
        ...here.filter((copy) => !client.seen.some(({ uid }) => uid === copy.uid)),
      ];
      const isLast = client.at === folders.length - 1;
      steps.push(isLast ? goOn({ seen, at: 0 }) : become({ seen, at: client.at + 1 }));
      break;
    }
    case 'confirm': {
      const asked = client.seen[client.at];
      const isThere = world.copies.some(({ uid }) => uid === asked?.uid);
      const seen = isThere ? client.seen : client.seen.filter((copy) => copy !== asked);
      const at = isThere ? client.at + 1 : client.at;
      steps.push(at === seen.length ? goOn({ seen, isConfirmed: true }) : become({ seen, at }));
      break;
    }
    case 'noted':
      for (const mark of newMarks(world)) {
        const appended: Client = { ...client, doing: 'look', at: 0, hasAppended: true };
        steps.push(stands(become(appended), mark, 'Inbox'));
        if (world.crashes === 0) continue;
        // The answer is lost: it has happened, or may happen later.
        steps.push(stands(become(begin, { crashes }), mark, 'Inbox'));
        steps.push(become(begin, { crashes, underWay: [...world.underWay, mark] }));
      }
      break;
    case 'removing': {
      const [gone, ...removes] = client.removes;
      const copies = world.copies.filter(({ uid }) => uid !== gone?.uid);
      const isOver = removes.length === 0;
      steps.push(become(isOver ? rests : { removes }, { copies }));
      break;
    }
    case 'done':
      if (client.watches > 0) steps.push(become({ ...begin, watches: client.watches - 1 }));
      break;
  }
  return steps;
}

const sightOf = ({ seen, isConfirmed, hasAppended }: Client): Sight<StandingCopy> => ({
  seen,
  isConfirmed,
  hasAppended,
});

/** Marks and UIDs, of which only the order counts, by their place in it: so worlds that go on alike are equal. */
function inOrder(world: World): World {
  const remembered = world.clients.flatMap(({ seen, removes }) => [...seen, ...removes]);
  const all = [...world.copies, ...remembered];
  const used = [...new Set([...all.map(({ mark }) => mark), ...world.underWay])];
  const marks = used.filter((mark) => mark !== null).sort();
  const uids = [...new Set(all.map(({ uid }) => uid))].sort((a, b) => a - b);
  const copy = ({ folder, uid, mark }: StandingCopy): StandingCopy => ({
    folder,
    uid: uids.indexOf(uid),
    mark: mark === null ? null : letterAt(2 * marks.indexOf(mark) + 1),
  });
  const sorted = (copies: readonly StandingCopy[]) => copies.map(copy).sort((a, b) => a.uid - b.uid);
  return {
    ...world,
    copies: sorted(world.copies),
    underWay: world.underWay.map((mark) => letterAt(2 * marks.indexOf(mark) + 1)).sort(),
    clients: world.clients.map((client) => ({
      ...client,
      seen: sorted(client.seen),
      removes: sorted(client.removes),
    })),
  };
}

/** One before, between and after all that there are. */
function newMarks({ copies, underWay, clients }: World): readonly string[] {
  const all = [...copies, ...clients.flatMap(({ seen, removes }) => [...seen, ...removes])].map(
    ({ mark }) => mark,
  );
  const used = new Set([...all, ...underWay].filter((mark) => mark !== null));
  return Array.from({ length: used.size + 1 }, (_, rank) => letterAt(2 * rank));
}

const letterAt = (place: number): string => String.fromCharCode('a'.charCodeAt(0) + place);

/** Which client is which makes no difference. */
export function nameOf({ copies, underWay, clients, ...world }: World): string {
  const copyName = ({ folder, uid, mark }: StandingCopy): string =>
    `${folder.slice(0, 1)}${uid}${mark ?? '-'}`;
  const clientNames = clients.map((client) =>
    [
      client.doing,
      client.at,
      client.seen.map(copyName).join(),
      Number(client.isConfirmed) + 2 * Number(client.hasAppended) + 4 * Number(client.isVerified),
      client.removes.map(copyName).join(),
      client.watches,
    ].join(' '),
  );
  const rest = [Number(world.mayDeliver) + 2 * Number(world.everStood), world.moves, world.crashes];
  return [copies.map(copyName).join(), underWay.join(), ...clientNames.sort(), ...rest].join('|');
}

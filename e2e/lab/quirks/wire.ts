/** A literal's bytes, or the text around it (latin1, so that every byte is one character). */
export type Piece = string | Buffer;

/** One line of IMAP with its literals, without the final CRLF (RFC 3501 section 4.3). */
export interface Line {
  readonly pieces: readonly Piece[];
}

/** The text of a line; literals as their announcements only. */
export const textOf = ({ pieces }: Line): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : '')).join('');

export const lineOf = (text: string): Line => ({ pieces: [text] });

/** The same line with every text piece changed. */
export const withText = (line: Line, change: (text: string) => string): Line => ({
  pieces: line.pieces.map((piece) => (typeof piece === 'string' ? change(piece) : piece)),
});

/** As it goes over the wire. */
export function bytesOf({ pieces }: Line): Buffer {
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece));
  return Buffer.concat([...bytes, Buffer.from('\r\n')]);
}

/** `{12}`, `{12+}` and `~{12}` at the end of a text announce a literal. */
const announcement = /\{(\d+)(\+?)\}$/;

/**
 * Cuts a stream of IMAP into lines. `waitsFor` is called for a literal that its sender sends only once it is asked to
 * (RFC 7888 knows the others).
 */
export class LineReader {
  readonly #onLine: (line: Line) => void;
  readonly #waitsFor: () => void;
  #unread = Buffer.alloc(0);
  #pieces: Piece[] = [];
  /** Bytes of a literal that have not come yet; null between literals. */
  #literal: number | null = null;

  constructor(onLine: (line: Line) => void, waitsFor: () => void = () => undefined) {
    this.#onLine = onLine;
    this.#waitsFor = waitsFor;
  }

  read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    while (this.#literal === null ? this.#readText() : this.#readLiteral(this.#literal));
  }

  #take(length: number): Buffer {
    const taken = this.#unread.subarray(0, length);
    this.#unread = this.#unread.subarray(length);
    return taken;
  }

  #readText(): boolean {
    const end = this.#unread.indexOf('\r\n');
    if (end < 0) return false;
    const text = this.#take(end).toString('latin1');
    this.#take(2);
    const literal = announcement.exec(text);
    if (literal === null) {
      const pieces = [...this.#pieces, text];
      this.#pieces = [];
      this.#onLine({ pieces });
      return true;
    }
    this.#pieces.push(`${text}\r\n`);
    this.#literal = Number(literal[1]);
    if (literal[2] === '') this.#waitsFor();
    return true;
  }

  #readLiteral(length: number): boolean {
    if (this.#unread.length < length) return false;
    this.#pieces.push(this.#take(length));
    this.#literal = null;
    return true;
  }
}

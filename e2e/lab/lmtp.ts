import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Hands a message over to a server on loopback, by SMTP or LMTP. Rejects when it is not taken. */
export async function handOver(
  port: number,
  envelope: { readonly from: string; readonly to: readonly string[] },
  source: Buffer,
  protocol: 'smtp' | 'lmtp',
): Promise<void> {
  const connection = new SMTPConnection({
    host: '127.0.0.1',
    port,
    lmtp: protocol === 'lmtp',
    ignoreTLS: true,
    // A gateway turns away from an Exchange that hangs; anybody else waits for a machine that is busy.
    connectionTimeout: protocol === 'lmtp' ? 5000 : 60_000,
    greetingTimeout: protocol === 'lmtp' ? 5000 : 60_000,
    socketTimeout: protocol === 'lmtp' ? 20_000 : 120_000,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      // Not once: a connection that a fault keeps half open says so again after its deadline, when nobody asks any more.
      connection.on('error', reject);
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    await new Promise<void>((resolve, reject) => {
      connection.send({ from: envelope.from, to: [...envelope.to] }, source, (error, info) => {
        if (error) reject(error);
        else if ((info?.rejected.length ?? 0) > 0) reject(new Error(`refused: ${info?.response ?? ''}`));
        else resolve();
      });
    });
  } finally {
    connection.close();
  }
}

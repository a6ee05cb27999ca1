// Lets the bundle of the engine run in a process of Node as it does in Electron's: main is whoever has started it.
process.parentPort = {
  on: (_event, listen) => process.on('message', (data) => listen({ data })),
  postMessage: (message) => process.send(message),
};
process.on('disconnect', () => process.exit());

// The cost of encryption is what goes when nothing is encrypted.
if (process.env.BENCH_PLAIN === '1') {
  const { prototype } = require('better-sqlite3');
  const { pragma } = prototype;
  prototype.pragma = function (text, options) {
    return /^(cipher|algorithm|key) =/.test(text) ? null : pragma.call(this, text, options);
  };
}

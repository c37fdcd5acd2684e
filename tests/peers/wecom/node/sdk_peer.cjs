// The official AI-bot SDK, driven over standard input and output, one JSON object a line.
// Out: {"event", "frame"} for what the SDK emits, {"id", "result"} or {"id", "error"} for calls.
// In:  {"id", "call", "args"}; an argument {"frame": N} stands for the N-th frame received,
//      {"base64": "..."} for a Buffer.
const { WSClient } = require('@wecom/aibot-node-sdk');

const silent = () => {};
const [wsUrl, botId, secret, heartbeat] = process.argv.slice(2);
const client = new WSClient({
  wsUrl,
  botId,
  secret,
  heartbeatInterval: Number(heartbeat),
  reconnectInterval: 20,
  logger: { debug: silent, info: silent, warn: silent, error: silent },
});

const frames = [];
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

for (const event of ['authenticated', 'disconnected', 'reconnecting']) {
  client.on(event, (detail) => tell({ event, detail }));
}
client.on('error', (error) => tell({ event: 'error', detail: error.message }));
for (const event of ['message', 'event']) {
  client.on(event, (frame) => {
    frames.push(frame);
    tell({ event, frame });
  });
}

const meant = (argument) => {
  if (argument && argument.frame !== undefined) return frames[argument.frame];
  if (argument && argument.base64 !== undefined) return Buffer.from(argument.base64, 'base64');
  return argument;
};

const shown = (result) =>
  result && result.buffer ? { ...result, buffer: result.buffer.toString('base64') } : result;

require('readline')
  .createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, call, args } = JSON.parse(line);
    try {
      tell({ id, result: shown(await client[call](...args.map(meant))) ?? null });
    } catch (error) {
      tell({ id, error: error.errcode ?? error.message });
    }
  })
  .on('close', () => process.exit(0));

client.connect();

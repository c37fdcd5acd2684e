// Answers a JSON list of tasks on standard input with the official crypto package, one result for each.
const { decrypt, encrypt, getSignature } = require('@wecom/crypto');

const tasks = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const results = tasks.map((task) => {
  if (task.do === 'sign') return getSignature(task.token, task.timestamp, task.nonce, task.sealed);
  if (task.do === 'encrypt') return encrypt(task.key, task.message, task.id);
  const { message, id } = decrypt(task.key, task.sealed);
  return { message, id };
});
process.stdout.write(JSON.stringify(results));

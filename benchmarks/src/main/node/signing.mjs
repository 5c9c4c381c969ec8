// Signs with the venues' own clients, as fast as they do, and checks what the other side signed.
// One JSON object a line on stdin, one answer a line on stdout.
import assert from 'node:assert';
import crypto from 'node:crypto';
import readline from 'node:readline';
import { createWalletClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { ClobClient, OrderType, createL2Headers, getContractConfig, orderToJsonV2 } from '@polymarket/clob-client-v2';
// The signer inside createOrder, by its file, because createOrder itself lets nobody choose salt and time.
import { ExchangeOrderBuilderV2 } from
  './node_modules/@polymarket/clob-client-v2/dist/order-utils/exchangeOrderBuilderV2.js';
import { KalshiAuth } from 'kalshi-typescript/dist/auth.js';

const POLYGON = 137;
const LISTING = { tickSize: '0.01', negRisk: false, version: 2 };
const SAMPLE_EVERY = 97;
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const setup = JSON.parse((await lines.next()).value);

const signer = createWalletClient({
  account: privateKeyToAccount(setup.privateKey), transport: http('http://127.0.0.1:1'),
});
const client = new ClobClient({ host: 'http://127.0.0.1:1', chain: POLYGON, signer, creds: setup.creds });
client.tickSizes[setup.token] = LISTING.tickSize; // What it would have asked the venue for once.
const kalshi = new KalshiAuth(setup.kalshiKey, setup.kalshiPrivate);

const userOrder = (i) => ({ tokenID: setup.token, price: (1 + i % 99) / 100, size: 5 + i % 1000, side: 'BUY' });
const l2 = (body) => ({ method: 'POST', requestPath: '/order', body });

const signed = {
  // createOrder, and what postOrder does before it calls.
  async polymarket(i) {
    const order = await client.createOrder(userOrder(i), LISTING);
    const body = JSON.stringify(orderToJsonV2(order, setup.creds.key, OrderType.GTC));
    return { number: i, body, headers: await createL2Headers(signer, setup.creds, l2(body)) };
  },
  async kalshi(i) {
    return { number: i, body: '', headers: kalshi.generateAuthHeaders('POST', setup.kalshiPath) };
  },
};

const check = {
  // The client signs the same order again, with the same salt and time: all of it must be the same.
  async polymarket({ number, body, headers }) {
    const ours = JSON.parse(body);
    const amounts = await client.createOrder(userOrder(number), LISTING);
    const builder = new ExchangeOrderBuilderV2(
      getContractConfig(POLYGON).exchangeV2, POLYGON, signer, () => String(ours.order.salt));
    const again = await builder.buildSignedOrder({ ...amounts, timestamp: ours.order.timestamp });
    const theirs = JSON.parse(JSON.stringify(orderToJsonV2(again, setup.creds.key, OrderType.GTC)));
    const { 'Content-Type': type, ...proof } = headers;
    assert.deepStrictEqual(lowerCase(ours), lowerCase(theirs));
    assert.deepStrictEqual(
      lowerCase(proof), lowerCase(await createL2Headers(signer, setup.creds, l2(body), Number(proof.POLY_TIMESTAMP))));
  },
  async kalshi({ headers }) {
    const text = headers['KALSHI-ACCESS-TIMESTAMP'] + 'POST' + setup.kalshiPath;
    assert.strictEqual(headers['KALSHI-ACCESS-KEY'], setup.kalshiKey);
    assert.ok(crypto.verify('RSA-SHA256', text, {
      key: setup.kalshiPublic, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32,
    }, Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'], 'base64')));
  },
};

// Addresses differ in the case of their letters, and mean the same.
function lowerCase(value) {
  return JSON.parse(JSON.stringify(value, (key, inner) =>
    typeof inner === 'string' && /^0x[0-9a-fA-F]{40}$/.test(inner) ? inner.toLowerCase() : inner));
}

async function run(sign, seconds) {
  const samples = [];
  const start = process.hrtime.bigint();
  const end = start + BigInt(Math.round(seconds * 1e9));
  let count = 0;
  let now = start;
  while (now < end) {
    const made = await sign(count);
    if (count++ % SAMPLE_EVERY === 0) samples.push(made);
    now = process.hrtime.bigint();
  }
  return { perSecond: count * 1e9 / Number(now - start), samples };
}

console.log(JSON.stringify({ node: process.version }));
for await (const line of lines) {
  const { venue, seconds, samples } = JSON.parse(line);
  if (samples) {
    for (const each of samples) await check[venue](each);
    console.log(JSON.stringify({ checked: samples.length }));
  } else {
    console.log(JSON.stringify(await run(signed[venue], seconds)));
  }
}

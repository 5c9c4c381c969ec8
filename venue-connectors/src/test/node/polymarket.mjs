// Makes a key, creates, reads, lists and cancels orders at a Polymarket simulator with Polymarket's own client.
import assert from 'node:assert';
import { createWalletClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { ClobClient, OrderType, Side } from '@polymarket/clob-client-v2';

const account = privateKeyToAccount(process.env.PRIVATE_KEY);
const signer = createWalletClient({ account, transport: http('http://127.0.0.1:1') });
const host = process.env.SIM_URL;
const token = process.env.TOKEN;
const open = { host, chain: 137, signer, throwOnError: true };

const creds = await new ClobClient(open).createOrDeriveApiKey();
assert.ok(creds.key && creds.secret && creds.passphrase);
const again = await new ClobClient(open).deriveApiKey();
assert.deepStrictEqual(again, creds);

for (const [signatureType, funderAddress] of [[0, undefined], [3, process.env.DEPOSIT_WALLET]]) {
  const client = new ClobClient({ ...open, creds, signatureType, funderAddress });
  assert.strictEqual((await client.getOrderBook(token)).tick_size, '0.01');

  const resting = await client.createAndPostOrder({ tokenID: token, price: 0.40, size: 10, side: Side.BUY }, {}, OrderType.GTC);
  assert.strictEqual(resting.success, true, JSON.stringify(resting));
  assert.strictEqual(resting.status, 'live');
  const read = await client.getOrder(resting.orderID);
  assert.strictEqual(read.size_matched, '0');
  assert.strictEqual(read.price, '0.4');

  const taken = await client.createAndPostMarketOrder(
    { tokenID: token, amount: 4.4, price: 0.44, side: Side.BUY }, {}, OrderType.FAK);
  assert.strictEqual(taken.status, 'matched', JSON.stringify(taken));
  assert.strictEqual(taken.takingAmount, '10');
  assert.strictEqual(taken.makingAmount, '4.4');

  const open_ = await client.getOpenOrders();
  assert.deepStrictEqual(open_.map((o) => o.id), [resting.orderID]);
  const trades = await client.getTrades({ id: taken.tradeIDs[0] });
  assert.strictEqual(trades[0].taker_order_id, taken.orderID);
  const balance = await client.getBalanceAllowance({ asset_type: 'CONDITIONAL', token_id: token });
  assert.strictEqual(balance.balance, '10000000');

  const cancelled = await client.cancelOrder({ orderID: resting.orderID });
  assert.deepStrictEqual(cancelled.canceled, [resting.orderID]);
  const gone = await client.cancelOrder({ orderID: resting.orderID });
  assert.deepStrictEqual(gone.canceled, []);
  assert.ok(gone.not_canceled[resting.orderID]);
}
console.log('@polymarket/clob-client-v2: keys made; orders created, cancelled, listed and read; trades read');

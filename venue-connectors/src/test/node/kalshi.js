// Creates, reads, lists, amends and cancels orders at a Kalshi simulator with Kalshi's own client.
const assert = require('node:assert');
const fs = require('node:fs');
const { Configuration, OrdersApi, PortfolioApi, MarketApi, ExchangeApi } = require('kalshi-typescript');

async function main() {
  const config = new Configuration({
    basePath: process.env.SIM_URL + '/trade-api/v2',
    apiKey: process.env.KEY_ID,
    privateKeyPem: fs.readFileSync(process.env.KEY_FILE, 'utf8'),
  });
  const orders = new OrdersApi(config);
  const portfolio = new PortfolioApi(config);
  const markets = new MarketApi(config);
  const exchange = new ExchangeApi(config);
  const ticker = process.env.TICKER;

  const status = (await exchange.getExchangeStatus()).data;
  assert.strictEqual(status.trading_active, true);
  const market = (await markets.getMarket(ticker)).data.market;
  assert.strictEqual(market.status, 'active');

  const order = (side, price, count, tif, id) => ({
    ticker, side, price, count, time_in_force: tif, self_trade_prevention_type: 'taker_at_cross', client_order_id: id,
  });
  const resting = (await orders.createOrderV2(order('bid', '0.4000', '10.00', 'good_till_canceled', 'node-1'))).data;
  assert.strictEqual(resting.fill_count, '0.00');
  assert.strictEqual(resting.remaining_count, '10.00');

  const read = (await orders.getOrder(resting.order_id)).data.order;
  assert.strictEqual(read.status, 'resting');
  assert.strictEqual(read.client_order_id, 'node-1');

  const taken = (await orders.createOrderV2(order('bid', '0.4400', '2.00', 'immediate_or_cancel', 'node-2'))).data;
  assert.strictEqual(taken.fill_count, '2.00');

  await assert.rejects(
    orders.createOrderV2(order('bid', '0.4000', '1.00', 'good_till_canceled', 'node-1')),
    (e) => e.response.status === 409 && e.response.data.error.code === 'order_already_exists');

  const listed = (await orders.getOrders()).data.orders;
  assert.deepStrictEqual(listed.map((o) => o.client_order_id), ['node-2', 'node-1']);
  const fills = (await portfolio.getFills()).data.fills;
  assert.strictEqual(fills.length, 1);
  assert.strictEqual(fills[0].order_id, taken.order_id);
  const positions = (await portfolio.getPositions()).data.market_positions;
  assert.strictEqual(positions[0].position_fp, '2.00');
  const balance = (await portfolio.getBalance()).data;
  assert.ok(balance.balance > 0);

  const cancelled = (await orders.cancelOrderV2(resting.order_id)).data;
  assert.strictEqual(cancelled.reduced_by, '10.00');
  await assert.rejects(orders.cancelOrderV2(resting.order_id), (e) => e.response.status === 404);
  console.log('kalshi-typescript: orders created, cancelled, listed and read; fills read');
}

main().catch((e) => {
  console.error(e.response ? JSON.stringify([e.response.status, e.response.data]) : e);
  process.exit(1);
});

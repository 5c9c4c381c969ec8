package sluice.venues.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Order;
import sluice.venues.simulator.core.Trade;

/**
 * What a test or an operator asks of a simulator, on a port of its own: the truth about its books, and its faults.
 *
 * <pre>{@code
 * GET    /health                       {"venue","port","now","imbalance"}
 * GET    /ledger[?account=A]           orders, fills, cash, positions, payouts, by account; never late, never faulty
 * GET    /trades                       every trade with its status
 * GET    /faults | PUT | POST | DELETE what is on | replace | add | none
 * GET    /strikes                      which faults struck where
 * GET    /arrivals                     how often each body was posted, whatever became of it
 * POST   /levels    {"market","bids":[["0.41","25"]],"asks":[["0.44","10"]]}     the house's book, YES prices
 * POST   /cash      {"account","pocket":"0","amount":"100.00"}
 * POST   /settle    {"market","value":"1","result":"yes","pay":true}
 * POST   /pause     {"trading":false,"exchange":true}
 * POST   /take      {"order":ID,"quantity":"1"}        the house trades against a resting order
 * POST   /tokens    {"account","market","yes":true,"quantity":"10"}
 * POST   /command   {"op":"SetStatus","market":"M","status":"INACTIVE"}   any command of the exchange, in millionths
 * }</pre>
 */
final class Admin implements Http.Service {
    private final ObjectMapper json;
    private final String name;
    private final Venue venue;
    private final Arrivals arrivals;

    Admin(ObjectMapper json, String name, Venue venue, Arrivals arrivals) {
        this.json = json;
        this.name = name;
        this.venue = venue;
        this.arrivals = arrivals;
    }

    @Override
    public Http.Reply serve(Http.Request request) {
        try {
            return switch (request.place()) {
                case "GET /health" ->
                    ok(venue.live(e -> json.createObjectNode()
                            .put("venue", name)
                            .put("now", venue.now())
                            .put("imbalance", e.imbalance())));
                case "GET /ledger" -> ok(venue.live(e -> ledger(e, request.query("account"))));
                case "GET /trades" ->
                    ok(venue.live(e -> {
                        ArrayNode all = json.createArrayNode();
                        e.trades().forEach(t -> all.add(json.valueToTree(t)));
                        return json.createObjectNode().set("trades", all);
                    }));
                case "GET /faults" -> ok(venue.faults().describe());
                case "PUT /faults" -> {
                    venue.faults().replace(json.readTree(request.body()));
                    yield ok(venue.faults().describe());
                }
                case "POST /faults" -> {
                    venue.faults().add(json.readTree(request.body()));
                    yield ok(venue.faults().describe());
                }
                case "DELETE /faults" -> {
                    venue.faults().clear();
                    yield ok(venue.faults().describe());
                }
                case "GET /strikes" -> ok(venue.faults().strikes());
                case "GET /arrivals" -> ok(arrivals.describe());
                case "POST /command" -> carryOut(request.body());
                case "POST /levels", "POST /cash", "POST /settle", "POST /pause", "POST /take", "POST /tokens" ->
                    shortcut(request.path(), json.readTree(request.body()));
                default -> refuse(404, "there is no " + request.place() + " here; see the class comment of Admin");
            };
        } catch (JsonProcessingException e) {
            return refuse(400, "the body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return refuse(400, String.valueOf(e.getMessage()));
        }
    }

    private Http.Answer ok(JsonNode body) {
        return Http.Answer.json(200, body);
    }

    private Http.Answer refuse(int status, String why) {
        return Http.Answer.json(status, json.createObjectNode().put("error", why));
    }

    private Http.Answer carryOut(String text) throws JsonProcessingException {
        ObjectNode given = (ObjectNode) json.readTree(text);
        return outcome(venue.submit(stamp -> {
            ObjectNode stamped = given.deepCopy().put("at", stamp.at());
            if (!stamped.has("orderId")) {
                stamped.put("orderId", stamp.id());
            }
            if (!given.path("op").asText().equals("Place") && !given.has("orderId")) {
                stamped.remove("orderId");
            }
            return Command.read(json, stamped.toString());
        }));
    }

    private Http.Answer shortcut(String path, JsonNode body) {
        String market = body.path("market").asText();
        return switch (path) {
            case "/levels" ->
                outcome(venue.submit(stamp -> new Command.SetLevels(
                        stamp.at(), market, levels(body.path("bids")), levels(body.path("asks")))));
            case "/cash" ->
                outcome(venue.submit(stamp -> new Command.Deposit(
                        stamp.at(),
                        body.path("account").asText(),
                        body.path("pocket").asText(""),
                        Decimals.micros(body.path("amount").asText()),
                        "admin")));
            case "/settle" -> settle(market, body);
            case "/pause" ->
                outcome(venue.submit(stamp -> new Command.Pause(
                        stamp.at(),
                        body.path("trading").asBoolean(true),
                        body.path("exchange").asBoolean(true))));
            case "/take" ->
                outcome(venue.submit(stamp -> new Command.HouseTakes(
                        stamp.at(),
                        body.path("order").asText(),
                        Decimals.micros(body.path("quantity").asText()))));
            default ->
                outcome(venue.submit(stamp -> new Command.GiveTokens(
                        stamp.at(),
                        body.path("account").asText(),
                        market,
                        body.path("yes").asBoolean(true),
                        Decimals.micros(body.path("quantity").asText()))));
        };
    }

    /** Determines and pays, with fault F12 in between. */
    private Http.Answer settle(String market, JsonNode body) {
        long value = Decimals.micros(body.path("value").asText());
        String result = body.path("result").asText(value == Exchange.ONE ? "yes" : value == 0 ? "no" : "scalar");
        Fault fault = venue.strike("F12", market);
        String mode = fault == null ? "" : fault.mode();
        boolean pays = body.path("pay").asBoolean(true) && !mode.equals("never");
        if (mode.equals("amended")) {
            venue.submit(stamp -> new Command.Determine(stamp.at(), market, Exchange.ONE - value, other(result)));
        }
        long paid = mode.equals("void")
                ? Exchange.ONE / 2
                : mode.equals("scalar") && fault != null ? Decimals.micros(fault.text("value", "0.25")) : value;
        Exchange.Outcome determined = venue.submit(
                stamp -> new Command.Determine(stamp.at(), market, paid, paid == value ? result : "scalar"));
        return outcome(pays ? venue.submit(stamp -> new Command.Settle(stamp.at(), market)) : determined);
    }

    private static String other(String result) {
        return result.equals("yes") ? "no" : result.equals("no") ? "yes" : result;
    }

    private static List<Command.Level> levels(JsonNode rows) {
        List<Command.Level> levels = new ArrayList<>();
        for (JsonNode row : rows) {
            levels.add(new Command.Level(
                    Decimals.micros(row.path(0).asText()),
                    Decimals.micros(row.path(1).asText())));
        }
        return levels;
    }

    private Http.Answer outcome(Exchange.Outcome outcome) {
        ObjectNode body = json.createObjectNode();
        Order order = outcome.order();
        if (order != null) {
            body.set("order", order(order));
        }
        if (outcome.denial() != null) {
            return Http.Answer.json(409, body.put("denied", outcome.denial().name()));
        }
        return ok(body.put("changes", outcome.changes().size()));
    }

    private ObjectNode ledger(Exchange exchange, String only) {
        ObjectNode all = json.createObjectNode();
        ObjectNode accounts = all.putObject("accounts");
        for (String account : exchange.accounts()) {
            if (!only.isEmpty() && !only.equals(account)) {
                continue;
            }
            ObjectNode node = accounts.putObject(account);
            ObjectNode cash = node.putObject("cash");
            exchange.cash(account).forEach((pocket, micros) -> cash.put(pocket, micros));
            ObjectNode positions = node.putObject("positions");
            exchange.positions(account).forEach((market, p) -> positions
                    .putObject(market)
                    .put("yes", p.yes)
                    .put("no", p.no)
                    .put("cost", p.cost)
                    .put("fees", p.fees)
                    .put("realized", p.realized));
            ArrayNode orders = node.putArray("orders");
            exchange.orders().stream()
                    .filter(o -> o.account().equals(account) && !account.equals(Exchange.HOUSE))
                    .forEach(o -> orders.add(order(o)));
            ArrayNode fills = node.putArray("fills");
            exchange.fills(account).forEach(f -> {
                ObjectNode fill = json.valueToTree(f);
                Trade trade = exchange.trade(f.tradeId());
                fills.add(fill.put("status", trade == null ? "" : trade.status().name()));
            });
            ArrayNode payouts = node.putArray("payouts");
            exchange.payouts().stream()
                    .filter(p -> p.account().equals(account))
                    .forEach(p -> payouts.add(json.valueToTree(p)));
        }
        return all.put("imbalance", exchange.imbalance()).put("feesCollected", exchange.feesCollected());
    }

    private ObjectNode order(Order order) {
        @Nullable Long expiresAt = order.expiresAt;
        return json.createObjectNode()
                .put("orderId", order.id)
                .put("clientId", order.clientId)
                .put("account", order.account())
                .put("market", order.market())
                .put("yes", order.placed.yes())
                .put("buy", order.placed.buy())
                .put("price", order.price)
                .put("initial", order.initial)
                .put("filled", order.filled)
                .put("remaining", order.remaining)
                .put("status", order.status.name())
                .put("reason", order.reason)
                .put("outside", order.placed.outside())
                .put("createdAt", order.placed.at())
                .put("updatedAt", order.updatedAt)
                .put("expiresAt", expiresAt);
    }
}

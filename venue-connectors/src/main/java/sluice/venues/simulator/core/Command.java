package sluice.venues.simulator.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change the exchange. The ledger holds these and nothing else: the same commands in the same order
 * give the same books, money and answers.
 *
 * <p>Money, prices and quantities are millionths; times are UTC milliseconds.
 */
public sealed interface Command {
    long at();

    /** What happens to the part of an order that does not trade on arrival. */
    enum TimeInForce {
        GTC,
        IOC,
        FOK
    }

    /** What happens when an order meets one of the same account. */
    enum SelfTrade {
        ALLOW,
        CANCEL_TAKER,
        CANCEL_MAKER
    }

    /** A price level of the house's book, in YES terms. */
    record Level(long price, long quantity) {}

    /** Prices from start to end, both included, in steps. */
    record Band(long start, long end, long step) {}

    /** What a venue charges: {@code rate * quantity * p * (1 - p)}; see {@link sluice.domain.market.FeeTerms}. */
    record Fees(long takerRate, long makerRate) {}

    /**
     * Makes a market or replaces its description.
     *
     * @param event groups markets; empty for none
     * @param pocket which pocket of cash pays for orders here: a shard, or empty
     * @param attributes what the venue's protocol says of the market beyond what the exchange needs
     */
    record DefineMarket(
            long at,
            String market,
            String event,
            String pocket,
            List<Band> bands,
            Fees fees,
            @Nullable Long openAt,
            @Nullable Long closeAt,
            long settleAfterMillis,
            JsonNode attributes)
            implements Command {}

    /** Moves cash in, or out if negative. */
    record Deposit(long at, String account, String pocket, long amount, String why) implements Command {}

    /** Gives an account tokens of a market that were bought elsewhere: a pair is paid for by the house. */
    record GiveTokens(long at, String account, String market, boolean yes, long quantity) implements Command {}

    /**
     * A new order.
     *
     * @param clientId empty for none
     * @param group empty for none
     * @param activeAt when it may trade; null at once
     * @param reuseOfFinished whether a client id of a finished order is accepted again
     * @param outside whether it came by another way than the account's API
     */
    record Place(
            long at,
            String orderId,
            String account,
            String pocket,
            String market,
            boolean yes,
            boolean buy,
            long price,
            long quantity,
            TimeInForce timeInForce,
            boolean postOnly,
            boolean reduceOnly,
            SelfTrade selfTrade,
            String clientId,
            String group,
            @Nullable Long expiresAt,
            @Nullable Long activeAt,
            boolean cancelOnPause,
            boolean reuseOfFinished,
            boolean outside,
            JsonNode attributes)
            implements Command {}

    record Cancel(long at, String orderId, String reason) implements Command {}

    /** {@code total} is filled plus wanted remainder; {@code expiresAt}: null keeps, 0 removes. */
    record Amend(
            long at,
            String orderId,
            long price,
            long total,
            @Nullable Long expiresAt,
            String clientId) implements Command {}

    /** Replaces what the house shows in a market; levels that cross orders of accounts trade with them. */
    record SetLevels(long at, String market, List<Level> bids, List<Level> asks) implements Command {}

    /** The house trades against one resting order, as far as {@code quantity} goes. */
    record HouseTakes(long at, String orderId, long quantity) implements Command {}

    record SetStatus(long at, String market, Market.Status status) implements Command {}

    record SetGrid(long at, String market, List<Band> bands, String label) implements Command {}

    record SetFees(long at, String market, Fees fees) implements Command {}

    record SetClose(long at, String market, long closeAt) implements Command {}

    /**
     * Sets what a market pays, without paying it yet. {@code yesValue} is dollars per YES contract in millionths;
     * {@code result} is the venue's word for it
     */
    record Determine(long at, String market, long yesValue, String result) implements Command {}

    /** Pays out what was determined. */
    record Settle(long at, String market) implements Command {}

    /** Stops trading (and, if {@code exchange} is false, everything) or lets it go on. */
    record Pause(long at, boolean trading, boolean exchange) implements Command {}

    record SetGroup(long at, String group, String account, long limit, Change change) implements Command {
        /** What is done to the group. */
        public enum Change {
            CREATE,
            LIMIT,
            RESET,
            TRIGGER,
            DELETE
        }
    }

    /** Moves a trade on; {@code FAILED} undoes it. */
    record SetTrade(long at, String tradeId, Trade.Status status, String hash) implements Command {}

    /** The next trades' fees are off by this much. */
    record FeeDrift(long at, long amount) implements Command {}

    /** Time has passed: expiries, openings, closings and settlements that are due happen. */
    record Tick(long at) implements Command {}

    /** Something a protocol must remember, such as an API key; the exchange keeps the last one by key. */
    record Note(long at, String key, JsonNode value) implements Command {}

    /** One line of the ledger. */
    static String write(ObjectMapper json, Command command) {
        ObjectNode node = json.valueToTree(command);
        node.put("op", command.getClass().getSimpleName());
        return node.toString();
    }

    /**
     * Reads a line of the ledger.
     *
     * @throws IllegalArgumentException if the line is no command
     */
    static Command read(ObjectMapper json, String line) {
        try {
            ObjectNode node = (ObjectNode) json.readTree(line);
            String op = node.remove("op").asText();
            for (Class<?> kind : Command.class.getPermittedSubclasses()) {
                if (kind.getSimpleName().equals(op)) {
                    return (Command) json.treeToValue(node, kind);
                }
            }
            throw new IllegalArgumentException("no command is called " + op);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a command: " + line, e);
        }
    }
}

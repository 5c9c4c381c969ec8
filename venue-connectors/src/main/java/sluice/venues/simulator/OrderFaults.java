package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.core.Command;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;
import sluice.venues.simulator.core.Order;

/** Faults that any venue can have around an order: F10, F11, F13 and F19. */
public final class OrderFaults {
    private final Venue venue;
    private final Later later;

    public OrderFaults(Venue venue, Later later) {
        this.venue = venue;
        this.later = later;
    }

    /** What happens between a client's decision and its order. */
    public void before(String place, String account, String market) {
        Fault rules = venue.strike("F19", place);
        if (rules != null && rules.mode().equals("fee")) {
            long rate = rules.number("rate", 140_000);
            venue.submit(s -> new Command.SetFees(s.at(), market, new Command.Fees(rate, 0)));
        } else if (rules != null) {
            long step = rules.number("step", 1_000);
            venue.submit(s -> new Command.SetGrid(
                    s.at(), market, List.of(new Command.Band(0, Exchange.ONE, step)), rules.text("label", "changed")));
        }
        Fault money = venue.strike("F13", place);
        String pocket = venue.live(e -> {
            Market found = e.market(market);
            return found == null ? "" : found.definition.pocket();
        });
        if (money == null) {
            return;
        }
        long amount =
                money.number("micros", money.mode().isEmpty() || money.mode().equals("fee") ? 100 : Exchange.ONE);
        switch (money.mode()) {
            case "deposit" -> deposit(account, pocket, amount);
            case "withdrawal" -> deposit(account, pocket, -amount);
            case "transfer" -> {
                deposit(account, pocket, -amount);
                deposit(account, money.text("to", "1"), amount);
            }
            default -> venue.submit(s -> new Command.FeeDrift(s.at(), amount));
        }
    }

    private void deposit(String account, String pocket, long amount) {
        venue.submit(s -> new Command.Deposit(s.at(), account, pocket, amount, "F13"));
    }

    /** What somebody does with the same account by other means. */
    public void after(String place, String account, String market) {
        Fault outside = venue.strike("F11", place);
        Market found = venue.live(e -> e.market(market));
        if (outside == null || found == null) {
            return;
        }
        JsonNode about = venue.live(e -> e.orders().stream()
                .filter(order -> order.account().equals(account))
                .findFirst()
                .<JsonNode>map(order -> order.attributes().deepCopy())
                .orElseGet(JsonNodeFactory.instance::objectNode));
        boolean position = outside.mode().equals("position");
        long step = found.bands.get(0).step();
        long price = position
                ? Exchange.ONE - found.bands.get(found.bands.size() - 1).step()
                : step;
        venue.submit(s -> new Command.Place(
                s.at(),
                s.id(),
                account,
                found.definition.pocket(),
                market,
                true,
                true,
                price,
                outside.number("quantity", Exchange.ONE),
                position ? Command.TimeInForce.IOC : Command.TimeInForce.GTC,
                false,
                false,
                Command.SelfTrade.CANCEL_TAKER,
                "",
                "",
                null,
                null,
                false,
                false,
                true,
                // By the same wallet or key: what the venue keeps of an order besides.
                about));
    }

    /** The fault that a cancel meets, or null. {@code fill} has been done when this returns. */
    public @Nullable Fault onCancel(String place, String orderId) {
        Fault race = venue.strike("F10", place);
        if (race != null && (race.mode().isEmpty() || race.mode().equals("fill"))) {
            take(orderId, race.number("quantity", Long.MAX_VALUE));
        }
        return race;
    }

    /** Says nothing yet: the order fills in part, and is gone only after the fault's time. */
    public void cancelLate(Fault race, String orderId) {
        long millis = race.number("millis", 2_000);
        Order order = venue.live(e -> e.order(orderId));
        long half = order == null ? 0 : Math.max(1, order.remaining / 2);
        later.in(millis / 2, () -> take(orderId, half));
        later.in(millis, () -> venue.submit(s -> new Command.Cancel(s.at(), orderId, "Decrease")));
    }

    private void take(String orderId, long quantity) {
        venue.submit(s -> new Command.HouseTakes(s.at(), orderId, quantity));
    }
}

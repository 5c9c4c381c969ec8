package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;
import sluice.domain.Quantity;
import sluice.domain.order.VenueReport;
import sluice.venues.api.OrderRef;
import sluice.venues.api.UserListener;
import sluice.venues.polymarket.Words.Unreadable;

/**
 * An account's orders and trades from the user channel. What is not understood is told as a gap, to be read elsewhere.
 */
final class UserStream implements ClobSocket.Listener {
    private final PolymarketAccount account;
    private final Mode mode;
    private final Trades trades;
    private final Trades.Orders known;
    private final UserListener listener;

    UserStream(PolymarketAccount account, Mode mode, Trades trades, Trades.Orders known, UserListener listener) {
        this.account = account;
        this.mode = mode;
        this.trades = trades;
        this.known = known;
        this.listener = listener;
    }

    @Override
    public void onOpen(ClobSocket socket) {
        var credentials = account.credentials();
        socket.send("{\"type\":\"user\",\"auth\":{\"apiKey\":\"" + credentials.key() + "\",\"secret\":\""
                + credentials.secret() + "\",\"passphrase\":\"" + credentials.passphrase() + "\"}}");
        // Nothing is replayed: what happened until now has to be read, and read after this.
        listener.onGap("the user stream is connected; what came before it was not told");
    }

    @Override
    public void onGap(String why) {
        listener.onGap(why);
    }

    @Override
    public void onEvent(ClobSocket socket, JsonNode event) throws Unreadable {
        switch (Words.textOr(event, "event_type", "")) {
            case "trade" -> trades.fills(event).forEach(listener::onFill);
            case "order" -> order(event);
            case "" -> {
                // No event: an answer to what we sent.
                if (event.has("error") || event.has("message")) {
                    throw new Unreadable("the venue says " + Words.shown(event.toString()));
                }
            }
            default ->
                throw new Unreadable("event_type is " + event.path("event_type") + "; order and trade are known");
        }
    }

    private void order(JsonNode event) throws Unreadable {
        var ref = known.of(Words.text(event, "id"));
        if (ref == null) {
            listener.onGap("order " + event.path("id").asText() + " is not ours; open orders must be read");
            return;
        }
        if (!ref.account().equals(account.id())) {
            return; // Of another wallet of the same owner, whose account has a stream of its own.
        }
        var kind = Words.text(event, "type");
        var matched = Words.decimalOrNull(event, "size_matched");
        var filled = matched == null ? null : Words.quantity(event, "size_matched");
        switch (kind) {
            case "PLACEMENT", "UPDATE" -> {
                var state = OrderState.of(event);
                var type =
                        switch (state.status()) {
                            case ACCEPTED -> VenueReport.Type.ACCEPTED;
                            case WORKING ->
                                state.filled().compareTo(state.size()) >= 0
                                        ? VenueReport.Type.FILLED
                                        : VenueReport.Type.WORKING;
                            // Matched as it arrived: whether its rest was killed is told by itself, or read.
                            case FILLED -> VenueReport.Type.FILLED;
                            case CANCELLED, EXPIRED, GONE, REFUSED -> null;
                        };
                if (type == null) {
                    listener.onGap("order " + ref.orderId() + " is told as " + kind + " and " + state.words()
                            + "; it must be read");
                } else {
                    report(ref, type, filled, state.words(), event);
                }
            }
            case "CANCELLATION" -> {
                if (filled == null) {
                    // How much of it was filled decides what is released; an empty field does not say.
                    listener.onGap("order " + ref.orderId() + " was cancelled (" + Words.textOr(event, "status", "")
                            + "), and not how much of it was filled");
                } else {
                    report(ref, VenueReport.Type.CANCELLED, filled, Words.textOr(event, "status", ""), event);
                }
            }
            default ->
                throw new Unreadable(
                        "an order's event is of type \"" + kind + "\"; PLACEMENT, UPDATE and CANCELLATION are known");
        }
    }

    private void report(OrderRef ref, VenueReport.Type type, @Nullable Quantity filled, String detail, JsonNode event)
            throws Unreadable {
        listener.onReport(new VenueReport(
                ref.orderId(),
                ref.account(),
                mode,
                ref.market(),
                type,
                ref.venueOrderId(),
                filled,
                "",
                detail,
                Words.millis(event, "timestamp")));
    }
}

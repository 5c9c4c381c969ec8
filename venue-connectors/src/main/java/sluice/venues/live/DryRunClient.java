package sluice.venues.live;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.OrderCommand;
import sluice.venues.api.Balance;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.FillPage;
import sluice.venues.api.Health;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OpenOrder;
import sluice.venues.api.OrderRef;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.StopOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.api.Subscription;
import sluice.venues.api.UserListener;
import sluice.venues.api.VenueClient;

/**
 * A venue that is read and signed for, and to which nothing is written: it stops at the socket and says byte for byte
 * what would have been sent. For DRY_RUN.
 */
public final class DryRunClient implements VenueClient {
    private final VenueClient venue;

    public DryRunClient(VenueClient venue) {
        this.venue = venue;
    }

    @Override
    public PreparedOrder prepare(OrderCommand command) {
        return venue.prepare(command);
    }

    @Override
    public SubmitOutcome submit(PreparedOrder order) {
        byte[] bytes = new byte[order.request().remaining()];
        order.request().duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean readable = text.chars().noneMatch(c -> c == 0xfffd || (c < ' ' && c != '\n' && c != '\t'));
        return new SubmitOutcome.NotSent("dry run; this would have been sent: "
                + (readable ? text : "0x" + HexFormat.of().formatHex(bytes)));
    }

    @Override
    public CancelOutcome cancel(OrderRef order) {
        return new CancelOutcome.NotSent("dry run; order " + order.clientOrderId() + " would have been cancelled");
    }

    @Override
    public StopOutcome stop(AccountId account) {
        return new StopOutcome.Unknown("dry run; nothing is written to the venue");
    }

    @Override
    public LookupOutcome lookUp(OrderRef order) {
        return venue.lookUp(order);
    }

    @Override
    public void know(OrderRef order, ByteBuffer request) {
        venue.know(order, request);
    }

    @Override
    public Duration readLag() {
        return venue.readLag();
    }

    @Override
    public ReadOutcome<List<OpenOrder>> openOrders(AccountId account) {
        return venue.openOrders(account);
    }

    @Override
    public ReadOutcome<FillPage> fillsSince(AccountId account, String cursor) {
        return venue.fillsSince(account, cursor);
    }

    @Override
    public ReadOutcome<List<Holding>> positions(AccountId account) {
        return venue.positions(account);
    }

    @Override
    public ReadOutcome<List<Balance>> balances(AccountId account) {
        return venue.balances(account);
    }

    @Override
    public ReadOutcome<Market> market(MarketId market) {
        return venue.market(market);
    }

    @Override
    public ReadOutcome<Optional<Settlement>> settlement(MarketId market) {
        return venue.settlement(market);
    }

    @Override
    public Subscription streamQuotes(Set<MarketId> markets, QuoteListener listener) {
        return venue.streamQuotes(markets, listener);
    }

    @Override
    public Subscription streamUser(AccountId account, UserListener listener) {
        return venue.streamUser(account, listener);
    }

    @Override
    public Health health() {
        return venue.health();
    }
}

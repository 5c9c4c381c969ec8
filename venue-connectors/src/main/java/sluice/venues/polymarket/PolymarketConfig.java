package sluice.venues.polymarket;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;
import sluice.venues.http.SocketSettings;

/**
 * Where the venue is and what is asked of it.
 *
 * @param clob host of the order book
 * @param gamma host of market metadata
 * @param data host of positions
 * @param geoblock address that says whether we may trade from here; null only for a simulated venue that has none
 * @param marketSocket websocket of books
 * @param userSocket websocket of own orders and trades
 * @param mode mode that fills and reports are told under
 * @param readLag how far reads may lag behind the exchange
 * @param maxClockOffset with a clock further off than this, no order leaves
 * @param heartbeats whether the venue is to cancel our orders when we fall silent; without them it never does
 * @param builder builder code that orders name; 32 zero bytes for none
 * @param sockets when a websocket counts as dead
 */
public record PolymarketConfig(
        URI clob,
        URI gamma,
        URI data,
        @Nullable URI geoblock,
        URI marketSocket,
        URI userSocket,
        PolymarketChain chain,
        Mode mode,
        Duration readLag,
        Duration maxClockOffset,
        boolean heartbeats,
        String builder,
        SocketSettings sockets) {
    /** A connection without a PONG for this long is dead. */
    private static final SocketSettings SOCKETS =
            new SocketSettings(Duration.ofSeconds(30), "PING", Duration.ofMillis(250), Duration.ofSeconds(10), 1);

    public PolymarketConfig {
        Eip712.bytes32(builder);
    }

    /** Production, as documented in autumn 2026. The venue names no bound for its reads' lag; five seconds is ours. */
    public static PolymarketConfig production(Mode mode) {
        return new PolymarketConfig(
                URI.create("https://clob.polymarket.com"),
                URI.create("https://gamma-api.polymarket.com"),
                URI.create("https://data-api.polymarket.com"),
                URI.create("https://polymarket.com/api/geoblock"),
                URI.create("wss://ws-subscriptions-clob.polymarket.com/ws/market"),
                URI.create("wss://ws-subscriptions-clob.polymarket.com/ws/user"),
                PolymarketChain.POLYGON,
                mode,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                true,
                ExchangeOrder.NO_BYTES,
                SOCKETS);
    }

    /**
     * Every service on one host: a simulated venue, or a mirror.
     *
     * @param http as in {@code http://127.0.0.1:8080}; Gamma is below {@code /gamma} of it, the data API below
     *     {@code /data-api}, the websockets below {@code /ws}
     * @param geoblock whether it answers {@code /api/geoblock}
     */
    public static PolymarketConfig oneHost(URI http, boolean geoblock, Mode mode) {
        var ws = URI.create((http.getScheme().equals("https") ? "wss" : "ws") + "://" + http.getRawAuthority());
        var production = production(mode);
        return new PolymarketConfig(
                http,
                ClobRequests.at(http, "/gamma"),
                ClobRequests.at(http, "/data-api"),
                geoblock ? http.resolve("/api/geoblock") : null,
                ws.resolve("/ws/market"),
                ws.resolve("/ws/user"),
                production.chain,
                mode,
                production.readLag,
                production.maxClockOffset,
                production.heartbeats,
                production.builder,
                production.sockets);
    }
}

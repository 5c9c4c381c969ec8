package sluice.venues.marketdata;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sluice.avro.Leg;
import sluice.avro.Signal;
import sluice.domain.MarketId;
import sluice.domain.Venue;

/**
 * The markets that a signal names, whatever else may be wrong with it: ingress judges it, and a market is followed in
 * time for the next one.
 */
final class SignalledMarket {
    private static final int MOST_BYTES = 65_536;
    private static final int DEEPEST = 16;
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
    }

    private SignalledMarket() {}

    static List<MarketId> of(Signal signal) {
        var markets = new ArrayList<MarketId>();
        market(String.valueOf(signal.getPlatform()), signal.getMarketId()).ifPresent(markets::add);
        for (Leg leg : signal.getLegs()) {
            market(String.valueOf(leg.getPlatform()), leg.getMarketId()).ifPresent(markets::add);
        }
        return markets;
    }

    /** From a signal in JSON; empty where it cannot be read or names none. */
    static List<MarketId> of(byte[] json) {
        if (json.length > MOST_BYTES) {
            return List.of();
        }
        try {
            var signal = JSON.readTree(json);
            return market(
                            signal.path("platform").asText(),
                            signal.path("market_id").asText())
                    .stream()
                    .toList();
        } catch (IOException e) {
            // Not JSON, or bytes that are no text in any encoding.
            return List.of();
        }
    }

    private static Optional<MarketId> market(String platform, String id) {
        try {
            return Optional.of(new MarketId(Venue.valueOf(platform.toUpperCase(Locale.ROOT)), id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

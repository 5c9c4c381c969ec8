package sluice.venues.recording.generator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.Micros;
import sluice.domain.Price;
import sluice.domain.Side;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.venues.recording.RecordedEvent.RawSignalEvent;

/** Writes the sample signals, good ones and every kind of bad one, as JSON records. */
final class SignalMaker {
    /** What a signal is to show. */
    enum Kind {
        /** Takes what is offered, within the limit. */
        TAKE(202),
        /** Rests at the best bid until cancelled. */
        REST(18),
        /** Rests, and would rather be refused than take. */
        POST_ONLY(10),
        /** Sells what an earlier signal bought. */
        SELL(22),
        /** An earlier signal again, byte for byte. */
        SAME_AGAIN(8),
        /** An earlier signal again, with a new request id. */
        NEW_REQUEST(6),
        /** An earlier key with another price. */
        CONFLICT(6),
        /** Made ten seconds ago. */
        STALE(6),
        /** 5,000 contracts. */
        OVERSIZED(5),
        /** For a market without a quote. */
        NO_QUOTE(2),
        /** Without a limit price. */
        NO_PRICE(2),
        /** For a market that nobody knows. */
        UNKNOWN_MARKET(3),
        /** A price between two ticks. */
        OFF_TICK(4),
        /** Text that is not JSON. */
        BROKEN_JSON(4),
        /** Bytes that are not text. */
        NO_TEXT(2),
        /** JSON with a field of the wrong type or a word that does not exist. */
        WRONG_TYPE(4);

        private final int count;

        Kind(int count) {
            this.count = count;
        }

        int count() {
            return count;
        }
    }

    private static final long TYPICAL_AGE_MILLIS = 140;

    /** A good buy, remembered for signals that refer to it. */
    record Sent(
            SequencedMap<String, String> fields,
            String account,
            BookMaker book,
            Side side,
            int contracts,
            int second) {}

    private final Dice dice;
    private final List<Sent> sent = new ArrayList<>();
    private int number;

    SignalMaker(Dice dice) {
        this.dice = dice;
    }

    List<Sent> sent() {
        return sent;
    }

    /** A buy of {@code side}; null if the book offers nothing at a price worth asking for. */
    @Nullable
    RawSignalEvent buy(Kind kind, BookMaker book, Side side, long at, int second) {
        Price offered = book.buyPrice(side);
        Price bid = book.sellPrice(side);
        if (offered == null || bid == null || outside(offered) || outside(bid)) {
            return null;
        }
        boolean rests = kind == Kind.REST || kind == Kind.POST_ONLY;
        long slip = rests || dice.chance(0.6) ? 0 : book.tickMicros();
        Price limit = rests ? bid : new Price(Math.min(offered.micros() + slip, 970_000));
        if (kind == Kind.OFF_TICK) {
            limit = new Price(limit.micros() + book.tickMicros() / 2);
        }
        int contracts = kind == Kind.OVERSIZED ? 5_000 : dice.between(1, 8) * 5;
        SequencedMap<String, String> fields = fields(book.market(), side, limit, contracts, edgeMicros());
        fields.put("time_in_force", rests ? "GTC" : "IOC");
        if (kind == Kind.POST_ONLY) {
            fields.put("post_only", "true");
        }
        fields.put("created_at", time(at - (kind == Kind.STALE ? 10_000 : age())));
        if (kind == Kind.TAKE) {
            sent.add(new Sent(fields, String.valueOf(fields.get("account")), book, side, contracts, second));
        }
        return event(at, fields);
    }

    private static boolean outside(Price price) {
        return price.micros() < 60_000 || price.micros() > 930_000;
    }

    /** Claimed edge: from 3 to 25 points, mostly small. */
    private long edgeMicros() {
        double points = StrictMath.max(3, StrictMath.min(25, dice.skewed(4, 8, 18)));
        return StrictMath.round(points * 10) * 1_000;
    }

    private long age() {
        return TYPICAL_AGE_MILLIS + dice.between(-25, 25);
    }

    /** Sells a part of what {@code bought} asked for; null if nobody bids. */
    @Nullable
    RawSignalEvent sell(Sent bought, long at) {
        Price bid = bought.book.sellPrice(bought.side);
        if (bid == null || outside(bid)) {
            return null;
        }
        int contracts = Math.max(1, bought.contracts / 2);
        SequencedMap<String, String> fields = fields(bought.book.market(), bought.side, bid, contracts, 0);
        fields.put("account", bought.account);
        fields.put("strategy", String.valueOf(bought.fields.get("strategy")));
        fields.put("action", "sell");
        fields.put("signal_type", "TakeProfit");
        fields.remove("edge_pct");
        fields.put("model_price", Micros.text(Math.max(bid.micros() - 30_000, 10_000)));
        fields.put("time_in_force", "IOC");
        fields.put("created_at", time(at - age()));
        return event(at, fields);
    }

    /** An earlier signal again, as {@code kind} wants it. */
    RawSignalEvent again(Kind kind, Sent earlier, long at) {
        SequencedMap<String, String> fields = new LinkedHashMap<>(earlier.fields);
        if (kind != Kind.SAME_AGAIN) {
            number++;
            fields.put("request_id", "req-" + number);
            fields.put("created_at", time(at - age()));
        }
        if (kind == Kind.CONFLICT) {
            long limit = Micros.parse(String.valueOf(fields.get("limit_price")));
            fields.put("limit_price", Micros.text(limit - 2L * earlier.book.tickMicros()));
        }
        return event(at, fields);
    }

    /** A signal that does not get as far as a price. */
    RawSignalEvent bad(Kind kind, int variant, Market market, Market unquoted, long at) {
        Market named = kind == Kind.NO_QUOTE ? unquoted : market;
        SequencedMap<String, String> fields = fields(named, Side.YES, Price.HALF, 10, 100_000);
        fields.put("time_in_force", "IOC");
        fields.put("created_at", time(at - age()));
        if (kind == Kind.NO_PRICE) {
            fields.remove("limit_price");
        } else if (kind == Kind.UNKNOWN_MARKET) {
            fields.put("market_id", "KXGENHOOPS-26FEB01NOWHERE-" + variant);
        }
        String json = json(fields);
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        if (kind == Kind.BROKEN_JSON) {
            bytes = broken(json, variant).getBytes(StandardCharsets.UTF_8);
        } else if (kind == Kind.NO_TEXT) {
            bytes = variant % 2 == 0
                    ? new byte[] {0, 0, 0, 0, 7, 12, 100, 101, 109, 111}
                    : new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0, '}', (byte) 0xc3, '('};
        } else if (kind == Kind.WRONG_TYPE) {
            bytes = wrong(fields, variant).getBytes(StandardCharsets.UTF_8);
        }
        return new RawSignalEvent(at, "main", bytes);
    }

    private static String broken(String json, int variant) {
        return switch (variant % 4) {
            case 0 -> json.substring(0, json.length() * 2 / 3);
            case 1 -> json + ",";
            case 2 -> json.replace("\"size\":", "size=");
            default -> "buy 10 yes at 50";
        };
    }

    private static String wrong(SequencedMap<String, String> fields, int variant) {
        String json = json(fields);
        return switch (variant % 4) {
            case 0 -> json.replace("\"size\":\"10\"", "\"size\":{\"contracts\":10}");
            case 1 -> json.replace("\"side\":\"yes\"", "\"side\":\"maybe\"");
            case 2 -> json.replace("\"limit_price\":\"0.5\"", "\"limit_price\":\"half\"");
            default -> json.replace("\"market_id\":\"", "\"market_id\":42,\"note\":\"");
        };
    }

    private SequencedMap<String, String> fields(Market market, Side side, Price limit, int contracts, long edgeMicros) {
        number++;
        boolean alt = dice.chance(0.25);
        String strategy = market.category().equals("soccer")
                ? "soccer-model"
                : market.id().venue() == Venue.POLYMARKET ? "venue-gap" : "hoops-model";
        SequencedMap<String, String> fields = new LinkedHashMap<>();
        fields.put("request_id", "req-" + number);
        fields.put("idempotency_key", strategy + "-" + number);
        fields.put("account", alt ? "alt" : "main");
        fields.put("strategy", strategy);
        fields.put("platform", market.id().venue().name().toLowerCase(Locale.ROOT));
        fields.put("market_id", market.id().id());
        String token = side == Side.YES ? market.yesTokenId() : market.noTokenId();
        if (token != null) {
            fields.put("token_id", token);
        }
        fields.put("contract_team", market.title());
        fields.put("game_id", String.valueOf(market.event()));
        fields.put("sport", market.category());
        fields.put("signal_id", "sig-" + number);
        fields.put("signal_type", side == Side.YES ? "ModelEdgeYes" : "ModelEdgeNo");
        long model = Math.min(limit.micros() + edgeMicros, 990_000);
        fields.put("edge_pct", Micros.text((model - limit.micros()) * 100));
        fields.put("side", side.name().toLowerCase(Locale.ROOT));
        fields.put("limit_price", limit.toString());
        fields.put("size", Integer.toString(contracts));
        fields.put("model_price", Micros.text(model));
        return fields;
    }

    private static RawSignalEvent event(long at, SequencedMap<String, String> fields) {
        return new RawSignalEvent(at, fields.get("account"), json(fields).getBytes(StandardCharsets.UTF_8));
    }

    /** No value needs escaping; numbers are strings, so that no reader puts them through floating point. */
    private static String json(SequencedMap<String, String> fields) {
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> {
            json.append(json.length() > 1 ? "," : "").append('"').append(name).append("\":");
            json.append(name.equals("post_only") ? value : '"' + value + '"');
        });
        return json.append('}').toString();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}

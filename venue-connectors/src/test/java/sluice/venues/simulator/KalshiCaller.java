package sluice.venues.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/** Signs requests as a Kalshi client would, with an Ed25519 key made for the test. */
public final class KalshiCaller {
    public static final String KEY = "3f1c1c40-98f5-4a53-8ab5-8b7dd0f5a001";
    public static final String TICKER = "KXTSTHIGH-26NOV20-T60";

    private final KeyPair pair;

    public KalshiCaller() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Alice has 1,000 dollars on shard 0, and there is one market. */
    public ObjectNode setup() {
        ObjectNode setup = Served.JSON.createObjectNode();
        ObjectNode alice =
                setup.putArray("accounts").addObject().put("name", "alice").put("tier", "prestige");
        alice.putObject("cash").put("0", "1000.00");
        alice.putArray("keys").addObject().put("id", KEY).put("publicKey", publicKey());
        setup.putArray("markets")
                .addObject()
                .put("ticker", TICKER)
                .put("event", "KXTSTHIGH-26NOV20")
                .put("series", "KXTSTHIGH");
        return setup;
    }

    public String publicKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    public Map<String, String> headers(String method, String path, long at) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(pair.getPrivate());
            int query = path.indexOf('?');
            signer.update(
                    (at + method + (query < 0 ? path : path.substring(0, query))).getBytes(StandardCharsets.UTF_8));
            return Map.of(
                    "KALSHI-ACCESS-KEY",
                    KEY,
                    "KALSHI-ACCESS-TIMESTAMP",
                    String.valueOf(at),
                    "KALSHI-ACCESS-SIGNATURE",
                    Base64.getEncoder().encodeToString(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public Served.Response call(Served served, String method, String path, String body) throws IOException {
        String full = "/trade-api/v2" + path;
        return served.call(method, full, headers(method, full, System.currentTimeMillis()), body);
    }

    public Served.Response create(
            Served served, String clientId, String side, String price, String count, String timeInForce)
            throws IOException {
        ObjectNode order = Served.JSON
                .createObjectNode()
                .put("ticker", TICKER)
                .put("client_order_id", clientId)
                .put("side", side)
                .put("count", count)
                .put("price", price)
                .put("time_in_force", timeInForce)
                .put("self_trade_prevention_type", "taker_at_cross");
        return call(served, "POST", "/portfolio/events/orders", order.toString());
    }

    public static String levels(String bid, String bidSize, String ask, String askSize) {
        return "{\"market\":\"" + TICKER + "\",\"bids\":[[\"" + bid + "\",\"" + bidSize + "\"]],\"asks\":[[\"" + ask
                + "\",\"" + askSize + "\"]]}";
    }

    /** Whether every key of a sample is also in what is served, at every level; first rows of lists are compared. */
    public static String missing(JsonNode sample, JsonNode served, String at) {
        if (sample.isObject()) {
            for (Map.Entry<String, JsonNode> entry : sample.properties()) {
                if (!served.has(entry.getKey())) {
                    return at + "." + entry.getKey();
                }
                String inner = missing(entry.getValue(), served.get(entry.getKey()), at + "." + entry.getKey());
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
        } else if (sample.isArray() && !sample.isEmpty() && !served.isEmpty()) {
            return missing(sample.get(0), served.get(0), at + "[0]");
        } else if (sample.isTextual() != served.isTextual() && !served.isNull() && !sample.isNull()) {
            return at + " is " + served + ", not like " + sample;
        }
        return "";
    }
}

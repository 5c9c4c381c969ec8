package sluice.venues.simulator.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.Venue;
import sluice.venues.simulator.core.Exchange;
import sluice.venues.simulator.core.Market;

/**
 * A node of the venue's chain, as far as a trader reads it: JSON-RPC answered from the simulated ledger. Every wallet
 * of the setup has approved every exchange; nothing can be sent.
 */
final class ChainNode {
    private static final String COLLATERAL = "0xc011a7e12a19f7b1f670d46f03b03f3342e82dfb";
    private static final String CONDITIONAL_TOKENS = "0x4d97dcd97ec945f40cf65f87097ace5ea0476045";
    private static final BigInteger ALL = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    private static final String BALANCE = selector("balanceOf(address)");
    private static final String ALLOWANCE = selector("allowance(address,address)");
    private static final String TOKEN_BALANCE = selector("balanceOf(address,uint256)");
    private static final String APPROVED = selector("isApprovedForAll(address,address)");
    private static final String DENOMINATOR = selector("payoutDenominator(bytes32)");
    private static final String NUMERATORS = selector("payoutNumerators(bytes32,uint256)");

    /** A call to a contract: the selector of its function, and the arguments as numbers. */
    private record Call(String function, List<BigInteger> words) {
        String address(int index) {
            return index < words.size() ? "0x" + String.format("%040x", words.get(index)) : "";
        }

        BigInteger number(int index) {
            return index < words.size() ? words.get(index) : BigInteger.ZERO;
        }

        String bytes32(int index) {
            return "0x" + String.format("%064x", number(index));
        }
    }

    private final ObjectMapper json;
    private final Venue venue;
    private final long chainId;
    private final Set<String> exchanges;
    private final Set<String> wallets;
    private final Map<String, String> marketOfToken;

    /**
     * @param exchanges contracts that wallets have approved, in lower case
     * @param wallets addresses that have approved them, in lower case
     * @param marketOfToken the market of a token's decimal id
     */
    ChainNode(
            ObjectMapper json,
            Venue venue,
            long chainId,
            Set<String> exchanges,
            Set<String> wallets,
            Map<String, String> marketOfToken) {
        this.json = json;
        this.venue = venue;
        this.chainId = chainId;
        this.exchanges = exchanges;
        this.wallets = wallets;
        this.marketOfToken = marketOfToken;
    }

    private static String selector(String signature) {
        byte[] hash = Eip712.keccak(signature.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(hash, 4));
    }

    /** The answer to one request. */
    ObjectNode answer(JsonNode request) {
        ObjectNode answer = json.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", request.path("id"));
        switch (request.path("method").asText()) {
            case "eth_chainId" -> answer.put("result", "0x" + Long.toHexString(chainId));
            case "eth_call" -> {
                JsonNode call = request.path("params").path(0);
                BigInteger result = result(
                        call.path("to").asText().toLowerCase(Locale.ROOT),
                        call.path("data").asText(call.path("input").asText()));
                answer.put("result", result == null ? "0x" : String.format("0x%064x", result));
            }
            default ->
                answer.putObject("error")
                        .put("code", -32601)
                        .put(
                                "message",
                                "the method " + request.path("method").asText() + " does not exist/is not available");
        }
        return answer;
    }

    private @Nullable BigInteger result(String contract, String data) {
        Call call = call(data);
        if (call == null) {
            return null;
        }
        return switch (contract) {
            case COLLATERAL -> collateral(call);
            case CONDITIONAL_TOKENS -> tokens(call);
            default -> null;
        };
    }

    private static @Nullable Call call(String data) {
        if (!data.matches("0x[0-9a-fA-F]{8}([0-9a-fA-F]{64})*")) {
            return null;
        }
        List<BigInteger> words = java.util.stream.IntStream.range(0, (data.length() - 10) / 64)
                .mapToObj(i -> new BigInteger(data.substring(10 + i * 64, 74 + i * 64), 16))
                .toList();
        return new Call(data.substring(2, 10).toLowerCase(Locale.ROOT), words);
    }

    private @Nullable BigInteger collateral(Call call) {
        if (call.function.equals(BALANCE)) {
            return venue.live(e -> BigInteger.valueOf(Math.max(0, e.cash(call.address(0), ""))));
        }
        return call.function.equals(ALLOWANCE) ? approved(call) ? ALL : BigInteger.ZERO : null;
    }

    private boolean approved(Call call) {
        return wallets.contains(call.address(0)) && exchanges.contains(call.address(1));
    }

    private @Nullable BigInteger tokens(Call call) {
        if (call.function.equals(APPROVED)) {
            return approved(call) ? BigInteger.ONE : BigInteger.ZERO;
        }
        if (call.function.equals(TOKEN_BALANCE)) {
            return held(call.address(0), call.number(1).toString());
        }
        if (call.function.equals(DENOMINATOR)) {
            return ofResult(call.bytes32(0), market -> Exchange.ONE);
        }
        if (call.function.equals(NUMERATORS)) {
            boolean yes = call.number(1).signum() == 0;
            return ofResult(call.bytes32(0), market -> yes ? market.yesValue : Exchange.ONE - market.yesValue);
        }
        return null;
    }

    private BigInteger held(String wallet, String token) {
        String id = marketOfToken.get(token);
        return venue.live(e -> {
            Market market = id == null ? null : e.market(id);
            Exchange.Position position =
                    market == null ? null : e.positions(wallet).get(id);
            if (market == null || position == null) {
                return BigInteger.ZERO;
            }
            return BigInteger.valueOf(PolymarketJson.token(market, true).equals(token) ? position.yes : position.no);
        });
    }

    /** Zero until the market has its result, as on the chain. */
    private BigInteger ofResult(String condition, Function<Market, Long> told) {
        return venue.live(e -> {
            Market market = e.market(condition);
            return market == null || !PolymarketJson.resolved(market)
                    ? BigInteger.ZERO
                    : BigInteger.valueOf(told.apply(market));
        });
    }
}

package sluice.venues.polymarket;

import sluice.domain.market.Market;

/**
 * The chain that orders are signed for: its contracts and the versions of their signatures.
 *
 * @param domainName name under which the exchanges check signatures
 * @param exchanges the exchange contracts, with the version each one checks
 * @param collateral the token that dollars are
 * @param conditionalTokens the contract of the outcome tokens
 * @param negRiskAdapter has to be approved as well where a market is neg-risk
 */
public record PolymarketChain(
        long chainId,
        String domainName,
        Exchanges exchanges,
        Address collateral,
        Address conditionalTokens,
        Address negRiskAdapter) {
    /** Which exchange a market trades on. */
    public enum ExchangeKind {
        STANDARD(0),
        NEG_RISK(1),
        /** The one exchange of Protocol V2, for ordinary and neg-risk markets alike. */
        UNIFIED(2);

        private final int index;

        ExchangeKind(int index) {
            this.index = index;
        }

        /** How a market's data names it: its exchange index. */
        public int index() {
            return index;
        }

        /**
         * The exchange of a market.
         *
         * @throws IllegalArgumentException if its data names none: signing for the wrong one makes another order
         */
        static ExchangeKind of(Market market) {
            for (var kind : values()) {
                if (market.exchangeIndex() != null && market.exchangeIndex() == kind.index) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    market.id() + " names exchange " + market.exchangeIndex()
                            + "; 0 (standard), 1 (neg-risk) or 2 (V3) is wanted, so its data must be read from the venue first");
        }
    }

    /** An exchange contract and the version of its signatures. */
    public record Exchange(Address contract, String domainVersion) {}

    /** One exchange for each kind. */
    public record Exchanges(Exchange standard, Exchange negRisk, Exchange unified) {
        public Exchange of(ExchangeKind kind) {
            return switch (kind) {
                case STANDARD -> standard;
                case NEG_RISK -> negRisk;
                case UNIFIED -> unified;
            };
        }
    }

    private static final String DOMAIN_NAME = "Polymarket CTF Exchange";

    /** Polygon, as documented in autumn 2026. */
    public static final PolymarketChain POLYGON = new PolymarketChain(
            137,
            DOMAIN_NAME,
            new Exchanges(
                    new Exchange(new Address("0xE111180000d2663C0091e4f400237545B87B996B"), "2"),
                    new Exchange(new Address("0xe2222d279d744050d28e00520010520000310F59"), "2"),
                    new Exchange(new Address("0xe3333700cA9d93003F00f0F71f8515005F6c00Aa"), "3")),
            new Address("0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB"),
            new Address("0x4D97DCd97eC945f40cF65F87097ACe5EA0476045"),
            new Address("0xd91E80cF2E7be2e162c6513ceD06f1dD0dA35296"));

    /** The test chain, as documented in autumn 2026. */
    public static final PolymarketChain AMOY = new PolymarketChain(
            80002,
            DOMAIN_NAME,
            new Exchanges(
                    POLYGON.exchanges.standard,
                    POLYGON.exchanges.negRisk,
                    new Exchange(new Address("0x9fE6e61422AdB6F610d8597F9684b16912D50C3D"), "3")),
            POLYGON.collateral,
            new Address("0x69308FB512518e39F9b16112fA8d994F4e2Bf8bB"),
            POLYGON.negRiskAdapter);

    /** Separator of the domain that an exchange checks signatures under. */
    byte[] domainSeparator(Exchange exchange) {
        return Eip712.domainSeparator(domainName, exchange.domainVersion(), chainId, exchange.contract());
    }
}

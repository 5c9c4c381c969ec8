package sluice.domain;

/**
 * Where a contract trades. Simulated orders keep the venue whose book and fees they are filled with; PAPER names a
 * market that exists nowhere else.
 */
public enum Venue {
    KALSHI,
    POLYMARKET,
    PAPER;

    /**
     * Whether holding YES and NO of one market closes the pairs at one dollar each, at once. Kalshi keeps one signed
     * position a market; at Polymarket the two are different tokens and stay until they are merged or settled. Whoever
     * counts positions or cash asks here, so that our books and a simulated venue's cannot differ on it.
     */
    public boolean netsPairs() {
        return switch (this) {
            case KALSHI -> true;
            case POLYMARKET, PAPER -> false;
        };
    }
}

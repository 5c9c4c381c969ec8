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
     * Whether holding YES and NO of one market closes the pair at one dollar at once, as Kalshi does; Polymarket keeps
     * both until they are merged or the market settles.
     */
    public boolean netsPairs() {
        return this == KALSHI;
    }
}

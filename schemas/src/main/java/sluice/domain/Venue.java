package sluice.domain;

/**
 * Where a contract trades. Simulated orders keep the venue whose book and fees they are filled with; PAPER names a
 * market that exists nowhere else.
 */
public enum Venue {
    KALSHI,
    POLYMARKET,
    PAPER
}

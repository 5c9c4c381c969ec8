package sluice.domain.market;

/** Formula of a venue's fee. */
public enum FeeModel {
    NONE,
    KALSHI,
    POLYMARKET
}

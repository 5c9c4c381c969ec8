package sluice.venues.api;

import sluice.domain.Money;

/**
 * Cash as the venue tells of it.
 *
 * @param bucket shard or sub-account; empty where there is one
 * @param total all cash
 * @param available cash not held for open orders
 */
public record Balance(String bucket, Money total, Money available) {}

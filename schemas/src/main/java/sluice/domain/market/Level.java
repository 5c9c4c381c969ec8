package sluice.domain.market;

import sluice.domain.Price;
import sluice.domain.Quantity;

/** One price level of a book. */
public record Level(Price price, Quantity quantity) {}

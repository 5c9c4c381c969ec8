package sluice.domain;

/** Whether contracts of the side are bought or sold. */
public enum Action {
    BUY,
    SELL
}

package sluice.domain;

/** The outcome that a contract pays on. */
public enum Side {
    YES,
    NO;

    public Side other() {
        return this == YES ? NO : YES;
    }
}

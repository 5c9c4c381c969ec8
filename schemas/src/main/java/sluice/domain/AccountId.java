package sluice.domain;

/** Name of an account of ours. */
public record AccountId(String value) implements Comparable<AccountId> {
    /** Stands for every account, in records that concern all of them. */
    public static final AccountId ALL = new AccountId("*");

    public AccountId {
        Names.require("AccountId", value);
    }

    @Override
    public int compareTo(AccountId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

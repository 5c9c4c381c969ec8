package sluice.venues.polymarket;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * An account or contract on the chain.
 *
 * @param text {@code 0x} and 40 hex digits, upper and lower case as EIP-55 checks them
 */
public record Address(String text) {
    private static final int BYTES = 20;

    public Address {
        text = checksummed(text);
    }

    /** The address of 20 bytes. */
    public static Address of(byte[] bytes) {
        return new Address("0x" + HexFormat.of().formatHex(bytes));
    }

    /** The 20 bytes. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    /** Whether {@code other} names this address, in whatever case. */
    public boolean is(String other) {
        return text.equalsIgnoreCase(other);
    }

    @Override
    public String toString() {
        return text;
    }

    private static String checksummed(String text) {
        var digits = text.startsWith("0x") ? text.substring(2) : text;
        var lower = digits.toLowerCase(Locale.ROOT);
        if (lower.length() != 2 * BYTES || !lower.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new IllegalArgumentException("address \"" + text + "\" is not 0x and 40 hex digits");
        }
        byte[] hash = Eip712.keccak(lower.getBytes(StandardCharsets.US_ASCII));
        var cased = new StringBuilder("0x");
        for (int i = 0; i < lower.length(); i++) {
            int nibble = (hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xf;
            char c = lower.charAt(i);
            cased.append(nibble >= 8 ? Character.toUpperCase(c) : c);
        }
        var mixed = !digits.equals(lower) && !digits.equals(digits.toUpperCase(Locale.ROOT));
        if (mixed && !cased.substring(2).equals(digits)) {
            throw new IllegalArgumentException(
                    "address " + text + " fails its own checksum; expected " + cased + ", so a character was mistyped");
        }
        return cased.toString();
    }
}

package sluice.venues.polymarket;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.jspecify.annotations.Nullable;

/** Hashes of typed data, as EIP-712 says. Every value takes one word of 32 bytes; texts and byte arrays are hashed. */
final class Eip712 {
    static final int WORD = 32;

    private static final byte[] EXCHANGE_DOMAIN =
            hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final byte[] PLAIN_DOMAIN = hash("EIP712Domain(string name,string version,uint256 chainId)");
    private static final byte[] PREFIX = {0x19, 0x01};

    private Eip712() {}

    /** Keccak-256 of the parts put together. */
    static byte[] keccak(byte[]... parts) {
        var digest = new KeccakDigest(8 * WORD);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[WORD];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** How a text stands in a struct, and how a type is named in one. */
    static byte[] hash(String text) {
        return keccak(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Separator of a domain; one without a contract has another type, not a contract of zero. */
    static byte[] domainSeparator(String name, String version, long chainId, @Nullable Address contract) {
        return contract == null
                ? keccak(PLAIN_DOMAIN, hash(name), hash(version), word(chainId))
                : keccak(EXCHANGE_DOMAIN, hash(name), hash(version), word(chainId), word(contract));
    }

    /** What is signed. */
    static byte[] digest(byte[] domainSeparator, byte[] structHash) {
        return keccak(PREFIX, domainSeparator, structHash);
    }

    static byte[] word(long value) {
        if (value < 0) {
            throw new IllegalArgumentException(value + " is negative; only unsigned numbers are signed");
        }
        return word(BigInteger.valueOf(value));
    }

    static byte[] word(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 8 * WORD) {
            throw new IllegalArgumentException(value + " is not an unsigned number of 256 bits");
        }
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[WORD];
        int taken = Math.min(bytes.length, WORD);
        System.arraycopy(bytes, bytes.length - taken, word, WORD - taken, taken);
        return word;
    }

    static byte[] word(Address address) {
        byte[] word = new byte[WORD];
        byte[] bytes = address.bytes();
        System.arraycopy(bytes, 0, word, WORD - bytes.length, bytes.length);
        return word;
    }

    /** The 32 bytes that {@code 0x} and 64 digits write. */
    static byte[] bytes32(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
        if (bytes.length != WORD) {
            throw new IllegalArgumentException(hex + " has " + bytes.length + " bytes; 32 are wanted");
        }
        return bytes;
    }

    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}

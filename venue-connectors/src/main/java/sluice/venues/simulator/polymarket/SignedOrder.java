package sluice.venues.simulator.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An order as a client signed it. Amounts are millionths.
 *
 * @param expiration Unix seconds, 0 for none; not signed
 */
record SignedOrder(
        BigInteger salt,
        String maker,
        String signer,
        BigInteger tokenId,
        long makerAmount,
        long takerAmount,
        boolean buy,
        int signatureType,
        BigInteger timestamp,
        String metadata,
        String builder,
        long expiration,
        String signature) {
    static final String TYPE =
            "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,"
                    + "uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";
    private static final String WRAPPED =
            "TypedDataSign(Order contents,string name,string version,uint256 chainId,address verifyingContract,"
                    + "bytes32 salt)" + TYPE;
    private static final String NONE = "0x" + "0".repeat(64);
    private static final BigInteger LARGEST_SALT = BigInteger.TWO.pow(53).subtract(BigInteger.ONE);

    /** @throws IllegalArgumentException if it is not what the venue calls an order */
    static SignedOrder read(JsonNode node) {
        JsonNode salt = node.path("salt");
        if (!salt.isIntegralNumber() || salt.bigIntegerValue().compareTo(LARGEST_SALT) > 0) {
            throw new IllegalArgumentException("salt");
        }
        String side = string(node, "side");
        if (!side.equals("BUY") && !side.equals("SELL")) {
            throw new IllegalArgumentException("side");
        }
        if (!node.path("signatureType").isIntegralNumber()) {
            throw new IllegalArgumentException("signatureType");
        }
        String metadata = node.path("metadata").asText("");
        return new SignedOrder(
                salt.bigIntegerValue(),
                string(node, "maker").toLowerCase(Locale.ROOT),
                string(node, "signer").toLowerCase(Locale.ROOT),
                new BigInteger(string(node, "tokenId")),
                amount(node, "makerAmount"),
                amount(node, "takerAmount"),
                side.equals("BUY"),
                node.path("signatureType").asInt(),
                new BigInteger(string(node, "timestamp")),
                metadata.isEmpty() ? NONE : metadata,
                string(node, "builder"),
                Long.parseLong(string(node, "expiration")),
                hex(string(node, "signature")));
    }

    private static String hex(String text) {
        return Eip712.hex(Eip712.bytes(text));
    }

    private static String string(JsonNode node, String field) {
        if (!node.path(field).isTextual()) {
            throw new IllegalArgumentException(field);
        }
        return node.path(field).asText();
    }

    private static long amount(JsonNode node, String field) {
        long amount = Long.parseLong(string(node, field));
        if (amount <= 0) {
            throw new IllegalArgumentException(field);
        }
        return amount;
    }

    byte[] structHash() {
        return Eip712.keccak(
                Eip712.text(TYPE),
                Eip712.word(salt),
                Eip712.address(maker),
                Eip712.address(signer),
                Eip712.word(tokenId),
                Eip712.word(makerAmount),
                Eip712.word(takerAmount),
                Eip712.word(buy ? 0 : 1),
                Eip712.word(signatureType),
                Eip712.word(timestamp),
                Eip712.bytes(metadata),
                Eip712.bytes(builder));
    }

    /** The order's id at an exchange: the typed-data digest, whatever the kind of signature. */
    String hash(byte[] domainSeparator) {
        return Eip712.hex(Eip712.digest(domainSeparator, structHash()));
    }

    /** Who signed it for an exchange, in lower case; null if the signature cannot be one for it. */
    @Nullable
    String signedBy(byte[] domainSeparator, long chainId) {
        if (signatureType != 3) {
            return Eip712.signer(Eip712.digest(domainSeparator, structHash()), Eip712.bytes(signature));
        }
        byte[] signature = Eip712.bytes(this.signature);
        byte[] type = TYPE.getBytes(StandardCharsets.UTF_8);
        int end = 65 + 32 + 32;
        boolean shaped = signature.length == end + type.length + 2
                && Arrays.equals(Arrays.copyOfRange(signature, 65, 97), domainSeparator)
                && Arrays.equals(Arrays.copyOfRange(signature, 97, end), structHash())
                && Arrays.equals(Arrays.copyOfRange(signature, end, end + type.length), type)
                && (((signature[signature.length - 2] & 0xff) << 8) | (signature[signature.length - 1] & 0xff))
                        == type.length;
        if (!shaped) {
            return null;
        }
        byte[] wrapped = Eip712.keccak(
                Eip712.text(WRAPPED),
                structHash(),
                Eip712.text("DepositWallet"),
                Eip712.text("1"),
                Eip712.word(chainId),
                Eip712.address(maker),
                new byte[32]);
        return Eip712.signer(Eip712.digest(domainSeparator, wrapped), Arrays.copyOfRange(signature, 0, 65));
    }

    /** Shares, in millionths. */
    long shares() {
        return buy ? takerAmount : makerAmount;
    }

    /** Collateral, in millionths of a dollar. */
    long collateral() {
        return buy ? makerAmount : takerAmount;
    }
}

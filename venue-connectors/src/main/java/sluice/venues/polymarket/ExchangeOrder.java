package sluice.venues.polymarket;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sluice.domain.Action;

/**
 * The order as it is signed, for V2 and V3 exchanges alike. Amounts are in millionths of a dollar or of a share.
 *
 * @param salt makes the hash unique; at most 2^53 - 1, because it leaves as a JSON number
 * @param maker wallet that holds the funds
 * @param signer account that signs; the wallet itself for {@link SignatureType#POLY_1271}
 * @param makerAmount the most that is given: dollars for a buy, shares for a sale
 * @param takerAmount the least that is wanted for all of it
 * @param timestampMillis when it was made; not an expiry
 * @param metadata 32 bytes in hex
 * @param builder 32 bytes in hex
 */
record ExchangeOrder(
        long salt,
        Address maker,
        Address signer,
        BigInteger tokenId,
        long makerAmount,
        long takerAmount,
        Action side,
        SignatureType signatureType,
        long timestampMillis,
        String metadata,
        String builder) {
    static final long LARGEST_SALT = (1L << 53) - 1;
    static final String NO_BYTES = "0x" + "0".repeat(2 * Eip712.WORD);

    private static final String TYPE = "Order(uint256 salt,address maker,address signer,uint256 tokenId,"
            + "uint256 makerAmount,uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,"
            + "bytes32 metadata,bytes32 builder)";
    private static final byte[] TYPE_BYTES = TYPE.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE_HASH = Eip712.keccak(TYPE_BYTES);

    /** What the owner of a deposit wallet signs instead: the order, wrapped so that it names the wallet (ERC-7739). */
    private static final byte[] WRAPPED_TYPE_HASH = Eip712.hash(
            "TypedDataSign(Order contents,string name,string version,uint256 chainId,address verifyingContract,"
                    + "bytes32 salt)" + TYPE);

    private static final byte[] WALLET_NAME = Eip712.hash("DepositWallet");
    private static final byte[] WALLET_VERSION = Eip712.hash("1");

    ExchangeOrder {
        if (salt < 0 || salt > LARGEST_SALT) {
            throw new IllegalArgumentException("salt " + salt + " is not from 0 to 2^53 - 1");
        }
    }

    byte[] structHash() {
        return Eip712.keccak(
                TYPE_HASH,
                Eip712.word(salt),
                Eip712.word(maker),
                Eip712.word(signer),
                Eip712.word(tokenId),
                Eip712.word(makerAmount),
                Eip712.word(takerAmount),
                Eip712.word(side == Action.BUY ? 0 : 1),
                Eip712.word(signatureType.code()),
                Eip712.word(timestampMillis),
                Eip712.bytes32(metadata),
                Eip712.bytes32(builder));
    }

    /** The venue's order id: the digest of the plain order, whatever kind of wallet signs. */
    byte[] hash(byte[] domainSeparator) {
        return Eip712.digest(domainSeparator, structHash());
    }

    /** The digest that the key signs. */
    byte[] signedDigest(byte[] domainSeparator, long chainId) {
        return switch (signatureType) {
            case EOA, POLY_PROXY, POLY_GNOSIS_SAFE -> hash(domainSeparator);
            case POLY_1271 ->
                Eip712.digest(
                        domainSeparator,
                        Eip712.keccak(
                                WRAPPED_TYPE_HASH,
                                structHash(),
                                WALLET_NAME,
                                WALLET_VERSION,
                                Eip712.word(chainId),
                                Eip712.word(signer),
                                new byte[Eip712.WORD]));
        };
    }

    /** The signature as the exchange wants it. */
    byte[] signature(WalletKey key, byte[] domainSeparator, long chainId) {
        byte[] signed = key.sign(signedDigest(domainSeparator, chainId));
        return switch (signatureType) {
            case EOA, POLY_PROXY, POLY_GNOSIS_SAFE -> signed;
            case POLY_1271 ->
                ByteBuffer.allocate(signed.length + 2 * Eip712.WORD + TYPE_BYTES.length + Short.BYTES)
                        .put(signed)
                        .put(domainSeparator)
                        .put(structHash())
                        .put(TYPE_BYTES)
                        .putShort((short) TYPE_BYTES.length)
                        .array();
        };
    }

    /** How the order is to be handled; sent with it, but neither signed nor part of its id. */
    record Handling(String orderType, boolean postOnly, boolean deferExec, long expirationSeconds, String owner) {}

    /** The body of {@code POST /order}: the bytes that are authenticated and sent. */
    String body(byte[] signature, Handling handling) {
        return "{\"deferExec\":" + handling.deferExec
                + ",\"postOnly\":" + handling.postOnly
                + ",\"order\":{\"salt\":" + salt
                + ",\"maker\":\"" + maker
                + "\",\"signer\":\"" + signer
                + "\",\"tokenId\":\"" + tokenId
                + "\",\"makerAmount\":\"" + makerAmount
                + "\",\"takerAmount\":\"" + takerAmount
                + "\",\"side\":\"" + side
                + "\",\"signatureType\":" + signatureType.code()
                + ",\"timestamp\":\"" + timestampMillis
                + "\",\"expiration\":\"" + handling.expirationSeconds
                + "\",\"metadata\":\"" + metadata
                + "\",\"builder\":\"" + builder
                + "\",\"signature\":\"" + Eip712.hex(signature)
                + "\"},\"owner\":\"" + handling.owner
                + "\",\"orderType\":\"" + handling.orderType
                + "\"}";
    }
}

package sluice.venues.polymarket;

import java.util.LinkedHashMap;
import java.util.Map;
import sluice.domain.AccountId;

/**
 * An account at the venue: whose funds, whose signature, whose API key.
 *
 * @param key of the owner; it signs, and the API key belongs to its address whatever wallet trades
 * @param funder wallet that holds the funds: the owner's own address, or a proxy, Safe or deposit wallet of theirs
 */
public record PolymarketAccount(
        AccountId id, WalletKey key, SignatureType signatureType, Address funder, ApiCredentials credentials) {
    private static final byte[] AUTH_TYPE_HASH =
            Eip712.hash("ClobAuth(address address,string timestamp,uint256 nonce,string message)");
    private static final byte[] AUTH_MESSAGE = Eip712.hash("This message attests that I control the given wallet");

    public PolymarketAccount {
        requireFunder(id, key, signatureType, funder);
    }

    /**
     * Checks that a key can sign for a funder.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public static void requireFunder(AccountId id, WalletKey key, SignatureType signatureType, Address funder) {
        if (signatureType == SignatureType.EOA && !funder.equals(key.address())) {
            throw new IllegalArgumentException("account " + id + " signs as EOA, so its funder must be " + key.address()
                    + " and not " + funder + "; set the signature type of the wallet that holds the funds");
        }
    }

    /** Who an order says that it is signed by. */
    Address signer() {
        return signatureType == SignatureType.POLY_1271 ? funder : key.address();
    }

    /** Proof that the wallet is ours (L1): what API keys are made and derived with. */
    static Map<String, String> walletHeaders(WalletKey key, long chainId, long timestampSeconds, long nonce) {
        byte[] signature = key.sign(walletDigest(key.address(), chainId, timestampSeconds, nonce));
        var headers = new LinkedHashMap<String, String>();
        headers.put("POLY_ADDRESS", key.address().text());
        headers.put("POLY_SIGNATURE", Eip712.hex(signature));
        headers.put("POLY_TIMESTAMP", Long.toString(timestampSeconds));
        headers.put("POLY_NONCE", Long.toString(nonce));
        return headers;
    }

    static byte[] walletDigest(Address address, long chainId, long timestampSeconds, long nonce) {
        return Eip712.digest(
                Eip712.domainSeparator("ClobAuthDomain", "1", chainId, null),
                Eip712.keccak(
                        AUTH_TYPE_HASH,
                        Eip712.word(address),
                        Eip712.hash(Long.toString(timestampSeconds)),
                        Eip712.word(nonce),
                        AUTH_MESSAGE));
    }
}

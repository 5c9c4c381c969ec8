package sluice.venues.polymarket;

import java.util.HexFormat;
import sluice.domain.AccountId;

/** An account for tests: its key is public, and worth nothing. */
final class PolymarketTesting {
    static final byte[] SECRET =
            HexFormat.of().parseHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
    static final Address OWNER = new Address("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    static final AccountId ACCOUNT = new AccountId("a1");
    static final ApiCredentials CREDENTIALS = new ApiCredentials(
            "550e8400-e29b-41d4-a716-446655440000",
            "c29tZV90aHJvd2F3YXlfc2VjcmV0X2Zvcl90ZXN0c18zMmI=",
            "6c1d9f3a7b5e2048d1c0a9b8e7f60512");

    private PolymarketTesting() {}

    static PolymarketAccount eoa() {
        return new PolymarketAccount(ACCOUNT, WalletKey.of(SECRET), SignatureType.EOA, OWNER, CREDENTIALS);
    }
}

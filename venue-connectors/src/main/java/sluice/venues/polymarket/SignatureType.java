package sluice.venues.polymarket;

/** Which wallet holds the funds, and so who must have signed. */
public enum SignatureType {
    /** The key's own account. */
    EOA(0),
    /** A proxy wallet of the key's owner. */
    POLY_PROXY(1),
    /** A Safe of the key's owner. */
    POLY_GNOSIS_SAFE(2),
    /** A deposit wallet: the contract itself is the signer and checks, by ERC-1271, what its owner signed for it. */
    POLY_1271(3);

    private final int code;

    SignatureType(int code) {
        this.code = code;
    }

    /** The number that is signed and sent. */
    public int code() {
        return code;
    }
}

package sluice.venues.polymarket;

/** Which wallet holds the funds, and so who must have signed; the number on the wire is the position here. */
public enum SignatureType {
    /** The key's own account. */
    EOA,
    /** A proxy wallet of the key's owner. */
    POLY_PROXY,
    /** A Safe of the key's owner. */
    POLY_GNOSIS_SAFE,
    /** A deposit wallet: the contract itself is the signer and checks, by ERC-1271, what its owner signed for it. */
    POLY_1271;

    /** The number that is signed and sent. */
    public int code() {
        return ordinal();
    }
}

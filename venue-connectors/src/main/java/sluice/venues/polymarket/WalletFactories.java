package sluice.venues.polymarket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where an owner's wallets are, whether deployed or not: their addresses follow from the owner's (CREATE2).
 *
 * @param depositBeacon what new deposit wallets take their code from
 * @param depositImplementation the code of older deposit wallets
 * @param proxyInitCodeHash hash of what creates a proxy wallet
 * @param safeInitCodeHash hash of what creates a Safe
 */
public record WalletFactories(
        Address proxyFactory,
        String proxyInitCodeHash,
        Address safeFactory,
        String safeInitCodeHash,
        Address depositFactory,
        Address depositBeacon,
        Address depositImplementation) {
    /** Polygon, as documented in autumn 2026. */
    public static final WalletFactories POLYGON = new WalletFactories(
            new Address("0xaB45c5A4B0c941a2F231C04C3f49182e1A254052"),
            "0xd21df8dc65880a8606f09fe0ce3df9b8869287ab0b058be05aa9e8af6330a00b",
            new Address("0xaacFeEa03eb1561C4e67d661e40682Bd20E3541b"),
            "0x2bce2127ff07fb632d16c8347c4ebf501f4841168bed00d9e6ef715ddb6fcecf",
            new Address("0x00000000000Fb5C9ADea0298D729A0CB3823Cc07"),
            new Address("0x7A18EDfe055488A3128f01F563e5B479D92ffc3a"),
            new Address("0x58CA52ebe0DadfdF531Cde7062e76746de4Db1eB"));

    private static final HexFormat HEX = HexFormat.of();

    /** The minimal ERC-1967 proxy that carries its arguments behind its code. */
    private static final byte[] CLONE_HEAD = HEX.parseHex("3d8160233d3973");

    private static final int CLONE_LENGTH = 0x3d;
    private static final byte[] CLONE_TAIL =
            HEX.parseHex("60095155f3363d3d373d3d363d7f360894a13ba1a3210667c828492db98dca3e2076"
                    + "cc3735a920a3ca505d382bbc545af43d6000803e6038573d6000fd5b3d6000f3");

    /** The same, with its code named by a beacon. */
    private static final int BEACON_LENGTH = 0x52;

    private static final byte[] BEACON_TAIL = HEX.parseHex("60195155f3363d3d373d3d363d602036600436635c60da"
            + "1b60e01b36527fa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6c"
            + "b3582b35133d50545afa5036515af43d6000803e604d573d6000fd5b3d6000f3");

    public Address proxyOf(Address owner) {
        return create2(proxyFactory, Eip712.keccak(owner.bytes()), Eip712.bytes32(proxyInitCodeHash));
    }

    public Address safeOf(Address owner) {
        return create2(safeFactory, Eip712.keccak(Eip712.word(owner)), Eip712.bytes32(safeInitCodeHash));
    }

    /** A deposit wallet of the kind made now. */
    public Address depositWalletOf(Address owner) {
        return depositWallet(owner, BEACON_LENGTH, depositBeacon, BEACON_TAIL);
    }

    /** A deposit wallet of the older kind. */
    public Address olderDepositWalletOf(Address owner) {
        return depositWallet(owner, CLONE_LENGTH, depositImplementation, CLONE_TAIL);
    }

    private Address depositWallet(Address owner, int length, Address code, byte[] tail) {
        byte[] arguments = ByteBuffer.allocate(2 * Eip712.WORD)
                .put(Eip712.word(depositFactory))
                .put(Eip712.word(owner))
                .array();
        byte[] size = {0x61, (byte) ((length + arguments.length) >> 8), (byte) (length + arguments.length)};
        byte[] initCodeHash = Eip712.keccak(size, CLONE_HEAD, code.bytes(), tail, arguments);
        return create2(depositFactory, Eip712.keccak(arguments), initCodeHash);
    }

    private static Address create2(Address factory, byte[] salt, byte[] initCodeHash) {
        byte[] hash = Eip712.keccak(new byte[] {(byte) 0xff}, factory.bytes(), salt, initCodeHash);
        return Address.of(Arrays.copyOfRange(hash, hash.length - 20, hash.length));
    }
}

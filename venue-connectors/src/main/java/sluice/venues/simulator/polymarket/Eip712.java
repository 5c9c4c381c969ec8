package sluice.venues.simulator.polymarket;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.jspecify.annotations.Nullable;

/** Typed-data hashing and recovery of signers, in plain Java and apart from whatever the clients sign with. */
final class Eip712 {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger FIELD = CURVE.getCurve().getField().getCharacteristic();

    private Eip712() {}

    static byte[] keccak(byte[]... parts) {
        KeccakDigest digest = new KeccakDigest(256);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[32];
        digest.doFinal(hash, 0);
        return hash;
    }

    static byte[] text(String text) {
        return keccak(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An unsigned integer as a word of 32 bytes. */
    static byte[] word(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 256) {
            throw new IllegalArgumentException(value + " is no uint256");
        }
        byte[] bytes = value.toByteArray();
        byte[] word = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, word, 32 - length, length);
        return word;
    }

    static byte[] word(long value) {
        return word(BigInteger.valueOf(value));
    }

    /** An address as a word. */
    static byte[] address(String address) {
        byte[] bytes = bytes(address);
        if (bytes.length != 20) {
            throw new IllegalArgumentException(address + " is no address");
        }
        byte[] word = new byte[32];
        System.arraycopy(bytes, 0, word, 12, 20);
        return word;
    }

    /** Hexadecimal with {@code 0x}. */
    static byte[] bytes(String hex) {
        if (!hex.startsWith("0x")) {
            throw new IllegalArgumentException("no 0x before " + hex);
        }
        return HexFormat.of().parseHex(hex.substring(2).toLowerCase(Locale.ROOT));
    }

    static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    static byte[] domain(String name, String version, long chainId, String contract) {
        return keccak(
                text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                text(name),
                text(version),
                word(chainId),
                address(contract));
    }

    static byte[] digest(byte[] domainSeparator, byte[] structHash) {
        return keccak(new byte[] {0x19, 0x01}, domainSeparator, structHash);
    }

    /** What has to be signed to prove a wallet to the CLOB. */
    static byte[] clobAuth(long chainId, String address, String timestamp, BigInteger nonce) {
        byte[] domain = keccak(
                text("EIP712Domain(string name,string version,uint256 chainId)"),
                text("ClobAuthDomain"),
                text("1"),
                word(chainId));
        byte[] struct = keccak(
                text("ClobAuth(address address,string timestamp,uint256 nonce,string message)"),
                address(address),
                text(timestamp),
                word(nonce),
                text("This message attests that I control the given wallet"));
        return digest(domain, struct);
    }

    /** The address, in lower case, whose key made a signature of 65 bytes; null if none can have. */
    static @Nullable String signer(byte[] digest, byte[] signature) {
        if (signature.length != 65) {
            return null;
        }
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        int parity = signature[64] - 27;
        BigInteger n = CURVE.getN();
        boolean possible = r.signum() > 0
                && s.signum() > 0
                && r.compareTo(n) < 0
                && r.compareTo(FIELD) < 0
                && s.compareTo(n.shiftRight(1)) <= 0
                && (parity == 0 || parity == 1);
        if (!possible) {
            return null;
        }
        byte[] encoded = new byte[33];
        encoded[0] = (byte) (2 + parity);
        System.arraycopy(word(r), 0, encoded, 1, 32);
        ECPoint point;
        try {
            point = CURVE.getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            return null;
        }
        BigInteger inverse = r.modInverse(n);
        BigInteger e = new BigInteger(1, digest);
        ECPoint key = CURVE.getG()
                .multiply(e.negate().mod(n).multiply(inverse).mod(n))
                .add(point.multiply(s.multiply(inverse).mod(n)))
                .normalize();
        if (key.isInfinity()) {
            return null;
        }
        byte[] hash = keccak(Arrays.copyOfRange(key.getEncoded(false), 1, 65));
        return hex(Arrays.copyOfRange(hash, 12, 32));
    }
}

package sluice.venues.polymarket;

import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

/**
 * The private key of a wallet. Signs with native code where that loads and with BouncyCastle elsewhere; the nonce is
 * RFC 6979's and {@code s} the lower one, so both give the same bytes. Never shows itself.
 */
public final class WalletKey {
    private static final int WORD = Eip712.WORD;
    private static final int V_BASE = 27;
    private static final org.bouncycastle.asn1.x9.X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger ORDER = CURVE.getN();
    private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
    private static final @Nullable Secp256k1 NATIVE = loadNative();

    private final byte[] secret;
    private final byte[] publicKey;
    private final Address address;
    private final @Nullable Secp256k1 engine;

    private WalletKey(byte[] secret, @Nullable Secp256k1 engine) {
        var number = new BigInteger(1, secret);
        if (secret.length != WORD || number.signum() == 0 || number.compareTo(ORDER) >= 0) {
            throw new IllegalArgumentException("the private key is not a number of 32 bytes that the curve has");
        }
        this.secret = secret.clone();
        this.publicKey = new FixedPointCombMultiplier()
                .multiply(CURVE.getG(), number)
                .normalize()
                .getEncoded(false);
        this.address = addressOf(publicKey);
        this.engine = engine;
    }

    /**
     * The key of 32 bytes.
     *
     * @throws IllegalArgumentException if it is not one; the message does not repeat it
     */
    public static WalletKey of(byte[] secret) {
        return new WalletKey(secret, NATIVE);
    }

    /** The same, signing without native code. */
    public static WalletKey withoutNativeCode(byte[] secret) {
        return new WalletKey(secret, null);
    }

    /** Whether native code signs. */
    public static boolean signsNatively() {
        return NATIVE != null;
    }

    public Address address() {
        return address;
    }

    /** Signature of a digest of 32 bytes: r, s, and v of 27 or 28. */
    public byte[] sign(byte[] digest) {
        return engine == null ? signPlain(digest) : signNatively(engine, digest);
    }

    /** Whose signature it is; null if it is nobody's. */
    static @Nullable Address recover(byte[] digest, byte[] signature) {
        if (signature.length != 2 * WORD + 1) {
            return null;
        }
        var r = new BigInteger(1, Arrays.copyOfRange(signature, 0, WORD));
        var s = new BigInteger(1, Arrays.copyOfRange(signature, WORD, 2 * WORD));
        int recovery = signature[2 * WORD] - V_BASE;
        if (recovery < 0 || recovery > 1 || !isScalar(r) || !isScalar(s)) {
            return null;
        }
        byte[] compressed = new byte[WORD + 1];
        compressed[0] = (byte) (2 + recovery);
        System.arraycopy(Eip712.word(r), 0, compressed, 1, WORD);
        ECPoint point;
        try {
            point = CURVE.getCurve().decodePoint(compressed);
        } catch (IllegalArgumentException e) {
            return null; // No point of the curve has this r.
        }
        var inverse = r.modInverse(ORDER);
        var message = new BigInteger(1, digest);
        var key = ECAlgorithms.sumOfTwoMultiplies(
                CURVE.getG(),
                message.negate().multiply(inverse).mod(ORDER),
                point,
                s.multiply(inverse).mod(ORDER));
        return key.isInfinity() ? null : addressOf(key.normalize().getEncoded(false));
    }

    private static boolean isScalar(BigInteger value) {
        return value.signum() > 0 && value.compareTo(ORDER) < 0;
    }

    private byte[] signNatively(Secp256k1 secp, byte[] digest) {
        byte[] compact = secp.sign(digest, secret, null);
        // The binding gives no recovery id; of the two that occur, one recovers our own key.
        boolean even = Arrays.equals(publicKey, secp.ecdsaRecover(compact, digest, 0));
        byte[] signature = Arrays.copyOf(compact, 2 * WORD + 1);
        signature[2 * WORD] = (byte) (V_BASE + (even ? 0 : 1));
        return signature;
    }

    private byte[] signPlain(byte[] digest) {
        var key = new BigInteger(1, secret);
        var message = new BigInteger(1, digest);
        var nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(ORDER, key, digest);
        while (true) {
            var k = nonces.nextK();
            var point = new FixedPointCombMultiplier().multiply(CURVE.getG(), k).normalize();
            var r = point.getAffineXCoord().toBigInteger().mod(ORDER);
            var s = k.modInverse(ORDER).multiply(message.add(key.multiply(r))).mod(ORDER);
            if (r.signum() == 0 || s.signum() == 0) {
                continue;
            }
            boolean odd = point.getAffineYCoord().testBitZero();
            if (s.compareTo(HALF_ORDER) > 0) {
                s = ORDER.subtract(s);
                odd = !odd;
            }
            byte[] signature = new byte[2 * WORD + 1];
            System.arraycopy(Eip712.word(r), 0, signature, 0, WORD);
            System.arraycopy(Eip712.word(s), 0, signature, WORD, WORD);
            signature[2 * WORD] = (byte) (V_BASE + (odd ? 1 : 0));
            return signature;
        }
    }

    private static Address addressOf(byte[] uncompressed) {
        byte[] hash = Eip712.keccak(Arrays.copyOfRange(uncompressed, 1, uncompressed.length));
        return Address.of(Arrays.copyOfRange(hash, hash.length - 20, hash.length));
    }

    private static @Nullable Secp256k1 loadNative() {
        try {
            return Secp256k1.get();
        } catch (RuntimeException | LinkageError e) {
            return null; // No native code for this machine; BouncyCastle signs the same.
        }
    }

    @Override
    public String toString() {
        return "key of " + address;
    }
}

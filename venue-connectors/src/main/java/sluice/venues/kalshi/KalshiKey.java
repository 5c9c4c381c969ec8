package sluice.venues.kalshi;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;
import sluice.venues.api.PrivateFile;

/**
 * An API key: its id, and the private key that signs for it, RSA or Ed25519. The PEM header does not tell which; the
 * parsed key does.
 *
 * <p>Safe for several threads: initialised signatures are kept, and each is used by one thread at a time. Native code
 * signs RSA where it loads, the JDK elsewhere, with the same result.
 */
public final class KalshiKey {
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final String id;
    private final PrivateKey key;
    private final boolean rsa;
    private final @Nullable Provider provider;
    private final Queue<Signature> idle = new ConcurrentLinkedQueue<>();

    private KalshiKey(String id, PrivateKey key, boolean rsa, @Nullable Provider provider) {
        this.id = id;
        this.key = key;
        this.rsa = rsa;
        this.provider = provider;
    }

    /**
     * Reads a key file that nobody but its owner may read.
     *
     * @param passphrase of an encrypted key; null for a plain one
     * @throws IllegalArgumentException if the file is readable by others or holds no key that can sign, saying what to
     *     do
     */
    public static KalshiKey read(String id, Path file, char @Nullable [] passphrase) {
        try {
            PrivateFile.require(file);
            return parse(id, Files.readString(file), passphrase);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "key file " + file + " cannot be used (" + e.getMessage()
                            + "); it must be a file of this user's own",
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key file " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads PKCS#8 or PKCS#1 PEM, plain or encrypted.
     *
     * @throws IllegalArgumentException if it is neither, or holds a key of another kind, or the passphrase is wrong
     */
    public static KalshiKey parse(String id, String pem, char @Nullable [] passphrase) {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return parse(id, pem, passphrase, corretto.getLoadingError() == null ? corretto : null);
    }

    /**
     * The same, with a choice of who signs.
     *
     * @param provider of RSA signatures; null for the JDK's
     */
    public static KalshiKey parse(String id, String pem, char @Nullable [] passphrase, @Nullable Provider provider) {
        try {
            var info = privateKeyInfo(pem, passphrase);
            var algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
            boolean rsa = algorithm.equals(PKCSObjectIdentifiers.rsaEncryption);
            if (!rsa && !algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
                throw new IllegalArgumentException(
                        "the key is of kind " + algorithm + "; Kalshi takes RSA and Ed25519 keys");
            }
            var key = KeyFactory.getInstance(rsa ? "RSA" : "Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            return new KalshiKey(id, key, rsa, rsa ? provider : null);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new IllegalArgumentException(
                    "the private key cannot be read (" + e.getClass().getSimpleName()
                            + "); check that it is whole and that the passphrase is right",
                    e);
        }
    }

    private static PrivateKeyInfo privateKeyInfo(String pem, char @Nullable [] passphrase)
            throws IOException, OperatorCreationException, PKCSException {
        Object found;
        try (var parser = new PEMParser(new StringReader(pem))) {
            found = parser.readObject();
        }
        return switch (found) {
            case PrivateKeyInfo plain -> plain;
            case PEMKeyPair plain -> plain.getPrivateKeyInfo();
            case PEMEncryptedKeyPair encrypted ->
                encrypted
                        .decryptKeyPair(new BcPEMDecryptorProvider(given(passphrase)))
                        .getPrivateKeyInfo();
            case PKCS8EncryptedPrivateKeyInfo encrypted ->
                encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(new BouncyCastleProvider())
                        .build(given(passphrase)));
            case null ->
                throw new IllegalArgumentException("there is no PEM in it; expected -----BEGIN PRIVATE KEY-----,"
                        + " -----BEGIN RSA PRIVATE KEY----- or an encrypted one of these");
            default ->
                throw new IllegalArgumentException(
                        "it holds a " + found.getClass().getSimpleName() + ", not a private key");
        };
    }

    private static char[] given(char @Nullable [] passphrase) {
        if (passphrase == null) {
            throw new IllegalArgumentException("the private key is encrypted; give its passphrase");
        }
        return passphrase;
    }

    public String id() {
        return id;
    }

    /** Whether native code signs. */
    public boolean signsNatively() {
        return provider != null;
    }

    /**
     * What is signed: time, method and path, without a separator. Host, query and body are never part of it.
     *
     * @param path from the API root; a query is cut off
     */
    static String signedText(long timestampMillis, String method, String path) {
        int query = path.indexOf('?');
        return timestampMillis + method + (query < 0 ? path : path.substring(0, query));
    }

    /** The headers that say who asks. */
    public Map<String, String> headers(long timestampMillis, String method, String path) {
        return Map.of(
                "KALSHI-ACCESS-KEY", id,
                "KALSHI-ACCESS-TIMESTAMP", Long.toString(timestampMillis),
                "KALSHI-ACCESS-SIGNATURE", sign(signedText(timestampMillis, method, path)));
    }

    /** Signs a text, in base64. RSA signatures of one text differ from each other; Ed25519 ones do not. */
    public String sign(String text) {
        try {
            var known = idle.poll();
            var signature = known == null ? initialised() : known;
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            var signed = Base64.getEncoder().encodeToString(signature.sign());
            // One that failed is not kept.
            idle.add(signature);
            return signed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("key " + id + " cannot sign: " + e, e);
        }
    }

    private Signature initialised() throws GeneralSecurityException {
        if (!rsa) {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            return signature;
        }
        var signature = provider == null
                ? Signature.getInstance("RSASSA-PSS", Security.getProvider("SunRsaSign"))
                : Signature.getInstance("RSASSA-PSS", provider);
        signature.setParameter(PSS);
        signature.initSign(key);
        return signature;
    }

    /** Names the key, never its secret. */
    @Override
    public String toString() {
        return "Kalshi key " + id + (rsa ? " (RSA)" : " (Ed25519)");
    }
}

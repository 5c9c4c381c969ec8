package sluice.venues.simulator.kalshi;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.Http;

/** The registered API keys, and whether a request was signed with one. */
final class KalshiKeys {
    /** Observed: -5 s passes, -30 s does not. */
    private static final long OLDEST_MILLIS = 15_000;

    /** Observed on a sister surface: +30 s passes; +5 min does not. */
    private static final long NEWEST_MILLIS = 60_000;

    /**
     * A registered key.
     *
     * @param subaccount the only subaccount it may use; null for any
     */
    record Key(
            String id,
            String account,
            PublicKey publicKey,
            @Nullable Integer subaccount) {}

    /** Who asks, or what is answered instead. */
    record Caller(@Nullable Key key, Http.@Nullable Answer refusal) {}

    private final Map<String, Key> keys = new LinkedHashMap<>();

    void add(String id, String account, String publicKeyPem, @Nullable Integer subaccount) {
        keys.put(id, new Key(id, account, parse(publicKeyPem), subaccount));
    }

    private static PublicKey parse(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof SubjectPublicKeyInfo info) {
                return new JcaPEMKeyConverter().getPublicKey(info);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a public key cannot be read: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("a public key must be PEM that begins with BEGIN PUBLIC KEY");
    }

    Caller identify(Http.Request request, long nowMillis) {
        String id = request.header("KALSHI-ACCESS-KEY");
        String signature = request.header("KALSHI-ACCESS-SIGNATURE");
        String timestamp = request.header("KALSHI-ACCESS-TIMESTAMP");
        if (id == null && signature == null && timestamp == null) {
            return refused(KalshiJson.error(401, "token_authentication_failure", "token authentication failure", null));
        }
        if (signature == null) {
            return refused(KalshiJson.error(
                    401, "signature_is_missing_from_headers", "signature is missing from headers", null));
        }
        if (id == null || timestamp == null) {
            return refused(KalshiJson.error(401, "token_authentication_failure", "token authentication failure", null));
        }
        Key key = keys.get(id);
        if (key == null) {
            return refused(KalshiJson.error(401, "authentication_error", "authentication_error", "NOT_FOUND"));
        }
        if (!timestamp.matches("\\d{1,15}") || !inWindow(Long.parseLong(timestamp), nowMillis)) {
            return refused(KalshiJson.error(401, "header_timestamp_expired", "header timestamp expired", null));
        }
        return verifies(key.publicKey(), timestamp + request.method() + request.path(), signature)
                ? new Caller(key, null)
                : refused(KalshiJson.error(
                        401, "authentication_error", "authentication_error", "INCORRECT_API_KEY_SIGNATURE"));
    }

    private static boolean inWindow(long timestamp, long now) {
        return timestamp >= now - OLDEST_MILLIS && timestamp <= now + NEWEST_MILLIS;
    }

    private static Caller refused(Http.Answer answer) {
        return new Caller(null, answer);
    }

    /** Salt of 32 bytes only: that is the contract, whatever the venue may let through. */
    static boolean verifies(PublicKey key, String text, String signature) {
        try {
            byte[] bytes = Base64.getDecoder().decode(signature);
            Signature verifier;
            if (key.getAlgorithm().equals("RSA")) {
                verifier = Signature.getInstance("RSASSA-PSS");
                verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            } else {
                verifier = Signature.getInstance("Ed25519");
            }
            verifier.initVerify(key);
            verifier.update(text.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(bytes);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}

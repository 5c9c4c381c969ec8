package sluice.venues.polymarket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An API key of a wallet's owner, and the headers that prove it (L2). Never shows its secret.
 *
 * @param secret base64 in either alphabet, padded or not
 */
public record ApiCredentials(String key, String secret, String passphrase) {
    private static final String ALGORITHM = "HmacSHA256";

    public ApiCredentials {
        if (key.isBlank() || passphrase.isBlank() || decoded(secret).length == 0) {
            throw new IllegalArgumentException(
                    "API credentials want a key, a secret in base64 and a passphrase; one of them is empty");
        }
    }

    /**
     * Proof of one request.
     *
     * @param path of the address alone; the query is not signed
     * @param body the bytes that leave; null for none
     */
    public Map<String, String> headers(
            Address owner, long timestampSeconds, String method, String path, @Nullable ByteBuffer body) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("POLY_ADDRESS", owner.text());
        headers.put("POLY_SIGNATURE", sign(timestampSeconds, method, path, body));
        headers.put("POLY_TIMESTAMP", Long.toString(timestampSeconds));
        headers.put("POLY_API_KEY", key);
        headers.put("POLY_PASSPHRASE", passphrase);
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        return headers;
    }

    String sign(long timestampSeconds, String method, String path, @Nullable ByteBuffer body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(decoded(secret), ALGORITHM));
            mac.update((timestampSeconds + method + path).getBytes(StandardCharsets.UTF_8));
            if (body != null) {
                mac.update(body.duplicate());
            }
            return Base64.getUrlEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no " + ALGORITHM, e);
        }
    }

    private static byte[] decoded(String secret) {
        try {
            return Base64.getUrlDecoder()
                    .decode(secret.strip().replace('+', '-').replace('/', '_').replace("=", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the API secret is not base64", e);
        }
    }

    @Override
    public String toString() {
        return "API key " + key;
    }
}

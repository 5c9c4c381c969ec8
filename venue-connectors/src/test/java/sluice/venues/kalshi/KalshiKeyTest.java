package sluice.venues.kalshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KalshiKeyTest {
    private static final String RSA_ID =
            KalshiVectors.ALL.at("/keys/rsa/api_key_id").asText();
    private static final String PKCS8 =
            KalshiVectors.ALL.at("/keys/rsa/private_key_pkcs8_pem").asText();
    private static final String PKCS1 =
            KalshiVectors.ALL.at("/keys/rsa/private_key_pkcs1_pem").asText();
    private static final String ED25519 =
            KalshiVectors.ALL.at("/keys/ed25519/private_key_pkcs8_pem").asText();

    /** What the venue does with headers: the registered key decides how. */
    private static boolean venueAccepts(JsonNode headers, String method, String pathWithQuery) {
        var keyId = headers.get("KALSHI-ACCESS-KEY").asText();
        boolean rsa = keyId.equals(RSA_ID);
        var text = KalshiKey.signedText(headers.get("KALSHI-ACCESS-TIMESTAMP").asLong(), method, pathWithQuery);
        return verifies(
                publicKey(rsa),
                rsa,
                text,
                headers.get("KALSHI-ACCESS-SIGNATURE").asText());
    }

    private static PublicKey publicKey(boolean rsa) {
        var pem = KalshiVectors.ALL
                .at(rsa ? "/keys/rsa/public_key_spki_pem" : "/keys/ed25519/public_key_spki_pem")
                .asText();
        var base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance(rsa ? "RSA" : "Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean verifies(PublicKey key, boolean rsa, String text, String signature) {
        try {
            var verifier = Signature.getInstance(rsa ? "RSASSA-PSS" : "Ed25519");
            if (rsa) {
                verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            verifier.initVerify(key);
            verifier.update(text.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    static Stream<JsonNode> valid() {
        return KalshiVectors.each("/auth/valid");
    }

    static Stream<JsonNode> invalid() {
        return KalshiVectors.each("/auth/invalid");
    }

    static Stream<JsonNode> skewed() {
        return KalshiVectors.each("/auth/timestamp_skew/cases");
    }

    @ParameterizedTest
    @MethodSource({"valid", "skewed"})
    void weSignTheTextThatTheVenueVerifies(JsonNode vector) {
        // Given
        var headers = vector.get("headers");
        var method = vector.get("method").asText();
        var path = vector.get("path_with_query").asText();
        long at = vector.get("timestamp_ms").asLong();
        boolean rsa = headers.get("KALSHI-ACCESS-KEY").asText().equals(RSA_ID);

        // When
        var text = KalshiKey.signedText(at, method, path);
        var ours = KalshiKey.parse(headers.get("KALSHI-ACCESS-KEY").asText(), rsa ? PKCS1 : ED25519, null)
                .headers(at, method, path);

        // Then
        assertThat(text).isEqualTo(vector.get("message").asText());
        assertThat(venueAccepts(headers, method, path)).isTrue();
        assertThat(verifies(publicKey(rsa), rsa, text, ours.getOrDefault("KALSHI-ACCESS-SIGNATURE", "")))
                .isTrue();
        assertThat(ours)
                .containsEntry(
                        "KALSHI-ACCESS-KEY", headers.get("KALSHI-ACCESS-KEY").asText())
                .containsEntry(
                        "KALSHI-ACCESS-TIMESTAMP",
                        headers.get("KALSHI-ACCESS-TIMESTAMP").asText());
        if (!rsa) {
            assertThat(ours)
                    .containsEntry(
                            "KALSHI-ACCESS-SIGNATURE",
                            headers.get("KALSHI-ACCESS-SIGNATURE").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatTheVenueRefusesIsNotWhatWeSign(JsonNode vector) {
        var method = vector.get("method").asText();
        var path = vector.get("path_with_query").asText();

        assertThat(KalshiKey.signedText(vector.get("timestamp_ms").asLong(), method, path))
                .isEqualTo(vector.get("message_expected").asText());
        assertThat(venueAccepts(vector.get("headers"), method, path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nativeCodeAndTheJdkSignAlike(boolean corretto) {
        // Given
        assumeThat(AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null || !corretto)
                .isTrue();
        var key = KalshiKey.parse(RSA_ID, PKCS8, null, corretto ? AmazonCorrettoCryptoProvider.INSTANCE : null);

        // When the same key signs on several threads, again and again
        List<String> signatures = IntStream.range(0, 64)
                .parallel()
                .mapToObj(it -> key.sign("1795185000123GET/trade-api/v2/portfolio/balance"))
                .toList();

        // Then
        assertThat(signatures)
                .doesNotHaveDuplicates()
                .allMatch(it -> verifies(publicKey(true), true, "1795185000123GET/trade-api/v2/portfolio/balance", it));
    }

    @Test
    void everyEncodingHoldsTheSameKey() throws Exception {
        // Given
        PrivateKeyInfo info;
        try (var parser = new PEMParser(new StringReader(PKCS8))) {
            info = (PrivateKeyInfo) parser.readObject();
        }
        var key = new JcaPEMKeyConverter().getPrivateKey(info);
        var secret = "correct horse".toCharArray();
        var encryptedPkcs8 = new StringWriter();
        try (var writer = new JcaPEMWriter(encryptedPkcs8)) {
            writer.writeObject(new JcaPKCS8Generator(
                    key,
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword(secret)
                            .build()));
        }
        var encryptedPkcs1 = new StringWriter();
        try (var writer = new JcaPEMWriter(encryptedPkcs1)) {
            writer.writeObject(
                    key,
                    new JcePEMEncryptorBuilder("AES-256-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build(secret));
        }

        // When, then
        for (var pem : List.of(PKCS8, PKCS1, encryptedPkcs8.toString(), encryptedPkcs1.toString())) {
            var signature = KalshiKey.parse(RSA_ID, pem, secret).sign("text");
            assertThat(verifies(publicKey(true), true, "text", signature))
                    .as(pem.substring(0, 40))
                    .isTrue();
        }
        for (var pem : List.of(encryptedPkcs8.toString(), encryptedPkcs1.toString())) {
            assertThatThrownBy(() -> KalshiKey.parse(RSA_ID, pem, "wrong".toCharArray()))
                    .hasMessageContaining("passphrase is right");
            assertThatThrownBy(() -> KalshiKey.parse(RSA_ID, pem, null)).hasMessageContaining("give its passphrase");
        }
    }

    @Test
    void otherKeysAndOtherTextsAreRefused() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var pem = new StringWriter();
        try (var writer = new JcaPEMWriter(pem)) {
            writer.writeObject(new JcaPKCS8Generator(generator.generateKeyPair().getPrivate(), null));
        }
        assertThatThrownBy(() -> KalshiKey.parse("k", pem.toString(), null))
                .hasMessageContaining("Kalshi takes RSA and Ed25519 keys");
        assertThatThrownBy(() -> KalshiKey.parse("k", "hello", null)).hasMessageContaining("there is no PEM in it");
        assertThatThrownBy(() -> KalshiKey.parse(
                        "k",
                        KalshiVectors.ALL.at("/keys/rsa/public_key_spki_pem").asText(),
                        null))
                .hasMessageContaining("not a private key");
    }

    @Test
    void aFileThatOthersMayReadIsRefused(@TempDir Path directory) throws Exception {
        // Given
        var file = directory.resolve("kalshi.pem");
        Files.writeString(file, ED25519);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        // When, then
        assertThatThrownBy(() -> KalshiKey.read("k", file, null))
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600 " + file);

        // And when it is mended
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(KalshiKey.read("k", file, null)).hasToString("Kalshi key k (Ed25519)");
    }
}

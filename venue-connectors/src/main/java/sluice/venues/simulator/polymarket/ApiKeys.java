package sluice.venues.simulator.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import sluice.venues.simulator.Http;
import sluice.venues.simulator.Venue;
import sluice.venues.simulator.core.Command;

/** API keys: made and derived with a wallet's signature (L1), used with an HMAC (L2). The ledger remembers them. */
final class ApiKeys {
    /** The venue's tolerance is not known; a minute refuses a clock that is a minute off. */
    private static final long WINDOW_SECONDS = 45;

    private static final String PREFIX = "apikey/";

    /** @param address the wallet's, lower case */
    record Key(String id, String address, String nonce, String secret, String passphrase, boolean active) {}

    private final ObjectMapper json;
    private final Venue venue;
    private final long chainId;
    private final long seed;

    ApiKeys(ObjectMapper json, Venue venue, long chainId, long seed) {
        this.json = json;
        this.venue = venue;
        this.chainId = chainId;
        this.seed = seed;
    }

    /** The address that a request proves by L1 headers; null if it proves none. */
    @Nullable
    String provenAddress(Http.Request request) {
        String address = request.header("POLY_ADDRESS");
        String signature = request.header("POLY_SIGNATURE");
        String timestamp = request.header("POLY_TIMESTAMP");
        String nonce = request.header("POLY_NONCE");
        if (address == null || signature == null || timestamp == null || nonce == null || !inWindow(timestamp)) {
            return null;
        }
        try {
            byte[] digest = Eip712.clobAuth(chainId, address, timestamp, new BigInteger(nonce));
            String signer = Eip712.signer(digest, Eip712.bytes(signature));
            return address.toLowerCase(Locale.ROOT).equals(signer) ? signer : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private boolean inWindow(String timestamp) {
        return timestamp.matches("\\d{1,12}")
                && Math.abs(Long.parseLong(timestamp) - venue.now() / 1_000) <= WINDOW_SECONDS;
    }

    /** The active key that a request proves to hold by L2 headers; null if it proves none. */
    @Nullable
    Key provenKey(Http.Request request) {
        String address = request.header("POLY_ADDRESS");
        String signature = request.header("POLY_SIGNATURE");
        String timestamp = request.header("POLY_TIMESTAMP");
        String id = request.header("POLY_API_KEY");
        String passphrase = request.header("POLY_PASSPHRASE");
        if (address == null || signature == null || timestamp == null || id == null || passphrase == null) {
            return null;
        }
        Key key = find(id);
        boolean right = key != null
                && key.active()
                && key.address().equals(address.toLowerCase(Locale.ROOT))
                && key.passphrase().equals(passphrase)
                && inWindow(timestamp)
                && signature.equals(hmac(key.secret(), timestamp + request.method() + request.path() + request.body()));
        return right ? key : null;
    }

    static String hmac(String secret, String message) {
        String standard = secret.replace('-', '+').replace('_', '/').replace("=", "");
        byte[] mac = mac(Base64.getDecoder().decode(standard), message);
        return Base64.getEncoder().encodeToString(mac).replace('+', '-').replace('/', '_');
    }

    private static byte[] mac(byte[] key, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every JDK", e);
        }
    }

    @Nullable
    Key find(String id) {
        JsonNode note = venue.live(e -> e.note(PREFIX + id));
        return note == null ? null : read(id, note);
    }

    private static Key read(String id, JsonNode note) {
        return new Key(
                id,
                note.path("address").asText(),
                note.path("nonce").asText(),
                note.path("secret").asText(),
                note.path("passphrase").asText(),
                note.path("active").asBoolean());
    }

    /** Active keys of an address. */
    List<Key> of(String address) {
        return venue.live(e -> {
            List<Key> found = new ArrayList<>();
            e.notes().forEach((name, note) -> {
                if (name.startsWith(PREFIX) && note.path("address").asText().equals(address)) {
                    found.add(read(name.substring(PREFIX.length()), note));
                }
            });
            found.removeIf(k -> !k.active());
            return found;
        });
    }

    @Nullable
    Key at(String address, String nonce) {
        return of(address).stream()
                .filter(k -> k.nonce().equals(nonce))
                .findFirst()
                .orElse(null);
    }

    /** The same address and nonce always give the same key. */
    Key create(String address, String nonce) {
        byte[] root = mac(("simulated venue " + seed).getBytes(StandardCharsets.UTF_8), address + "/" + nonce);
        String name = Base64.getEncoder().encodeToString(root);
        Key key = new Key(
                UUID.nameUUIDFromBytes(root).toString(),
                address,
                nonce,
                Base64.getUrlEncoder().encodeToString(mac(root, "secret")),
                Eip712.hex(mac(root, name + "passphrase")).substring(2, 66),
                true);
        save(key);
        return key;
    }

    void save(Key key) {
        ObjectNode note = json.createObjectNode()
                .put("address", key.address())
                .put("nonce", key.nonce())
                .put("secret", key.secret())
                .put("passphrase", key.passphrase())
                .put("active", key.active());
        venue.submit(s -> new Command.Note(s.at(), PREFIX + key.id(), note));
    }
}

package sluice.console.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.console.config.SluiceConfig;
import sluice.console.config.VenueSettings;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.Venue;
import sluice.reconciler.core.Books;
import sluice.venues.polymarket.WalletKey;
import sluice.venues.recording.Recording;
import sluice.venues.simulator.Simulator;

/** A simulated venue of a run's own: accounts with fresh keys and some cash, reached over HTTP like any other. */
final class SimulatedVenue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedVenue.class);
    private static final ObjectMapper JSON = new JsonMapper();
    private static final String CASH = "1000.00";

    private final Venue venue;
    private final Simulator simulator;
    private final Map<AccountId, Access> accounts;

    /** How an account gets in, and what the venue calls it. */
    private record Access(
            String nameAtVenue,
            Optional<VenueSettings.KalshiAccess> kalshi,
            Optional<VenueSettings.PolymarketAccess> polymarket) {}

    private SimulatedVenue(Venue venue, Simulator simulator, Map<AccountId, Access> accounts) {
        this.venue = venue;
        this.simulator = simulator;
        this.accounts = accounts;
    }

    /** Starts one for these accounts, with keys, setup and ledger in a folder of its own. */
    static SimulatedVenue start(Venue venue, List<AccountId> accounts, Path folder) throws IOException {
        Files.createDirectories(folder);
        ObjectNode setup = JSON.createObjectNode();
        var listed = setup.putArray("accounts");
        setup.putArray("markets");
        Map<AccountId, Access> access = new LinkedHashMap<>();
        for (AccountId account : accounts) {
            ObjectNode entry = listed.addObject().put("name", account.value());
            entry.putObject("cash").put("0", CASH);
            Path key = folder.resolve(account + ".key");
            access.put(account, venue == Venue.KALSHI ? kalshi(account, entry, key) : polymarket(entry, key));
        }
        Path file = folder.resolve("setup.json");
        Files.writeString(file, setup.toPrettyString());
        return new SimulatedVenue(
                venue,
                Simulator.start(new Simulator.Settings(
                        venue == Venue.KALSHI ? Simulator.Kind.KALSHI : Simulator.Kind.POLYMARKET,
                        0,
                        0,
                        folder.resolve("ledger"),
                        null,
                        1,
                        file,
                        null,
                        1,
                        false,
                        0)),
                access);
    }

    private static Access kalshi(AccountId account, ObjectNode entry, Path key) throws IOException {
        KeyPair keys;
        try {
            keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has Ed25519", e);
        }
        secret(key, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        String id = UUID.randomUUID().toString();
        entry.put("tier", "prime")
                .putArray("keys")
                .addObject()
                .put("id", id)
                .put("publicKey", pem("PUBLIC KEY", keys.getPublic().getEncoded()));
        return new Access(
                account.value(),
                Optional.of(new VenueSettings.KalshiAccess(
                        id, Optional.of(key), Optional.empty(), Optional.empty(), Optional.empty())),
                Optional.empty());
    }

    private static Access polymarket(ObjectNode entry, Path key) throws IOException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        secret(key, HexFormat.of().formatHex(secret));
        String address = WalletKey.of(secret).address().text();
        entry.put("address", address);
        return new Access(
                address.toLowerCase(java.util.Locale.ROOT),
                Optional.empty(),
                Optional.of(new VenueSettings.PolymarketAccess(
                        Optional.of(key),
                        Optional.empty(),
                        Optional.empty(),
                        VenueSettings.Wallet.EOA,
                        Optional.empty())));
    }

    private static void secret(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(file, text);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    /** The configuration with every account LIVE at this venue, and its market data followed. */
    SluiceConfig live(SluiceConfig config) {
        var settings = new VenueSettings(
                new VenueSettings.Kalshi(
                        venue == Venue.KALSHI
                                ? VenueSettings.Environment.SIMULATED
                                : VenueSettings.Environment.PRODUCTION,
                        venue == Venue.KALSHI ? Optional.of(address()) : Optional.empty(),
                        100,
                        500),
                new VenueSettings.Polymarket(
                        venue == Venue.POLYMARKET
                                ? VenueSettings.Environment.SIMULATED
                                : VenueSettings.Environment.PRODUCTION,
                        venue == Venue.POLYMARKET ? Optional.of(address()) : Optional.empty(),
                        true,
                        true,
                        500,
                        Optional.empty()),
                List.of(venue),
                List.of());
        return config.trading(
                settings,
                config.accounts().stream()
                        .map(account -> {
                            Access access = accounts.get(account.name());
                            return access == null ? account : account.live(access.kalshi(), access.polymarket());
                        })
                        .toList());
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + simulator.port());
    }

    void play(Recording recording) {
        simulator.play(recording, 1);
    }

    /** Where it is, for people. */
    String words() {
        return venue + " simulated at " + address() + ", its ledger at http://127.0.0.1:" + simulator.adminPort()
                + "/ledger";
    }

    /** Its own books, asked for on its admin port. */
    Map<AccountId, Books> books() {
        JsonNode ledger = ask("/ledger");
        Map<AccountId, Books> books = new HashMap<>();
        accounts.forEach((account, access) -> {
            JsonNode told = ledger.path("accounts").path(access.nameAtVenue());
            long cash = 0;
            for (JsonNode pocket : told.path("cash")) {
                cash = Math.addExact(cash, pocket.asLong());
            }
            Map<MarketId, Books.Holding> holdings = new HashMap<>();
            for (Map.Entry<String, JsonNode> position : told.path("positions").properties()) {
                holdings.put(
                        new MarketId(venue, position.getKey()),
                        new Books.Holding(
                                new Quantity(position.getValue().path("yes").asLong()),
                                new Quantity(position.getValue().path("no").asLong())));
            }
            books.put(account, Books.of(Map.of(venue, new Money(cash)), holdings));
        });
        return books;
    }

    private JsonNode ask(String path) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + simulator.adminPort() + path)
                    .toURL()
                    .openConnection();
            try (var in = connection.getInputStream()) {
                return JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException("the simulated venue's ledger cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            simulator.close();
        } catch (IOException e) {
            // Its ledger is on disk before any answer; nothing is lost.
            LOG.info("the simulated venue did not stop cleanly: {}", e.toString());
        }
    }
}

package sluice.console.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import sluice.domain.MarketId;
import sluice.domain.Venue;

/**
 * Where the venues are and what we ask of them.
 *
 * @param marketData venues whose books, metadata and settlements are published
 * @param watch markets whose books are published without a signal or a position naming them
 */
public record VenueSettings(Kalshi kalshi, Polymarket polymarket, List<Venue> marketData, List<MarketId> watch) {
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost", "[::1]");

    static final VenueSettings DEFAULT = new VenueSettings(Kalshi.DEFAULT, Polymarket.DEFAULT, List.of(), List.of());

    public VenueSettings {
        kalshi = kalshi == null ? Kalshi.DEFAULT : kalshi;
        polymarket = polymarket == null ? Polymarket.DEFAULT : polymarket;
        marketData = marketData == null ? List.of() : List.copyOf(new TreeSet<>(marketData));
        watch = watch == null ? List.of() : List.copyOf(watch);
        if (marketData.contains(Venue.PAPER)) {
            throw InvalidSetting.of("market-data", "market-data has paper, which has no books of its own");
        }
        for (MarketId market : watch) {
            if (!marketData.contains(market.venue())) {
                throw InvalidSetting.of(
                        "watch", "watch has " + market + ", but market-data leaves " + market.venue() + " out");
            }
        }
    }

    /** Which of a venue's hosts. */
    public enum Environment {
        /** Real money. */
        PRODUCTION,
        /** The venue's own playground with play money; Kalshi has one. */
        DEMO,
        /** A simulated venue on the loopback interface, at {@code address}. */
        SIMULATED;

        /** Whether real money can be lost there. */
        public boolean isRealMoney() {
            return this == PRODUCTION;
        }
    }

    /**
     * Kalshi.
     *
     * @param address of a simulated venue, as in {@code http://127.0.0.1:8089}
     * @param percentOfRateLimits our share of what the key may do, 1 to 100
     * @param readLagMs how far reads may lag behind the exchange
     */
    public record Kalshi(
            Environment environment, Optional<URI> address, Integer percentOfRateLimits, Integer readLagMs) {
        static final Kalshi DEFAULT = new Kalshi(Environment.PRODUCTION, Optional.empty(), 25, 2_000);

        public Kalshi {
            environment = environment == null ? Environment.PRODUCTION : environment;
            address = address == null ? Optional.empty() : address;
            percentOfRateLimits = percentOfRateLimits == null ? 25 : percentOfRateLimits;
            readLagMs = readLagMs == null ? 2_000 : readLagMs;
            requireAddress(environment, address);
            SluiceConfig.require("percent-of-rate-limits", percentOfRateLimits, 1, 100);
            SluiceConfig.require("read-lag-ms", readLagMs, 0, 600_000);
        }
    }

    /**
     * Polymarket.
     *
     * @param address of a simulated venue, as in {@code http://127.0.0.1:8090}
     * @param heartbeats whether the venue is to cancel our orders when we fall silent
     * @param geoblock whether the venue is asked if it admits this place; can be left out for a simulated one only
     * @param readLagMs how far reads may lag behind the exchange
     * @param chainUrl JSON-RPC interface of a node of the venue's chain, to look at wallets past the venue's caches;
     *     may hold a key of the node's owner, and so is never shown
     */
    public record Polymarket(
            Environment environment,
            Optional<URI> address,
            Boolean heartbeats,
            Boolean geoblock,
            Integer readLagMs,
            Optional<URI> chainUrl) {
        static final Polymarket DEFAULT =
                new Polymarket(Environment.PRODUCTION, Optional.empty(), true, true, 5_000, Optional.empty());

        public Polymarket {
            environment = environment == null ? Environment.PRODUCTION : environment;
            address = address == null ? Optional.empty() : address;
            heartbeats = heartbeats == null || heartbeats;
            geoblock = geoblock == null || geoblock;
            readLagMs = readLagMs == null ? 5_000 : readLagMs;
            chainUrl = chainUrl == null ? Optional.empty() : chainUrl;
            if (chainUrl.isPresent() && !isSafe(chainUrl.get())) {
                // Not quoted: it may hold a key.
                throw InvalidSetting.of(
                        "chain-url",
                        "chain-url is no address that begins with https://, or with http:// on the loopback interface");
            }
            requireAddress(environment, address);
            SluiceConfig.require("read-lag-ms", readLagMs, 0, 600_000);
            if (environment == Environment.DEMO) {
                throw InvalidSetting.of(
                        "environment",
                        "environment is demo, and Polymarket has none; there are production and simulated");
            }
            if (!geoblock && environment == Environment.PRODUCTION) {
                throw InvalidSetting.refused(
                        "geoblock", "geoblock is off; the venue decides from where it may be traded on, and is asked");
            }
        }
    }

    private static boolean isSafe(URI address) {
        return address.getHost() != null
                && ("https".equals(address.getScheme())
                        || ("http".equals(address.getScheme()) && LOOPBACK.contains(address.getHost())));
    }

    private static void requireAddress(Environment environment, Optional<URI> address) {
        if (environment != Environment.SIMULATED) {
            if (address.isPresent()) {
                throw InvalidSetting.of(
                        "address",
                        "address is for a simulated venue; " + word(environment) + " has its own. Leave it out, or set"
                                + " environment: simulated");
            }
            return;
        }
        URI at = address.orElseThrow(() -> InvalidSetting.of(
                "environment", "environment is simulated, and address is missing, such as http://127.0.0.1:8089"));
        if (!"http".equals(at.getScheme()) || at.getPort() < 0 || !LOOPBACK.contains(String.valueOf(at.getHost()))) {
            throw InvalidSetting.refused(
                    "address",
                    "address is " + at + "; a simulated venue is on the loopback interface, as http://127.0.0.1:PORT");
        }
    }

    private static String word(Environment environment) {
        return environment.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Which of its hosts a venue is reached at. */
    public Environment environmentOf(Venue venue) {
        return switch (venue) {
            case KALSHI -> kalshi.environment();
            case POLYMARKET -> polymarket.environment();
            case PAPER -> Environment.SIMULATED;
        };
    }

    /**
     * How an account is known to Kalshi. Its private key is in a file or in an environment variable.
     *
     * @param keyFile PEM of the private key, RSA or Ed25519, readable by its owner alone
     * @param keyVariable name of the environment variable that holds the PEM
     * @param passphraseFile passphrase of an encrypted key, readable by its owner alone
     * @param subaccount that the key is locked to; none for the primary one
     */
    public record KalshiAccess(
            String keyId,
            Optional<Path> keyFile,
            Optional<String> keyVariable,
            Optional<Path> passphraseFile,
            Optional<Integer> subaccount) {
        public KalshiAccess {
            keyFile = keyFile == null ? Optional.empty() : keyFile;
            keyVariable = keyVariable == null ? Optional.empty() : keyVariable;
            passphraseFile = passphraseFile == null ? Optional.empty() : passphraseFile;
            subaccount = subaccount == null ? Optional.empty() : subaccount;
            if (keyId == null || keyId.isBlank()) {
                throw InvalidSetting.of(
                        "key-id", "key-id is missing; Kalshi shows it beside the key (or set KALSHI_API_KEY)");
            }
            requireOneSource(
                    "key-file",
                    keyFile,
                    "key-variable",
                    keyVariable,
                    "it holds the private key as PEM (or set KALSHI_PRIVATE_KEY or KALSHI_PRIVATE_KEY_PATH)");
        }

        KalshiAccess in(Path folder) {
            return new KalshiAccess(
                    keyId, keyFile.map(folder::resolve), keyVariable, passphraseFile.map(folder::resolve), subaccount);
        }
    }

    /** A secret is in one place; where it could be in two, nobody would know which one signs. */
    private static void requireOneSource(
            String fileKey, Optional<Path> file, String variableKey, Optional<String> variable, String what) {
        if (file.isPresent() && variable.isPresent()) {
            throw InvalidSetting.of(
                    variableKey, "there is a " + fileKey + " and a " + variableKey + "; leave one of them out");
        }
        if (file.isEmpty() && variable.isEmpty()) {
            throw InvalidSetting.of(fileKey, fileKey + " is missing; " + what);
        }
        // Not quoted: it may be the secret itself. A key in capital hex digits could pass for a name.
        if (variable.isPresent()
                && (!variable.get().matches("[A-Z_][A-Z0-9_]*")
                        || variable.get().matches("[0-9A-Fa-f]{64}"))) {
            throw InvalidSetting.of(
                    variableKey,
                    variableKey
                            + " is no name of an environment variable (capital letters, digits and _, and not 64 hex"
                            + " digits, which are a key); the secret itself never stands in this file");
        }
    }

    /** Which wallet holds the funds. */
    public enum Wallet {
        EOA,
        PROXY,
        SAFE,
        DEPOSIT
    }

    /**
     * How an account is known to Polymarket. The owner's key is in a file or in an environment variable.
     *
     * @param walletFile the owner's key: an encrypted keystore (V3 JSON) or 64 hex digits, readable by its owner alone
     * @param walletVariable name of the environment variable that holds the same
     * @param passwordFile of an encrypted keystore, readable by its owner alone
     * @param wallet what holds the funds
     * @param funder address of that wallet; the owner's own if left out, which only an EOA may
     */
    public record PolymarketAccess(
            Optional<Path> walletFile,
            Optional<String> walletVariable,
            Optional<Path> passwordFile,
            Wallet wallet,
            Optional<String> funder) {
        public PolymarketAccess {
            walletFile = walletFile == null ? Optional.empty() : walletFile;
            walletVariable = walletVariable == null ? Optional.empty() : walletVariable;
            passwordFile = passwordFile == null ? Optional.empty() : passwordFile;
            wallet = wallet == null ? Wallet.EOA : wallet;
            funder = funder == null ? Optional.empty() : funder;
            requireOneSource(
                    "wallet-file",
                    walletFile,
                    "wallet-variable",
                    walletVariable,
                    "it holds the wallet owner's key (or set POLYMARKET_PRIVATE_KEY)");
            if (wallet != Wallet.EOA && funder.isEmpty()) {
                throw InvalidSetting.of(
                        "funder", "funder is missing; with a " + wallet + " wallet it is not the key's own address");
            }
        }

        PolymarketAccess in(Path folder) {
            return new PolymarketAccess(
                    walletFile.map(folder::resolve), walletVariable, passwordFile.map(folder::resolve), wallet, funder);
        }
    }
}

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
     */
    public record Polymarket(
            Environment environment, Optional<URI> address, Boolean heartbeats, Boolean geoblock, Integer readLagMs) {
        static final Polymarket DEFAULT = new Polymarket(Environment.PRODUCTION, Optional.empty(), true, true, 5_000);

        public Polymarket {
            environment = environment == null ? Environment.PRODUCTION : environment;
            address = address == null ? Optional.empty() : address;
            heartbeats = heartbeats == null || heartbeats;
            geoblock = geoblock == null || geoblock;
            readLagMs = readLagMs == null ? 5_000 : readLagMs;
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
        if (!"http".equals(at.getScheme())
                || at.getPort() < 0
                || !List.of("127.0.0.1", "localhost", "[::1]").contains(String.valueOf(at.getHost()))) {
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
     * How an account is known to Kalshi.
     *
     * @param keyFile PEM of the private key, RSA or Ed25519, readable by its owner alone
     * @param passphraseFile passphrase of an encrypted key, readable by its owner alone
     * @param subaccount that the key is locked to; none for the primary one
     */
    public record KalshiAccess(
            String keyId, Path keyFile, Optional<Path> passphraseFile, Optional<Integer> subaccount) {
        public KalshiAccess {
            passphraseFile = passphraseFile == null ? Optional.empty() : passphraseFile;
            subaccount = subaccount == null ? Optional.empty() : subaccount;
            if (keyId == null || keyId.isBlank()) {
                throw InvalidSetting.of("key-id", "key-id is missing; Kalshi shows it beside the key");
            }
            if (keyFile == null) {
                throw InvalidSetting.of("key-file", "key-file is missing; it holds the private key as PEM");
            }
        }

        KalshiAccess in(Path folder) {
            return new KalshiAccess(keyId, folder.resolve(keyFile), passphraseFile.map(folder::resolve), subaccount);
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
     * How an account is known to Polymarket.
     *
     * @param walletFile the owner's key: an encrypted keystore (V3 JSON) or 64 hex digits, readable by its owner alone
     * @param passwordFile of an encrypted keystore, readable by its owner alone
     * @param wallet what holds the funds
     * @param funder address of that wallet; the owner's own if left out, which only an EOA may
     */
    public record PolymarketAccess(
            Path walletFile, Optional<Path> passwordFile, Wallet wallet, Optional<String> funder) {
        public PolymarketAccess {
            passwordFile = passwordFile == null ? Optional.empty() : passwordFile;
            wallet = wallet == null ? Wallet.EOA : wallet;
            funder = funder == null ? Optional.empty() : funder;
            if (walletFile == null) {
                throw InvalidSetting.of("wallet-file", "wallet-file is missing; it holds the wallet owner's key");
            }
            if (wallet != Wallet.EOA && funder.isEmpty()) {
                throw InvalidSetting.of(
                        "funder", "funder is missing; with a " + wallet + " wallet it is not the key's own address");
            }
        }

        PolymarketAccess in(Path folder) {
            return new PolymarketAccess(folder.resolve(walletFile), passwordFile.map(folder::resolve), wallet, funder);
        }
    }
}

package sluice.console.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sluice.domain.AccountId;
import sluice.domain.Micros;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.domain.StrategyId;
import sluice.domain.Venue;
import sluice.domain.risk.Limit;
import sluice.topics.Topic;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;

/**
 * Everything that can be set, checked. A record that exists is one that Sluice can start with.
 *
 * <p>What is left out has the default that is written in the record's constructor; limits have none.
 *
 * @param mode what may happen to orders; the mode of every account that names none
 * @param dataDirectory where the embedded stack keeps its data, one folder for each stack
 * @param tradingDayZone where a trading day begins at midnight
 * @param limits limits of every order, whatever its account or strategy
 * @param allowedMarkets markets that may be traded, as patterns over {@code venue:id} with * and ?
 * @param venues where the venues are, and which of their markets are followed
 * @param restrictedCategories categories that may not be traded
 * @param notEnforcedYet settings of controls that this version does not have
 */
public record SluiceConfig(
        Mode mode,
        Path dataDirectory,
        ZoneId tradingDayZone,
        Kafka kafka,
        Registry registry,
        Embedded embedded,
        List<Account> accounts,
        List<Strategy> strategies,
        LimitValues limits,
        List<String> allowedMarkets,
        List<String> restrictedCategories,
        Map<String, String> notEnforcedYet,
        Paper paper,
        VenueSettings venues,
        Signals signals,
        Intervals intervals) {
    public SluiceConfig {
        mode = mode == null ? Mode.PAPER : mode;
        dataDirectory = dataDirectory == null ? Path.of("data") : dataDirectory;
        tradingDayZone = tradingDayZone == null ? ZoneOffset.UTC : tradingDayZone;
        kafka = kafka == null ? Kafka.DEFAULT : kafka;
        registry = registry == null ? Registry.DEFAULT : registry;
        embedded = embedded == null ? Embedded.DEFAULT : embedded;
        accounts = accounts == null ? List.of(Account.MAIN) : List.copyOf(accounts);
        strategies = strategies == null ? List.of() : List.copyOf(strategies);
        limits = limits == null ? LimitValues.NONE : limits;
        allowedMarkets = allowedMarkets == null ? List.of() : List.copyOf(allowedMarkets);
        restrictedCategories = restrictedCategories == null ? List.of() : List.copyOf(restrictedCategories);
        notEnforcedYet =
                notEnforcedYet == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(notEnforcedYet));
        paper = paper == null ? Paper.DEFAULT : paper;
        venues = venues == null ? VenueSettings.DEFAULT : venues;
        signals = signals == null ? Signals.DEFAULT : signals;
        intervals = intervals == null ? Intervals.DEFAULT : intervals;

        requireAccounts(accounts);
        requireAccess(mode, accounts, venues);
        requireStrategies(strategies);
        for (String market : allowedMarkets) {
            if (market.indexOf(':') < 1) {
                throw InvalidSetting.of(
                        "allowed-markets",
                        "\"" + market + "\" is not a pattern over venue:id, such as kalshi:* or polymarket:0x12*");
            }
        }
        notEnforcedYet.forEach((key, value) -> {
            if (FutureControl.byKey(key).isEmpty()) {
                throw InvalidSetting.of(
                        "not-enforced-yet." + key,
                        key + " is not a control that is known to come"
                                + NearestName.suggestion(key, FutureControl.keys()));
            }
            if (LimitValues.plainDecimal(key, value) < 0) {
                throw InvalidSetting.of("not-enforced-yet." + key, key + " is negative: " + value);
            }
        });
        AccountId forJson = signals.defaultAccount();
        if (accounts.stream().noneMatch(account -> account.name().equals(forJson))) {
            throw InvalidSetting.of(
                    "signals.default-account",
                    "default-account is " + forJson + ", but accounts has only " + names(accounts));
        }
    }

    private static void requireAccounts(List<Account> accounts) {
        if (accounts.isEmpty()) {
            throw InvalidSetting.of("accounts", "accounts is empty; at least one account must trade");
        }
        var seen = new HashSet<AccountId>();
        for (int i = 0; i < accounts.size(); i++) {
            if (!seen.add(accounts.get(i).name())) {
                throw InvalidSetting.of(
                        "accounts[" + i + "].name", "account " + accounts.get(i).name() + " is listed twice");
            }
        }
    }

    private static void requireStrategies(List<Strategy> strategies) {
        var seen = new HashSet<String>();
        for (int i = 0; i < strategies.size(); i++) {
            Strategy strategy = strategies.get(i);
            if (!seen.add(strategy.account() + "|" + strategy.name())) {
                throw InvalidSetting.of(
                        "strategies[" + i + "].name",
                        "strategy " + strategy.name() + " is listed twice for account " + strategy.account());
            }
        }
    }

    private static String names(List<Account> accounts) {
        return String.join(", ", accounts.stream().map(a -> a.name().value()).toList());
    }

    /** Whoever signs orders needs keys to sign with, and so does whoever reads books. */
    private static void requireAccess(Mode mode, List<Account> accounts, VenueSettings venues) {
        for (int i = 0; i < accounts.size(); i++) {
            Account account = accounts.get(i);
            Mode own = account.mode().orElse(mode);
            if (own != Mode.PAPER
                    && account.kalshi().isEmpty()
                    && account.polymarket().isEmpty()) {
                throw InvalidSetting.refused(
                        account.mode().isPresent() ? "accounts[" + i + "].mode" : "mode",
                        "account " + account.name() + " is in mode " + own + " and has no access to any venue;"
                                + " add kalshi or polymarket to it, or set mode: PAPER");
            }
        }
        for (Venue venue : venues.marketData()) {
            boolean readable = accounts.stream().anyMatch(account -> account.reaches(venue));
            if (!readable) {
                throw InvalidSetting.of(
                        "venues.market-data",
                        "market-data has " + venue
                                + ", but no account has access to it; its books are read with a key");
            }
        }
    }

    /** The same with other venues and accounts. */
    public SluiceConfig trading(VenueSettings at, List<Account> by) {
        return new SluiceConfig(
                mode,
                dataDirectory,
                tradingDayZone,
                kafka,
                registry,
                embedded,
                by,
                strategies,
                limits,
                allowedMarkets,
                restrictedCategories,
                notEnforcedYet,
                paper,
                at,
                signals,
                intervals);
    }

    /** The mode in which an account trades: its own, or the general one. */
    public Mode modeOf(Account account) {
        return account.mode().orElse(mode);
    }

    /** Accounts whose orders are sent to a venue with real money. */
    public List<Account> tradingRealMoney() {
        return accounts.stream()
                .filter(account -> modeOf(account) == Mode.LIVE
                        && List.of(Venue.KALSHI, Venue.POLYMARKET).stream()
                                .anyMatch(venue -> account.reaches(venue)
                                        && venues.environmentOf(venue).isRealMoney()))
                .toList();
    }

    /** Limits that neither the general section nor the account sets; every one of them refuses every order. */
    public List<Limit> unsetLimits(Account account) {
        return Arrays.stream(Limit.values())
                .filter(limit -> limits.get(limit).isEmpty()
                        && account.limits().get(limit).isEmpty())
                .toList();
    }

    /** What the file sets of the controls that this version does not have. */
    public List<FutureControl> notEnforced() {
        var controls = new ArrayList<FutureControl>();
        notEnforcedYet.keySet().forEach(key -> FutureControl.byKey(key).ifPresent(controls::add));
        return controls;
    }

    /**
     * The brokers and how to speak to them.
     *
     * @param bootstrapServers host:port, comma-separated; empty for the embedded broker
     * @param prefix what the name of every topic begins with
     * @param partitions partitions by topic name without prefix, where they differ from the catalogue; cannot be
     *     changed once topics exist
     * @param replication copies of every partition
     * @param properties further client settings, such as security.protocol
     */
    public record Kafka(
            Optional<String> bootstrapServers,
            String prefix,
            Map<String, Integer> partitions,
            Integer replication,
            Map<String, String> properties) {
        static final Kafka DEFAULT = new Kafka(Optional.empty(), "sluice.", Map.of(), 1, Map.of());

        public Kafka {
            bootstrapServers = unlessEmbedded("bootstrap-servers", bootstrapServers);
            prefix = prefix == null ? "sluice." : prefix;
            partitions = partitions == null ? Map.of() : Map.copyOf(partitions);
            replication = replication == null ? 1 : replication;
            properties = properties == null ? Map.of() : Map.copyOf(properties);
            if (!prefix.matches("[a-zA-Z0-9._-]{0,100}")) {
                throw InvalidSetting.of(
                        "prefix",
                        "prefix \"" + prefix + "\" may hold letters, digits, dots, dashes and underscores only");
            }
            partitions.forEach((topic, count) -> {
                if (Topics.byName(topic).isEmpty()) {
                    throw InvalidSetting.of(
                            "partitions." + topic,
                            topic + " is no topic"
                                    + NearestName.suggestion(
                                            topic,
                                            Topics.all().stream()
                                                    .map(Topic::name)
                                                    .toList()));
                }
                require("partitions." + topic, count, 1, 1000);
            });
            require("replication", replication, 1, 9);
            if (bootstrapServers.isEmpty() && replication != 1) {
                throw InvalidSetting.of(
                        "replication",
                        "replication is " + replication + ", but the embedded stack has one broker; set it to 1");
            }
        }
    }

    /**
     * The schema registry.
     *
     * @param url base address of its Confluent-compatible API; empty for the embedded registry
     */
    public record Registry(Optional<String> url) {
        static final Registry DEFAULT = new Registry(Optional.empty());

        public Registry {
            url = unlessEmbedded("url", url);
            url.ifPresent(address -> {
                if (!address.matches("https?://[^\\s]+")) {
                    throw InvalidSetting.of(
                            "url", "url is \"" + address + "\"; it must be embedded or begin with http:// or https://");
                }
            });
        }
    }

    /** Ports of the embedded stack for clients, on the loopback interface; 0 takes any free one. */
    public record Embedded(Integer kafkaPort, Integer registryPort) {
        static final Embedded DEFAULT = new Embedded(9092, 8081);

        public Embedded {
            kafkaPort = kafkaPort == null ? 9092 : kafkaPort;
            registryPort = registryPort == null ? 8081 : registryPort;
            require("kafka-port", kafkaPort, 0, 65535);
            require("registry-port", registryPort, 0, 65535);
            if (registryPort != 0 && registryPort.equals(kafkaPort)) {
                throw InvalidSetting.of("registry-port", "registry-port " + registryPort + " is taken by the broker");
            }
        }
    }

    /**
     * An account that trades.
     *
     * @param mode its own mode; empty to follow the general one
     * @param limits its own limits; where the general section sets one too, the tighter holds
     * @param kalshi how Kalshi knows it; empty where it does not
     * @param polymarket how Polymarket knows it; empty where it does not
     */
    public record Account(
            AccountId name,
            Optional<Mode> mode,
            LimitValues limits,
            Optional<VenueSettings.KalshiAccess> kalshi,
            Optional<VenueSettings.PolymarketAccess> polymarket) {
        static final Account MAIN = new Account(
                new AccountId("main"), Optional.empty(), LimitValues.NONE, Optional.empty(), Optional.empty());

        public Account {
            if (name == null) {
                throw InvalidSetting.of("name", "an account has no name; add name: main");
            }
            if (name.equals(AccountId.ALL)) {
                throw InvalidSetting.of("name", "* stands for every account and cannot be the name of one");
            }
            mode = mode == null ? Optional.empty() : mode;
            limits = limits == null ? LimitValues.NONE : limits;
            kalshi = kalshi == null ? Optional.empty() : kalshi;
            polymarket = polymarket == null ? Optional.empty() : polymarket;
        }

        /** Whether it has access to a venue. */
        public boolean reaches(Venue venue) {
            return switch (venue) {
                case KALSHI -> kalshi.isPresent();
                case POLYMARKET -> polymarket.isPresent();
                case PAPER -> true;
            };
        }

        /** The same account in mode LIVE, with this access. */
        public Account live(
                Optional<VenueSettings.KalshiAccess> toKalshi, Optional<VenueSettings.PolymarketAccess> toPolymarket) {
            return new Account(name, Optional.of(Mode.LIVE), limits, toKalshi, toPolymarket);
        }

        Account in(Path folder) {
            return new Account(
                    name, mode, limits, kalshi.map(it -> it.in(folder)), polymarket.map(it -> it.in(folder)));
        }
    }

    /**
     * Limits of one strategy.
     *
     * @param account account in which they hold, or {@link AccountId#ALL}
     */
    public record Strategy(StrategyId name, AccountId account, LimitValues limits) {
        public Strategy {
            if (name == null) {
                throw InvalidSetting.of("name", "a strategy has no name");
            }
            account = account == null ? AccountId.ALL : account;
            limits = limits == null ? LimitValues.NONE : limits;
        }
    }

    /**
     * The simulated venue.
     *
     * @param startingBalances dollars of every account at each venue
     * @param seed seed of everything that is drawn at random
     * @param latencyMs how long an order travels
     * @param assumedDepth contracts at each price of a book that was recorded without quantities
     */
    public record Paper(Map<Venue, Money> startingBalances, Long seed, Latency latencyMs, Quantity assumedDepth) {
        static final Paper DEFAULT = new Paper(
                Map.of(Venue.KALSHI, dollars(1_000), Venue.POLYMARKET, dollars(1_000), Venue.PAPER, dollars(1_000)),
                1L,
                Latency.MEASURED,
                new Quantity(10 * Micros.ONE));

        public Paper {
            var balances = new EnumMap<Venue, Money>(Venue.class);
            for (Venue venue : Venue.values()) {
                balances.put(venue, dollars(1_000));
            }
            if (startingBalances != null) {
                balances.putAll(startingBalances);
            }
            startingBalances = Collections.unmodifiableMap(balances);
            seed = seed == null ? 1L : seed;
            latencyMs = latencyMs == null ? Latency.MEASURED : latencyMs;
            assumedDepth = assumedDepth == null ? new Quantity(10 * Micros.ONE) : assumedDepth;
            startingBalances.forEach((venue, balance) -> {
                if (balance.isNegative()) {
                    throw InvalidSetting.of("starting-balances", "the starting balance at " + venue + " is negative");
                }
            });
        }

        private static Money dollars(long whole) {
            return new Money(Math.multiplyExact(whole, Micros.ONE));
        }
    }

    /**
     * How long an order travels to the simulated exchange.
     *
     * @param fixedMillis the same for every order; empty to draw from the distribution measured at Kalshi
     */
    public record Latency(Optional<Integer> fixedMillis) {
        static final Latency MEASURED = new Latency(Optional.empty());

        static Latency parse(String text) {
            if (text.equals("measured")) {
                return MEASURED;
            }
            if (!text.matches("\\d{1,5}")) {
                throw new IllegalArgumentException(
                        "is \"" + text + "\"; it must be measured, or milliseconds from 0 to 99999");
            }
            return new Latency(Optional.of(Integer.valueOf(text)));
        }
    }

    /** Account and strategy of JSON signals that name none. */
    public record Signals(AccountId defaultAccount, StrategyId defaultStrategy) {
        static final Signals DEFAULT = new Signals(new AccountId("main"), new StrategyId("default"));

        public Signals {
            defaultAccount = defaultAccount == null ? new AccountId("main") : defaultAccount;
            defaultStrategy = defaultStrategy == null ? new StrategyId("default") : defaultStrategy;
        }
    }

    /** How often things happen by themselves, in milliseconds. */
    public record Intervals(Integer tickMs, Integer marksMs, Integer snapshotsMs) {
        static final Intervals DEFAULT = new Intervals(1_000, 5_000, 10_000);

        public Intervals {
            tickMs = tickMs == null ? 1_000 : tickMs;
            marksMs = marksMs == null ? 5_000 : marksMs;
            snapshotsMs = snapshotsMs == null ? 10_000 : snapshotsMs;
            require("tick-ms", tickMs, 100, 10_000);
            require("marks-ms", marksMs, 100, 600_000);
            require("snapshots-ms", snapshotsMs, 100, 600_000);
        }
    }

    /** What of the topics belongs to this deployment. */
    public TopicSettings topicSettings() {
        return new TopicSettings(kafka.prefix(), kafka.replication().shortValue(), kafka.partitions());
    }

    static void require(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw InvalidSetting.of(key, key + " is " + value + "; from " + least + " to " + most + " is allowed");
        }
    }

    /** The value, unless it is absent or the word that stands for our own embedded one. */
    private static Optional<String> unlessEmbedded(String key, Optional<String> value) {
        if (value == null) {
            return Optional.empty();
        }
        if (value.filter(String::isBlank).isPresent()) {
            throw InvalidSetting.of(key, key + " is empty; write an address, or embedded");
        }
        return value.filter(text -> !text.equals("embedded"));
    }
}

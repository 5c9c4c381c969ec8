package sluice.console.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import sluice.console.config.ConfigReader;
import sluice.console.config.SluiceConfig;
import sluice.domain.AccountId;
import sluice.domain.Action;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Price;
import sluice.domain.Quantity;
import sluice.domain.Side;
import sluice.domain.StrategyId;
import sluice.domain.TimeInForce;
import sluice.domain.Venue;
import sluice.domain.market.Market;
import sluice.domain.order.OrderCommand;
import sluice.venues.api.OpenOrder;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.http.HttpSettings;
import sluice.venues.http.VenueHttp;
import sluice.venues.polymarket.ApiKeys;
import sluice.venues.polymarket.PolymarketAccount;
import sluice.venues.polymarket.PolymarketClient;
import sluice.venues.polymarket.PolymarketConfig;
import sluice.venues.polymarket.SignatureType;
import sluice.venues.polymarket.WalletFile;
import sluice.venues.polymarket.WalletKey;
import sluice.venues.simulator.Simulator;

/**
 * A simulated Polymarket with one account and one market, a configuration that trades LIVE there, and another trader
 * with the same key, who sends no heartbeats.
 */
public final class SimulatedPolymarket implements AutoCloseable {
    /** A key that everybody knows. */
    public static final String SECRET = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    public static final String ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
    private static final AccountId MAIN = new AccountId("main");
    private static final MarketId MARKET = new MarketId(Venue.POLYMARKET, "0x" + "5f".repeat(32));

    private final Path folder;
    private final Simulator simulator;
    private final VenueHttp http = new VenueHttp(HttpSettings.DEFAULT, InstantSource.system());
    private final PolymarketClient other;

    /** @param heartbeatMillis silence after which the venue cancels, once it has heard a heartbeat */
    public SimulatedPolymarket(Path folder, long heartbeatMillis) throws IOException {
        this.folder = folder;
        Path setup = Files.writeString(
                folder.resolve("polymarket.json"), """
                {"heartbeatMillis": %d,
                 "accounts": [{"name": "main", "address": "%s", "cash": {"0": "1000.00"}}],
                 "markets": [{"conditionId": "%s", "yesToken": "71321045679252212594626385532706912750332728571942532289631379312455583992563",
                              "noToken": "52114319501245915516055106046884209969926127482827954674443846427813813222426",
                              "question": "Rain?"}]}
                """.formatted(heartbeatMillis, ADDRESS, MARKET.id()));
        simulator = Simulator.start(new Simulator.Settings(
                Simulator.Kind.POLYMARKET, 0, 0, folder.resolve("ledger"), null, 1, setup, null, 1, false, 0));
        Path wallet = Files.writeString(folder.resolve("wallet.key"), SECRET);
        Files.setPosixFilePermissions(wallet, PosixFilePermissions.fromString("rw-------"));
        other = trader();
    }

    private PolymarketClient trader() throws IOException {
        var one = PolymarketConfig.oneHost(address(), true, Mode.LIVE);
        var config = new PolymarketConfig(
                one.clob(),
                one.gamma(),
                one.data(),
                one.geoblock(),
                one.marketSocket(),
                one.userSocket(),
                one.chain(),
                one.mode(),
                one.readLag(),
                one.maxClockOffset(),
                false,
                one.builder(),
                one.sockets());
        WalletKey key = WalletFile.parse("a test", SECRET, "");
        var credentials = value(new ApiKeys(http, config.clob(), config.chain().chainId(), InstantSource.system())
                .createOrDerive(key, 0));
        return new PolymarketClient(
                config,
                List.of(new PolymarketAccount(MAIN, key, SignatureType.EOA, key.address(), credentials)),
                http,
                InstantSource.system(),
                (market, why) -> {});
    }

    /** A configuration whose account main trades LIVE here, in a file. */
    public Path configuration(String moreOfTheVenue) throws IOException {
        return Files.writeString(folder.resolve("sluice.yaml"), """
                accounts: [{name: main, mode: LIVE, polymarket: {wallet-file: wallet.key}}]
                venues:
                  polymarket: {environment: simulated, address: "%s", read-lag-ms: 500%s}
                """.formatted(address(), moreOfTheVenue));
    }

    SluiceConfig config() throws IOException {
        return ConfigReader.read(configuration(""), Map.of()).config();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + simulator.port());
    }

    /** Switches faults on, in their own format. */
    void faults(String faults) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.adminPort() + "/faults"))
                .PUT(HttpRequest.BodyPublishers.ofString(faults))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IOException(answer.body());
            }
        }
    }

    /** Has the other trader place an order that rests. */
    public void rest() {
        other.refresh();
        Market market = value(other.market(MARKET));
        var outcome = other.submit(other.prepare(new OrderCommand(
                OrderCommand.Type.PLACE,
                new OrderId("resting"),
                MAIN,
                new StrategyId("s"),
                Mode.LIVE,
                market,
                null,
                Side.YES,
                Action.BUY,
                Price.parse("0.10"),
                Quantity.parse("10"),
                TimeInForce.GTC,
                false,
                null,
                Long.MAX_VALUE,
                1_795_100_000_123L,
                1,
                "a test",
                null,
                null,
                null)));
        if (!(outcome instanceof SubmitOutcome.Accepted)) {
            throw new IllegalStateException("the order does not rest: " + outcome);
        }
    }

    public List<OpenOrder> openOrders() {
        return value(other.openOrders(MAIN));
    }

    private static <T> T value(ReadOutcome<T> outcome) {
        return switch (outcome) {
            case ReadOutcome.Complete<T> complete -> complete.value();
            case ReadOutcome.Failed<T> failed -> throw new IllegalStateException(failed.why());
        };
    }

    @Override
    public void close() throws IOException {
        other.close();
        http.close();
        simulator.close();
    }
}

package sluice.console.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.console.config.FileProblem;
import sluice.venues.simulator.Simulator;

/** Runs a venue on this machine. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Run a simulated venue that speaks Kalshi's or Polymarket's protocol on the loopback interface, until Ctrl-C.",
            "It verifies every signature, matches orders, keeps a durable ledger, and misbehaves as it is told to."
        },
        footer = {
            "%nThe setup file says who may trade what; one for Kalshi, with a key of your own:",
            "  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k.pem; chmod 600 k.pem",
            "  openssl pkey -in k.pem -pubout   (goes into publicKey, with \\n for its line ends)",
            "  {\"accounts\": [{\"name\": \"me\", \"tier\": \"basic\", \"cash\": {\"0\": \"1000.00\"},",
            "     \"keys\": [{\"id\": \"00000000-0000-0000-0000-000000000000\", \"publicKey\": \"-----BEGIN PUBLIC KEY-----...\"}]}],",
            "   \"markets\": [{\"ticker\": \"KXSIM-1\", \"event\": \"KXSIM\"}]}",
            "%nOne for Polymarket. This address is that of a key that everybody knows, the one below it: for play only. The",
            "wallet file is the 64 digits; for a key of your own, put its address here. Token ids are numbers of your choice, not",
            "below 2^104:",
            "  printf ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80 > wallet.key; chmod 600 wallet.key",
            "  {\"accounts\": [{\"name\": \"me\", \"address\": \"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\",",
            "     \"cash\": {\"0\": \"1000.00\"}}],",
            "   \"markets\": [{\"conditionId\": \"0x5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f\",",
            "     \"yesToken\": \"71321045679252212594626385532706912750332728571942532289631379312455583992563\",",
            "     \"noToken\": \"52114319501245915516055106046884209969926127482827954674443846427813813222426\",",
            "     \"question\": \"Will it rain?\"}]}",
            "With chain-url: http://127.0.0.1:8090/chain (its port) the wallet can be read as if from the chain.",
            "%nAll of it, and the format of faults: the class comments of sluice.venues.simulator.Simulator, PolymarketProtocol",
            "and Faults. Books are empty without --random-maker or --recording. The admin port shows the ledger (GET /ledger)",
            "and switches faults.",
            "%nExamples:",
            "  ./sluice simulate kalshi --setup kalshi.json --ledger data/kalshi-sim --port 8089 --random-maker",
            "  ./sluice simulate polymarket --setup poly.json --ledger data/poly-sim --port 8090 --faults faults.json --seed 7"
        })
final class SimulateCommand implements Callable<Integer> {
    private final Host host;

    @Parameters(paramLabel = "VENUE", description = "kalshi or polymarket.")
    Simulator.Kind venue = Simulator.Kind.KALSHI;

    @Option(names = "--setup", paramLabel = "FILE", required = true, description = "Accounts, public keys and markets.")
    Path setup = Path.of("setup.json");

    @Option(names = "--ledger", paramLabel = "FOLDER", required = true, description = "Where it remembers everything.")
    Path ledger = Path.of("ledger");

    @Option(names = "--port", paramLabel = "PORT", description = "Of the venue. Default: any that is free.")
    int port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "Of ledger and faults. Default: any that is free.")
    int adminPort;

    @Option(names = "--faults", paramLabel = "FILE", description = "Faults that are on from the start.")
    @Nullable
    Path faults;

    @Option(names = "--seed", paramLabel = "N", description = "Of everything random. Default: 1.")
    long seed = 1;

    @Option(names = "--recording", paramLabel = "PATH", description = "Feeds the books from a recording.")
    @Nullable
    Path recording;

    @Option(names = "--speed", paramLabel = "N", description = "How many times as fast as recorded. Default: 1.")
    int speed = 1;

    @Option(names = "--random-maker", description = "Feeds the books from a random maker.")
    boolean randomMaker;

    @Option(names = "--read-lag-ms", paramLabel = "MILLIS", description = "How late reads are. Default: 0.")
    long readLagMillis;

    SimulateCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws InterruptedException {
        Simulator simulator;
        try {
            simulator = Simulator.start(new Simulator.Settings(
                    venue,
                    port,
                    adminPort,
                    host.workingDirectory().resolve(ledger),
                    faults == null ? null : host.workingDirectory().resolve(faults),
                    seed,
                    host.workingDirectory().resolve(setup),
                    recording == null ? null : host.workingDirectory().resolve(recording),
                    speed,
                    randomMaker,
                    readLagMillis));
        } catch (FileSystemException e) {
            throw cannot(e.getFile() + ": " + FileProblem.words(e));
        } catch (IOException e) {
            throw cannot(FileProblem.words(e));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
        var ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                simulator.close();
                            } catch (IOException e) {
                                host.say("it did not stop cleanly: " + FileProblem.words(e));
                            } finally {
                                ended.countDown();
                            }
                        },
                        "simulate-shutdown"));
        host.out().println("port " + simulator.port() + " admin " + simulator.adminPort());
        host.out().flush();
        host.say("Ctrl-C ends it");
        ended.await();
        return ExitCode.OK;
    }

    private Failure cannot(String why) {
        return Failure.failed("cannot simulate " + venue.name().toLowerCase(Locale.ROOT) + ": " + why);
    }
}

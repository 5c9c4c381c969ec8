package sluice.console.stack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import sluice.topics.Topic;

/**
 * A real Kafka broker, broker and controller in one, inside this process.
 *
 * <p>It listens on the loopback interface only. Its data survive restarts, also after the process was killed: what it
 * acknowledged is there again. One process at a time may use a directory. A fault that the broker cannot survive, such
 * as a disk that fails, ends the process with one line on stderr, because everything in it would go on without a log.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NODE = "1";
    /** A port found free may be taken before it is bound. */
    private static final int ATTEMPTS = 5;

    /** Below the range that systems hand out by themselves, so that nobody gets one of these between probe and bind. */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;

    private static final int CONTROLLER_PATIENCE_MILLIS = 30_000;

    private static final AtomicBoolean EXIT_PROCEDURES_SET = new AtomicBoolean();

    /**
     * Set in a thread while it starts a broker: a fault is that start's failure then, and not the end of the process.
     */
    private static final ThreadLocal<Boolean> STARTING = ThreadLocal.withInitial(() -> false);

    private final KafkaRaftServer server;
    private final FileChannel lock;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, FileChannel lock, int port) {
        this.server = server;
        this.lock = lock;
        this.port = port;
    }

    /**
     * Starts the broker, formatting the directory the first time, and returns once it accepts clients.
     *
     * @param directory where its data are; made if absent
     * @param port port for clients; 0 for any that is free
     * @throws StackException if the directory cannot be used or the port is taken
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(directory, port, EmbeddedBroker::freePort);
    }

    static EmbeddedBroker start(Path directory, int port, IntSupplier freePorts) {
        endWithALineOnFaults();
        var lock = lock(directory);
        try {
            Path data = directory.resolve("kafka");
            boolean ranBefore = Files.exists(data.resolve("meta.properties"));
            if (!ranBefore) {
                format(directory, data);
            }
            for (int attempt = 1; ; attempt++) {
                int clients = port == 0 ? freePorts.getAsInt() : requireFree(port);
                try {
                    if (ranBefore) {
                        forgetTheLastRun(data, freePorts.getAsInt());
                    }
                    return new EmbeddedBroker(started(settings(data, clients, freePorts.getAsInt())), lock, clients);
                } catch (RuntimeException e) {
                    if (attempt == ATTEMPTS) {
                        throw new StackException(
                                "the broker did not start in " + ATTEMPTS + " attempts; the last one ended with: "
                                        + StackException.reason(e),
                                e);
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            release(lock);
            throw e;
        }
    }

    /**
     * Takes the registration of the run before out of the cluster's metadata, with its controller alone.
     *
     * <p>A broker that was killed is still the leader of all partitions there. The next one believes that until its own
     * registration takes the leadership away, and a transaction that was decided but not finished is finished in
     * between: Kafka takes a partition without leader for a deleted one and leaves the transaction's marker out
     * ({@code TransactionMarkerChannelManager}, seen with 4.3.1). Such a partition keeps its readers waiting for ever.
     */
    private static void forgetTheLastRun(Path data, int port) {
        var p = common(data, port);
        p.put("process.roles", "controller");
        p.put("listeners", "CONTROLLER://" + LOOPBACK + ":" + port);
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG,
                LOOPBACK + ":" + port,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                CONTROLLER_PATIENCE_MILLIS);
        var controller = started(p);
        try (var admin = Admin.create(client)) {
            admin.unregisterBroker(Integer.parseInt(NODE)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                throw new IllegalStateException("the last run's broker is still registered: " + e.getCause(), e);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            stop(controller);
        }
    }

    private static KafkaRaftServer started(Properties settings) {
        var server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        STARTING.set(true);
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            stop(server);
            throw e;
        } finally {
            STARTING.remove();
        }
    }

    private static void stop(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Stops the broker; its data stay. */
    @Override
    public void close() {
        stop(server);
        release(lock);
    }

    /** What a controller alone and a whole broker have in common. */
    private static Properties common(Path data, int controllerPort) {
        var p = new Properties();
        p.put("node.id", NODE);
        // Static voters: every start may use other ports on the same data.
        p.put("controller.quorum.voters", NODE + "@" + LOOPBACK + ":" + controllerPort);
        p.put("controller.quorum.fetch.timeout.ms", "1000");
        p.put("controller.quorum.election.timeout.ms", "500");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("log.dirs", data.toString());
        p.put("metadata.log.segment.bytes", "10485760");
        return p;
    }

    private static Properties settings(Path data, int clientPort, int controllerPort) {
        var p = common(data, controllerPort);
        p.put("process.roles", "broker,controller");
        String clients = "PLAINTEXT://" + LOOPBACK + ":" + clientPort;
        p.put("listeners", clients + ",CONTROLLER://" + LOOPBACK + ":" + controllerPort);
        p.put("advertised.listeners", clients);
        p.put("inter.broker.listener.name", "PLAINTEXT");
        p.put("auto.create.topics.enable", "false");
        oneCopyOfEverything(p);
        small(p);
        quickAfterFailures(p);
        // A one-record transaction waits for this when its partitions are still busy with the one before. The bound of
        // the wait stays at its default: below it the broker gives up and clients back off for longer.
        p.put("add.partitions.to.txn.retry.backoff.ms", "1");
        // A stack that rested for a month goes on where it stopped. By default the broker forgets after a week how far
        // each group had read.
        p.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
        // Topics of Kafka Streams carry what the catalogue's topics carry: as large, and by any clock.
        p.put("message.max.bytes", Integer.toString(Topic.LARGEST_WRAPPING_BATCH));
        p.put("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        return p;
    }

    private static void oneCopyOfEverything(Properties p) {
        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.num.partitions", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.num.partitions", "1");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
    }

    private static void small(Properties p) {
        p.put("num.network.threads", "1");
        p.put("num.io.threads", "2");
        p.put("background.threads", "1");
        p.put("num.recovery.threads.per.data.dir", "1");
        p.put("log.cleaner.threads", "1");
        // The default of 128 MiB is allocated at start.
        p.put("log.cleaner.dedupe.buffer.size", "2097152");
        p.put("log.segment.bytes", "67108864");
        // The default of 10 MiB is mapped for every partition.
        p.put("log.index.size.max.bytes", "1048576");
        p.put("offsets.topic.segment.bytes", "10485760");
        p.put("transaction.state.log.segment.bytes", "10485760");
    }

    /** After a kill readers wait out the dead writer's transaction. */
    private static void quickAfterFailures(Properties p) {
        // A broker that is busy or was suspended must not lose its partitions to nobody: markers of transactions would
        // be left out, as after a kill. Its controller lives and dies with it.
        p.put("broker.session.timeout.ms", Integer.toString(Integer.MAX_VALUE));
        p.put("broker.heartbeat.interval.ms", "500");
        p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.min.session.timeout.ms", "1000");
    }

    private static FileChannel lock(Path directory) {
        Path file = directory.resolve("lock");
        FileChannel channel;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StackException(
                    "the data directory " + directory + " cannot be written: " + StackException.reason(e)
                            + "; give the directory to this user, or name another one",
                    e);
        }
        try {
            if (channel.tryLock() != null) {
                channel.truncate(0);
                channel.write(StandardCharsets.UTF_8.encode(
                        Long.toString(ProcessHandle.current().pid())));
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: no other than being taken.
        } catch (IOException e) {
            release(channel);
            throw new StackException(
                    "the data directory " + directory + " cannot be locked: " + StackException.reason(e), e);
        }
        String holder = holder(channel);
        release(channel);
        throw new StackException("the data directory " + directory + " is in use by process " + holder
                + "; stop that one, or name another directory");
    }

    private static String holder(FileChannel channel) {
        try {
            var bytes = ByteBuffer.allocate(20);
            channel.read(bytes, 0);
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }

    /** Formats beside the place and moves, so that a kill in between leaves nothing half formatted. */
    private static void format(Path directory, Path data) {
        Path fresh = directory.resolve("kafka.formatting");
        try {
            delete(fresh);
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(Integer.parseInt(NODE))
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(fresh.toString())
                    .addDirectory(fresh.toString())
                    .setIgnoreFormatted(false)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (Exception e) {
            throw new StackException(
                    "the data directory " + directory + " cannot be formatted for the broker: "
                            + StackException.reason(e),
                    e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static int freePort() {
        IOException last = null;
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (var probe = new ServerSocket(port, 1, loopback())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new StackException("no free port on " + LOOPBACK + " between " + FIRST_PORT + " and " + LAST_PORT
                + " in 100 attempts; the last one ended with " + last);
    }

    private static int requireFree(int port) {
        try (var probe = new ServerSocket()) {
            // As the broker itself binds: connections of a run that just ended do not block the port.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(loopback(), port));
            return port;
        } catch (IOException e) {
            throw new StackException(
                    "port " + port + " on " + LOOPBACK + " cannot be used for the broker: " + e.getMessage()
                            + "; stop what uses it, or set another port",
                    e);
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void endWithALineOnFaults() {
        if (EXIT_PROCEDURES_SET.compareAndSet(false, true)) {
            Exit.setHaltProcedure(EmbeddedBroker::end);
            Exit.setExitProcedure(EmbeddedBroker::end);
        }
    }

    /** Halts: shutdown hooks would wait for a broker that is no more. */
    @SuppressWarnings("SystemOut")
    private static void end(int status, @Nullable String message) {
        if (STARTING.get()) {
            throw new StackException("the broker gave up" + (message == null ? "" : ": " + message));
        }
        System.err.println("sluice: the embedded broker cannot go on and ends this process"
                + (message == null ? "" : ": " + message)
                + "; the lines above name the cause, start again once it is mended: what reached its disk is kept");
        System.err.flush();
        Runtime.getRuntime().halt(status == 0 ? 1 : status);
    }
}

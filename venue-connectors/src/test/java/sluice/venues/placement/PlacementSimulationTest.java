package sluice.venues.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.domain.AccountId;
import sluice.domain.MarketId;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Quantity;
import sluice.domain.TimeInForce;
import sluice.domain.journal.JournalEntry.Holding;
import sluice.domain.market.Market;
import sluice.domain.market.Settlement;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.venues.api.Balance;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.FillPage;
import sluice.venues.api.Health;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OpenOrder;
import sluice.venues.api.OrderRef;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.QuoteListener;
import sluice.venues.api.ReadOutcome;
import sluice.venues.api.StopOutcome;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.api.Subscription;
import sluice.venues.api.UserListener;
import sluice.venues.api.VenueClient;

/**
 * The placement protocol against a venue that loses answers, lags in its reads and lets orders arrive late, in a
 * process that is killed at every kind of moment and gets again the commands that were not done.
 */
class PlacementSimulationTest {
    private static final Duration READ_LAG = Duration.ofMillis(300);

    static LongStream seeds() {
        return LongStream.range(0, 1_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyOrderIsCalledAtMostOnceEveryCancelArrivesAndBothEndAsTheVenueHasThem(long seed) {
        // Given orders, of which every other is cancelled
        var world = new World(new Random(seed));
        for (int i = 0; i < 8; i++) {
            world.commands.add(Commands.place("o" + i, Mode.LIVE, TimeInForce.GTC, 200 + 100L * i));
            if (i % 2 == 1) {
                world.commands.add(Commands.cancel("o" + world.random.nextInt(i + 1), Mode.LIVE));
            }
        }

        // When: commands come in order, and those that are not done again when the process dies, which it does often
        for (int i = 0; i < 80; i++) {
            world.now += world.random.nextInt(60);
            try {
                if (world.random.nextInt(3) == 0) {
                    world.takeNext();
                }
                world.round();
            } catch (Killed e) {
                world.restart();
            }
        }
        world.calm();
        for (int i = 0; i < 300; i++) {
            world.now += 100;
            world.takeNext();
            world.round();
        }
        assertThat(world.placer().isIdle()).isTrue();
        assertThat(world.begun).as("commands that are not done").isEmpty();

        // Then
        for (var command : world.commands) {
            var id = command.orderId();
            assertThat(world.calls.getOrDefault(id, 0)).isLessThanOrEqualTo(1);
            var last = world.conclusions.get(id);
            assertThat(last).as("conclusion of %s", id).isNotNull();
            boolean there = world.arrivedAt.containsKey(id);
            boolean cancelled = world.cancelled.contains(id);
            if (cancelled && last == VenueReport.Type.ABSENT) {
                // It was in doubt when it was cancelled, and this venue forgets what was: nothing of it lives.
                continue;
            }
            assertThat(last == VenueReport.Type.ACCEPTED)
                    .as("%s: told %s, at the venue: %s", id, last, there)
                    .isEqualTo(there);
            assertThat(world.told.contains(id))
                    .as("%s: told of its cancel, cancelled at the venue", id)
                    .isEqualTo(cancelled);
            if (there && command.type() == OrderCommand.Type.CANCEL) {
                assertThat(world.cancelled).as("cancelled at the venue").contains(id);
            }
        }
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed by the simulation");
        }
    }

    private static final class World implements VenueClient, InstantSource {
        final Random random;
        final List<Placement> log = new ArrayList<>();
        final Map<OrderId, Integer> calls = new HashMap<>();
        /** When an order reached the venue, which may be after its answer. */
        final Map<OrderId, Long> arrivedAt = new HashMap<>();

        final Set<OrderId> cancelled = new HashSet<>();
        final Map<OrderId, VenueReport.Type> conclusions = new HashMap<>();
        /** Of which orders it was told that they are cancelled. */
        final Set<OrderId> told = new HashSet<>();

        final List<OrderCommand> commands = new ArrayList<>();
        /** Commands that were taken and are not done, by their place. */
        final TreeMap<Integer, OrderId> begun = new TreeMap<>();

        private int next;
        long now = 1;
        boolean calm;
        private @Nullable Placer placer;
        private PlacementCore core = new PlacementCore(Mode.LIVE, READ_LAG, Duration.ZERO);
        /** Calls that wait for a thread. */
        private final List<Runnable> calling = new ArrayList<>();
        /** Calls that a process which was taken for dead still makes. */
        private final List<Runnable> undead = new ArrayList<>();

        World(Random random) {
            this.random = random;
        }

        Placer placer() {
            if (placer == null) {
                core = new PlacementCore(Mode.LIVE, READ_LAG, Duration.ofMillis(50));
                log.forEach(core::restore);
                placer = new Placer(
                        core,
                        this::write,
                        account -> this,
                        (command, epoch) -> lastLook(),
                        this::report,
                        this,
                        1,
                        calling::add);
            }
            return placer;
        }

        void takeNext() {
            if (next < commands.size()) {
                begun.put(next, commands.get(next).orderId());
                placer().accept(commands.get(next++));
            }
        }

        void round() {
            placer().askAgain();
            placer().work();
            letTheVenueAnswer();
            placer().work();
            begun.values().removeIf(order -> !placer().isBusy(order) && !core.isUnsettled(order));
        }

        void restart() {
            if (!begun.isEmpty()) {
                next = begun.firstKey();
                begun.clear();
            }
            // How far it got may not have been said yet.
            next = next == 0 ? 0 : next - random.nextInt(next);
            placer = null;
            undead.addAll(calling);
            calling.clear();
        }

        /** Some of the calls that wait are made, in any order. */
        void letTheVenueAnswer() {
            while (!calling.isEmpty() && (calm || random.nextInt(3) > 0)) {
                calling.remove(random.nextInt(calling.size())).run();
            }
            if (!undead.isEmpty() && random.nextInt(3) == 0) {
                try {
                    undead.remove(random.nextInt(undead.size())).run();
                } catch (Killed e) {
                    // Nobody was waiting for it.
                }
            }
        }

        void calm() {
            calm = true;
            now += 10_000;
            if (random.nextBoolean()) {
                restart();
            }
        }

        private void killMaybe() {
            if (!calm && random.nextInt(12) == 0) {
                throw new Killed();
            }
        }

        private void write(List<Placement> placements) {
            killMaybe();
            log.addAll(placements);
            killMaybe();
        }

        private Optional<String> lastLook() {
            killMaybe();
            return random.nextInt(10) == 0 ? Optional.of("halted") : Optional.empty();
        }

        private void report(VenueReport report) {
            killMaybe();
            switch (report.type()) {
                case ACCEPTED, REFUSED, NOT_SENT, ABSENT -> {
                    var before = conclusions.put(report.orderId(), report.type());
                    assertThat(before == null || before == report.type())
                            .as("%s was %s and is now %s", report.orderId(), before, report.type())
                            .isTrue();
                }
                case UNCERTAIN -> assertThat(conclusions).doesNotContainKey(report.orderId());
                case CANCELLED -> told.add(report.orderId());
                case WORKING, FILLED, EXPIRED, CANCEL_REFUSED -> {}
            }
        }

        @Override
        public PreparedOrder prepare(OrderCommand command) {
            return new PreparedOrder(command, command.orderId().value(), null, ByteBuffer.allocate(0));
        }

        @Override
        public SubmitOutcome submit(PreparedOrder order) {
            killMaybe();
            var id = order.command().orderId();
            calls.merge(id, 1, Integer::sum);
            return switch (random.nextInt(6)) {
                case 0 -> new SubmitOutcome.Refused("no", "refused", now);
                case 1 -> new SubmitOutcome.NotSent("no connection");
                case 2 -> new SubmitOutcome.Unknown("lost on the way there");
                case 3 -> {
                    // It is on its way, and the venue takes it until its deadline.
                    arrivedAt.put(
                            id,
                            Math.min(now + random.nextInt(100), order.command().deadlineMillis()));
                    yield new SubmitOutcome.Unknown("timeout");
                }
                case 4 -> {
                    arrivedAt.put(id, now);
                    killMaybe();
                    yield new SubmitOutcome.Unknown("lost on the way back");
                }
                default -> {
                    arrivedAt.put(id, now);
                    killMaybe();
                    yield new SubmitOutcome.Accepted("v-" + id, now);
                }
            };
        }

        @Override
        public LookupOutcome lookUp(OrderRef order) {
            killMaybe();
            if (!calm && random.nextInt(4) == 0) {
                return new LookupOutcome.Unknown("status 500");
            }
            var arrived = arrivedAt.get(order.orderId());
            // Some reads are fresh, some lag.
            long visibleUntil = now - random.nextInt((int) READ_LAG.toMillis());
            if (arrived == null || arrived > visibleUntil) {
                return new LookupOutcome.Absent(now);
            }
            // What is cancelled is forgotten at once, or told as that.
            if (cancelled.contains(order.orderId()) && random.nextBoolean()) {
                return new LookupOutcome.Absent(now);
            }
            return new LookupOutcome.Found(
                    "v-" + order.orderId(),
                    cancelled.contains(order.orderId()) ? LookupOutcome.Status.CANCELLED : LookupOutcome.Status.WORKING,
                    Quantity.ZERO,
                    "",
                    now);
        }

        @Override
        public CancelOutcome cancel(OrderRef order) {
            killMaybe();
            var id = order.orderId();
            var arrived = arrivedAt.get(id);
            int luck = calm ? 5 : random.nextInt(6);
            if (luck == 0) {
                return new CancelOutcome.NotSent("no connection");
            }
            if (luck == 1) {
                return new CancelOutcome.Unknown("lost on the way there");
            }
            if (arrived == null || arrived > now || cancelled.contains(id)) {
                return new CancelOutcome.Refused("not_found", "", now);
            }
            if (luck == 2) {
                return new CancelOutcome.Refused("try_later", "", now);
            }
            cancelled.add(id);
            killMaybe();
            return luck == 3
                    ? new CancelOutcome.Unknown("lost on the way back")
                    : new CancelOutcome.Cancelled(Quantity.ZERO, now);
        }

        @Override
        public void know(OrderRef order, ByteBuffer request) {}

        @Override
        public Duration readLag() {
            return READ_LAG;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }

        // ---------------------------------------------------------- not part of placing

        @Override
        public ReadOutcome<List<OpenOrder>> openOrders(AccountId account) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ReadOutcome<FillPage> fillsSince(AccountId account, String cursor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ReadOutcome<List<Holding>> positions(AccountId account) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ReadOutcome<List<Balance>> balances(AccountId account) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ReadOutcome<Market> market(MarketId market) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ReadOutcome<Optional<Settlement>> settlement(MarketId market) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Subscription streamQuotes(Set<MarketId> markets, QuoteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Subscription streamUser(AccountId account, UserListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Health health() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StopOutcome stop(AccountId account) {
            throw new UnsupportedOperationException();
        }
    }
}

package sluice.console.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sluice.console.stack.TestBroker;
import sluice.fault.CrashPoint;

/**
 * Ingress, account task and both connectors are killed at every named point and at random, while the venues lose
 * answers, read late and race cancels. Then the venues' ledgers are held against what we booked.
 *
 * <p>Profile {@code crash}: every point with 20 seeds, three at a time ({@code -Dsluice.crash.worlds=N}).
 * {@code -Dsluice.crash.seeds=N} runs N of them; {@code -Dsluice.crash.seed=N -Dsluice.crash.points=A,B} repeats some;
 * {@code -Dsluice.crash.minutes=N} begins no run after that. What was found is written to
 * {@code benchmarks/results/crash.json}.
 */
class CrashTest {
    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    @TempDir
    private Path folder = Path.of("replaced by the extension");

    @Test
    void aFewPointsInEveryBuild() throws Exception {
        var report = new CrashReport();

        run(report, 1, List.of(CrashPoint.SENT_COMMITTED, CrashPoint.TASK_DECIDED), false, Long.MAX_VALUE, null);

        assertThat(report.total().stories()).isEmpty();
        assertThat(report.total().ordersAtVenues).isPositive();
        assertThat(report.total().pointsHit).isPositive();
    }

    @Test
    @Tag("crash")
    void everyPointWithEverySeed() throws Exception {
        var report = new CrashReport();
        String named = System.getProperty("sluice.crash.points", "");
        List<CrashPoint> points = named.isEmpty()
                ? List.of(CrashPoint.values())
                : Arrays.stream(named.split(",", -1)).map(CrashPoint::valueOf).toList();
        Long only = Long.getLong("sluice.crash.seed");
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("sluice.crash.minutes", 24 * 60));
        Path file = named.isEmpty() && only == null
                ? Path.of("..", "benchmarks", "results", "crash.json")
                : folder.resolve("crash.json");

        long[] seeds = only != null
                ? new long[] {only}
                : LongStream.rangeClosed(1, Long.getLong("sluice.crash.seeds", 20))
                        .toArray();
        // A run mostly waits; several worlds, each with a seed of its own, share the machine.
        try (var worlds = Executors.newFixedThreadPool(Integer.getInteger("sluice.crash.worlds", 3))) {
            var all = new ArrayList<Future<?>>();
            for (var group : inTwo(points)) {
                for (long seed : seeds) {
                    all.add(worlds.submit(() -> {
                        run(report, seed, group, true, until, file);
                        return null;
                    }));
                }
            }
            for (var each : all) {
                each.get();
            }
        }

        assertThat(report.total().stories()).isEmpty();
        assertThat(report.total().ordersAtVenues).isPositive();
        assertThat(report.total().filledAtVenues).isPositive();
        assertThat(report.total().strikes).isPositive();
        assertThat(report.total().pointsHit).isGreaterThan(report.total().runs / 2);
    }

    /** Two of three points, and the others: a run that time cuts short has had the first with every seed. */
    private static List<List<CrashPoint>> inTwo(List<CrashPoint> points) {
        if (points.size() < 3) {
            return List.of(points);
        }
        var most = new ArrayList<CrashPoint>();
        var others = new ArrayList<CrashPoint>();
        for (int i = 0; i < points.size(); i++) {
            (i % 3 == 2 ? others : most).add(points.get(i));
        }
        return List.of(most, others);
    }

    private void run(
            CrashReport report,
            long seed,
            List<CrashPoint> points,
            boolean trained,
            long untilNanos,
            @org.jspecify.annotations.Nullable Path file)
            throws Exception {
        if (System.nanoTime() - untilNanos > 0) {
            return;
        }
        Path own = Files.createDirectories(folder.resolve("seed-" + seed + "-" + points.getFirst()));
        var classes = new ClassArchive(own);
        try (var runs = new CrashRuns(BROKER.bootstrapServers(), classes, trained, own, seed)) {
            for (int number = 0; number < points.size() && System.nanoTime() - untilNanos < 0; number++) {
                CrashPoint point = points.get(number);
                var found = runs.run(point, number);
                report.add(seed, point, found);
                if (file != null) {
                    report.write(file);
                    System.out.println("seed " + seed + " " + point + ": " + found);
                }
            }
        }
    }
}

package sluice.console.crash;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import sluice.console.crash.Findings.Kind;
import sluice.fault.CrashPoint;

/**
 * What many runs found, as a file: counts, and what zero means. Of n independent trials without a failure, the rate of
 * failures is below 3/n with 95 % confidence.
 */
final class CrashReport {
    private final Findings total = new Findings();
    private final Map<CrashPoint, int[]> hitsAndRuns = new TreeMap<>();
    private final TreeSet<Long> seeds = new TreeSet<>();

    synchronized void add(long seed, CrashPoint point, Findings run) {
        seeds.add(seed);
        total.add("seed " + seed + ", point " + point, run);
        int[] counts = hitsAndRuns.computeIfAbsent(point, each -> new int[2]);
        counts[0] += run.pointsHit;
        counts[1] += run.runs;
    }

    Findings total() {
        return total;
    }

    synchronized void write(Path file) throws IOException {
        var json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        var report = json.createObjectNode();
        var all = report.putArray("seeds");
        seeds.forEach(all::add);
        report.put("points", hitsAndRuns.size())
                .put("runs", total.runs)
                .put("namedKills", total.pointsHit)
                .put("randomKills", total.randomKills)
                .put("pointsNotReached", total.pointsNotReached)
                .put("faultsThatStruck", total.strikes)
                .put("signals", total.signals)
                .put("approved", total.approved)
                .put("placements", total.placements)
                .put("ordersAtVenues", total.ordersAtVenues)
                .put("ordersFilled", total.filledAtVenues)
                .put("slowestResolutionMillis", total.slowestResolutionMillis);
        var conclusions = report.putObject("conclusions");
        total.conclusions.forEach(conclusions::put);
        var wrong = report.putObject("found");
        for (Kind kind : Kind.values()) {
            int trials = trials(kind);
            wrong.putObject(kind.name().toLowerCase(Locale.ROOT))
                    .put("count", total.count(kind))
                    .put("trials", trials)
                    .put("upperBound95", bound(total.count(kind), trials));
        }
        var stories = report.putArray("stories");
        total.stories().forEach(stories::add);
        var points = report.putObject("hits");
        hitsAndRuns.forEach((point, counts) -> points.put(point.name(), counts[0] + " of " + counts[1]));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, json.writeValueAsString(report) + "\n");
    }

    /** Of what a finding would have been one. */
    private int trials(Kind kind) {
        return switch (kind) {
            case DUPLICATE_ORDER, NOT_RESOLVED -> total.placements;
            case ORDER_WITHOUT_PLACEMENT -> total.ordersAtVenues;
            case FILL_LOST_OR_DOUBLED -> total.filledAtVenues;
            case RESERVATION_LEAKED, PROCESS_FAILED -> total.runs;
        };
    }

    /** Three in n, which is said of zero findings only. */
    private static String bound(int count, int trials) {
        return count > 0 || trials == 0
                ? "none"
                : new BigDecimal(3)
                        .divide(BigDecimal.valueOf(trials), 5, RoundingMode.UP)
                        .toPlainString();
    }
}

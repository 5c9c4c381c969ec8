package sluice.console.crash;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was counted, and what was found to be wrong; over one run or many. */
final class Findings {
    /** What must never be. */
    enum Kind {
        /** More than one order, call or placement for an intent. */
        DUPLICATE_ORDER,
        /** An order at a venue without a placement that was written before. */
        ORDER_WITHOUT_PLACEMENT,
        /** A fill that the books have not, or have twice. */
        FILL_LOST_OR_DOUBLED,
        /** A reservation that belongs to no open order, or an open order without one. */
        RESERVATION_LEAKED,
        /** No conclusion in time, a wrong one, or two. */
        NOT_RESOLVED,
        /** A process that ended by itself or did not come back. */
        PROCESS_FAILED
    }

    private final Map<Kind, Set<String>> wrong = new EnumMap<>(Kind.class);
    private final List<String> stories = new ArrayList<>();
    int runs;
    int pointsHit;
    int pointsNotReached;
    int randomKills;
    int signals;
    int approved;
    final Map<String, Integer> conclusions = new TreeMap<>();
    int ordersAtVenues;
    int filledAtVenues;
    int placements;
    int strikes;
    long slowestResolutionMillis;

    void add(Kind kind, String what) {
        wrong.computeIfAbsent(kind, each -> new TreeSet<>()).add(what);
    }

    int count(Kind kind) {
        return wrong.getOrDefault(kind, Set.of()).size();
    }

    boolean isClean() {
        return wrong.isEmpty();
    }

    /** Everything that went wrong, with the run that repeats it. */
    List<String> stories() {
        return stories;
    }

    void add(String run, Findings other) {
        other.wrong.forEach((kind, each) -> each.forEach(what -> {
            add(kind, run.isEmpty() ? what : run + ": " + what);
            stories.add(run + ": " + kind + ": " + what);
        }));
        runs += other.runs;
        pointsHit += other.pointsHit;
        pointsNotReached += other.pointsNotReached;
        randomKills += other.randomKills;
        signals += other.signals;
        approved += other.approved;
        other.conclusions.forEach((type, count) -> conclusions.merge(type, count, Integer::sum));
        ordersAtVenues += other.ordersAtVenues;
        filledAtVenues += other.filledAtVenues;
        placements += other.placements;
        strikes += other.strikes;
        slowestResolutionMillis = Math.max(slowestResolutionMillis, other.slowestResolutionMillis);
    }

    @Override
    public String toString() {
        return "hit " + pointsHit + "/" + runs + ", random kills " + randomKills + ", signals " + signals
                + ", approved " + approved + " " + conclusions + ", placements " + placements + ", at venues "
                + ordersAtVenues + ", filled "
                + filledAtVenues + ", slowest " + slowestResolutionMillis + " ms"
                + (wrong.isEmpty() ? "" : " " + wrong);
    }
}

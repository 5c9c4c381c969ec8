package sluice.console.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.avro.Verdict;
import sluice.console.crash.CrashWorld.Wish;
import sluice.console.crash.Findings.Kind;
import sluice.domain.Micros;
import sluice.domain.Venue;
import sluice.fault.CrashPoint;

/**
 * Runs of one seed, one after the other: signals, a kill at random, a kill at a named point, more signals, quiet; then
 * our books are held against the venues' own.
 */
final class CrashRuns implements AutoCloseable {
    /** How long after everybody works again a doubt may last, beyond the venue's read lag. */
    static final Duration RESOLUTION = Duration.ofSeconds(10);

    private static final Duration UNTIL_POINT = Duration.ofSeconds(6);
    private static final Duration SLACK = Duration.ofSeconds(10);

    private static final int OTHER_KILLED_PERCENT = 15;

    private final CrashWorld world;
    private final Random random;
    private final ClassArchive classes;
    private final long seed;
    private final Path log;
    private final Map<String, Child> running = new LinkedHashMap<>();
    private final List<Long> connectorsReadyAt = new ArrayList<>();
    private final List<Child> all = new ArrayList<>();
    private final Map<Venue, Long> heldTooMuch = new EnumMap<>(Venue.class);
    private final Set<String> told = new HashSet<>();
    private final Set<String> seenAtVenues = new HashSet<>();
    private long reservedTooMuch;
    private long openTooMany;
    private int strikesBefore;

    /** @param trained whether to spend a while on starting faster afterwards */
    CrashRuns(String bootstrapServers, ClassArchive classes, boolean trained, Path folder, long seed) throws Exception {
        this.classes = classes;
        this.seed = seed;
        this.random = new Random(seed);
        this.log = folder.resolve("roles.log");
        this.world = new CrashWorld(bootstrapServers, folder, seed);
        if (trained && classes.options().isEmpty()) {
            spawn(Child.TRAINING, null).dismiss();
        }
        for (String role : List.of("core", "connectors")) {
            var child = spawn(role, null);
            child.go();
            running.put(role, child);
        }
        for (Child child : running.values()) {
            if (!child.awaitReady()) {
                throw new IllegalStateException("a role did not start; see " + log);
            }
        }
        connectorsReadyAt.add(System.currentTimeMillis());
        // The first balances have to arrive before anything is approved.
        for (int i = 0; ; i++) {
            var wish = new Wish("warm-" + seed + "-" + i, VENUES_IN_TURN.get(i % 2), CrashWorld.QUICK, false, 5);
            world.send(wish);
            var decision = awaitDecision(wish.key());
            if (decision == Verdict.APPROVED && i % 2 == 1) {
                break;
            }
            if (i > 40) {
                throw new IllegalStateException(
                        "nothing is approved: " + world.tail().decisionOn(wish.key()));
            }
        }
    }

    private static final List<Venue> VENUES_IN_TURN = CrashWorld.VENUES;

    private @Nullable Verdict awaitDecision(String key) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            var decision = world.tail().decisionOn(key);
            if (decision != null) {
                return decision.getVerdict();
            }
            Thread.sleep(50);
        }
        return null;
    }

    private Child spawn(String role, @Nullable String armed) {
        var child = new Child(role, world.settings(), log, classes, armed);
        all.add(child);
        return child;
    }

    /** Which process passes a point. */
    static String roleOf(CrashPoint point) {
        return point.compareTo(CrashPoint.INGRESS_READ) >= 0 ? "core" : "connectors";
    }

    /** The most passes to let go by: points that are passed all the time are hit at different moments. */
    private static int mostPasses(CrashPoint point) {
        return switch (point) {
            case PARTITIONS_ASSIGNED, TASK_OPENED, RESTORING, CANCEL_BEFORE_CALL, CANCEL_ANSWERED -> 2;
            case FENCED, RESTORED -> 4;
            case FILLS_READ, CURSOR_MOVED, TRANSACTION_OPEN, OUTCOME_BEFORE_WRITE, OUTCOME_COMMITTED -> 5;
            case OUTBOX_BEFORE_FLUSH, OUTBOX_FLUSHED, OFFSETS_BEFORE_COMMIT, OFFSETS_COMMITTED -> 12;
            case INGRESS_READ, INGRESS_APPENDED, INGRESS_ACKNOWLEDGED, INGRESS_COMMITTED -> 40;
            case TASK_RECORD_READ, TASK_APPLIED, TASK_FORWARDED -> 40;
            case COMMAND_READ,
                    PREPARED,
                    SENT_BEFORE_WRITE,
                    SENT_COMMITTED,
                    LAST_LOOK_BEFORE,
                    LAST_LOOK_TAKEN,
                    CALL_BEFORE,
                    REQUEST_WRITTEN,
                    ANSWER_READ,
                    ANSWER_TAKEN,
                    LOOK_UP_BEFORE,
                    LOOK_UP_ANSWERED,
                    REPORT_BEFORE_SEND,
                    REPORT_SENT,
                    FILL_BEFORE_SEND,
                    FILL_SENT,
                    TASK_DECIDED,
                    FILL_BOOKED -> 3;
        };
    }

    /** One run; when it returns, everything works again. */
    Findings run(CrashPoint point, int number) throws Exception {
        var findings = new Findings();
        findings.runs = 1;
        String role = roleOf(point);
        String armedAt = point.name() + ":" + (1 + random.nextInt(mostPasses(point)));
        String name = seed + "-" + point + "-" + number;
        var wishes = new ArrayList<Wish>();
        var armed = spawn(role, armedAt);
        world.refreshBooks();

        // Signals, and a kill at any moment of their way.
        wishes.addAll(batch(name + "-a", 2));
        world.cancelSlow();
        Thread.sleep(random.nextInt(400));
        stop(role);
        findings.randomKills++;
        start(role, armed);
        var next = spawn(role, null);

        // Signals, again and new, until the point is passed.
        if (armed.awaitReady()) {
            noteReady(role);
            wishes.forEach(world::send);
            wishes.addAll(batch(name + "-b", 4));
            if (random.nextInt(100) < OTHER_KILLED_PERCENT) {
                restartOther(role, findings);
            }
            if (!armed.endsWithin(UNTIL_POINT.toMillis())) {
                findings.pointsNotReached++;
                findings.randomKills++;
            }
        }
        if (!armed.isReady()) {
            // It says nothing more, and is about to be gone.
            armed.endsWithin(UNTIL_POINT.toMillis());
        }
        if (armed.isAlive()) {
            armed.kill();
        } else {
            if (armed.exitValue() == CrashPoint.EXIT_CODE) {
                findings.pointsHit++;
            } else {
                findings.add(Kind.PROCESS_FAILED, armedAt + " ended with " + armed.exitValue());
            }
        }
        start(role, next);
        if (!next.awaitReady()) {
            findings.add(Kind.PROCESS_FAILED, "after " + armedAt + " it did not come back: " + next.exitValue());
            start(role, spawn(role, null));
        }
        noteReady(role);
        wishes.addAll(batch(name + "-c", 1));
        awaitQuiet(wishes, findings);
        return findings;
    }

    private List<Wish> batch(String name, int perVenue) {
        var wishes = new ArrayList<Wish>();
        for (int i = 0; i < perVenue; i++) {
            for (Venue venue : CrashWorld.VENUES) {
                boolean rests = i % 2 == 1;
                boolean slow = rests && random.nextInt(3) == 0;
                wishes.add(new Wish(
                        name + "-" + venue.name().charAt(0) + i,
                        venue,
                        slow ? CrashWorld.SLOW : CrashWorld.QUICK,
                        rests,
                        5 + random.nextInt(9)));
            }
        }
        wishes.forEach(world::send);
        return wishes;
    }

    private void stop(String role) throws InterruptedException {
        var child = running.remove(role);
        if (child != null) {
            child.kill();
        }
    }

    private void start(String role, Child child) {
        child.go();
        running.put(role, child);
    }

    private void noteReady(String role) {
        if (role.equals("connectors")) {
            connectorsReadyAt.add(System.currentTimeMillis());
        }
    }

    private void restartOther(String role, Findings findings) throws Exception {
        String other = role.equals("core") ? "connectors" : "core";
        var child = spawn(other, null);
        Thread.sleep(random.nextInt(600));
        stop(other);
        findings.randomKills++;
        start(other, child);
        if (!child.awaitReady()) {
            findings.add(Kind.PROCESS_FAILED, other + " did not come back: " + child.exitValue());
        }
        noteReady(other);
    }

    // ------------------------------------------------------------------ the oracle

    /** Waits until our books are the venues', and notes what is still different when the time is over. */
    private void awaitQuiet(List<Wish> wishes, Findings findings) throws Exception {
        long deadline = System.nanoTime()
                + CrashWorld.SIGNAL_AGE
                        .plus(Roles.READ_LAG)
                        .plus(RESOLUTION)
                        .plus(SLACK)
                        .toNanos();
        Findings open;
        while (true) {
            world.tail().requireAlive();
            open = new Findings();
            compare(wishes, open, false);
            boolean late = System.nanoTime() > deadline;
            if (open.isClean() || late) {
                var before = noted();
                open = new Findings();
                compare(wishes, open, true);
                if (open.isClean() || late) {
                    break;
                }
                // It was quiet between two things: a fill came just then. What is wrong for good is still wrong later.
                takeBack(before);
            }
            Thread.sleep(250);
        }
        findings.add("", open);
        for (Child child : running.values()) {
            if (!child.isAlive()) {
                findings.add(Kind.PROCESS_FAILED, "ended by itself with " + child.exitValue());
            }
        }
        all.removeIf(child -> !child.isAlive());
    }

    /** What the last comparison of a run leaves behind, so that the next run does not find it again. */
    private record Noted(
            Map<Venue, Long> heldTooMuch,
            Set<String> told,
            Set<String> seenAtVenues,
            long reservedTooMuch,
            long openTooMany,
            int strikesBefore) {}

    private Noted noted() {
        return new Noted(
                Map.copyOf(heldTooMuch),
                Set.copyOf(told),
                Set.copyOf(seenAtVenues),
                reservedTooMuch,
                openTooMany,
                strikesBefore);
    }

    private void takeBack(Noted before) {
        heldTooMuch.clear();
        heldTooMuch.putAll(before.heldTooMuch);
        told.retainAll(before.told);
        seenAtVenues.retainAll(before.seenAtVenues);
        reservedTooMuch = before.reservedTooMuch;
        openTooMany = before.openTooMany;
        strikesBefore = before.strikesBefore;
    }

    private void compare(List<Wish> wishes, Findings found, boolean last) throws Exception {
        var tail = world.tail();
        var approved = new TreeSet<String>();
        for (Wish wish : wishes) {
            var decision = tail.decisionOn(wish.key());
            if (decision == null) {
                found.add(Kind.NOT_RESOLVED, "signal " + wish.key() + " has no decision");
            } else if (decision.getVerdict() == Verdict.APPROVED) {
                approved.add(String.valueOf(decision.getOrderId()));
            }
        }
        var atVenues = new HashMap<String, Integer>();
        long reserved = 0;
        int openOrders = 0;
        for (Venue venue : CrashWorld.VENUES) {
            JsonNode ledger = world.ledger(venue);
            for (JsonNode order : ledger.path("orders")) {
                String venueOrderId = order.path("orderId").asText();
                String orderId = tail.orderOfClientId(order.path("clientId").asText());
                if (orderId == null) {
                    orderId = tail.orderOfClientId(venueOrderId);
                }
                if (orderId == null) {
                    found.add(Kind.ORDER_WITHOUT_PLACEMENT, venue + " " + venueOrderId);
                    continue;
                }
                var sent = tail.sent(orderId);
                if (sent == null
                        || sent.writtenAtMillis() > order.path("createdAt").asLong()) {
                    found.add(Kind.ORDER_WITHOUT_PLACEMENT, venue + " " + venueOrderId + ", placed " + sent);
                }
                if (atVenues.merge(orderId, 1, Integer::sum) > 1) {
                    found.add(Kind.DUPLICATE_ORDER, venue + " has order " + orderId + " twice");
                }
                long filled = order.path("filled").asLong();
                if (tail.filled(venueOrderId) != filled) {
                    found.add(
                            Kind.FILL_LOST_OR_DOUBLED,
                            venue + " filled " + filled + " of " + orderId + " (" + venueOrderId + "), told "
                                    + tail.filled(venueOrderId));
                }
                String status = order.path("status").asText();
                var conclusion = tail.conclusionOn(orderId);
                // Cancelled while it was in doubt, and forgotten by the venue: nothing of it is there.
                boolean gone = status.equals("CANCELED")
                        && filled == 0
                        && conclusion != null
                        && conclusion.type().equals("ABSENT");
                if (conclusion != null && !conclusion.type().equals("ACCEPTED") && !gone) {
                    found.add(
                            Kind.NOT_RESOLVED,
                            orderId + " is " + status + " at " + venue + " and was told " + conclusion.type());
                }
                if (status.equals("RESTING") || status.equals("DELAYED")) {
                    var approval = tail.approvalOf(orderId);
                    reserved += approval == null ? 0 : Micros.exact(approval.getWorstCaseCost());
                    openOrders++;
                    if (approval != null && approval.getStrategy().equals(CrashWorld.QUICK)) {
                        found.add(Kind.NOT_RESOLVED, orderId + " rests at " + venue + " after its time");
                    }
                }
                if (last && seenAtVenues.add(venueOrderId)) {
                    found.ordersAtVenues++;
                    found.filledAtVenues += filled > 0 ? 1 : 0;
                }
            }
            // What Polymarket takes is not in its trades; the fee that is booked is by its schedule.
            if (venue == Venue.KALSHI) {
                compareFees(ledger, found);
            }
            long difference = tail.yesHeld(venue + ":" + CrashWorld.marketOf(venue))
                    - ledger.path("positions")
                            .path(CrashWorld.marketOf(venue))
                            .path("yes")
                            .asLong();
            if (difference != heldTooMuch.getOrDefault(venue, 0L)) {
                found.add(
                        Kind.FILL_LOST_OR_DOUBLED,
                        "the books hold " + (difference - heldTooMuch.getOrDefault(venue, 0L))
                                + " micro-contracts more than " + venue);
            }
            for (JsonNode arrival : world.arrivals(venue)) {
                if (arrival.path("count").asInt() > 1
                        && (!last || told.add(arrival.path("body").asText()))) {
                    found.add(Kind.DUPLICATE_ORDER, venue + " was called twice with " + arrival.path("body"));
                }
            }
            if (last) {
                heldTooMuch.put(venue, difference);
            }
        }
        long reservedDifference = tail.reserved() - reserved;
        long openDifference = tail.openOrders() - openOrders;
        if (reservedDifference != reservedTooMuch || openDifference != openTooMany) {
            found.add(
                    Kind.RESERVATION_LEAKED,
                    "reserved " + (reservedDifference - reservedTooMuch) + " micros too much; " + tail.openOrders()
                            + " orders open in the books, " + openOrders + " at the venues");
        }
        for (String orderId : approved) {
            resolved(orderId, found);
        }
        tail.contradictions().stream()
                .filter(each -> !last || told.add(each))
                .forEach(each -> found.add(Kind.NOT_RESOLVED, each));
        tail.namelessFills().stream()
                .filter(each -> !last || told.add(each))
                .forEach(each -> found.add(Kind.FILL_LOST_OR_DOUBLED, "nobody's fill " + each));
        if (last) {
            reservedTooMuch = reservedDifference;
            openTooMany = openDifference;
            found.signals = wishes.size();
            found.approved = approved.size();
            int strikes = world.strikes(Venue.KALSHI) + world.strikes(Venue.POLYMARKET);
            found.strikes = strikes - strikesBefore;
            strikesBefore = strikes;
        }
    }

    private void compareFees(JsonNode ledger, Findings found) {
        var fees = new HashMap<String, Long>();
        ledger.path("fills")
                .forEach(fill -> fees.merge(
                        fill.path("orderId").asText(), fill.path("fee").asLong(), Long::sum));
        fees.forEach((order, fee) -> {
            long told = world.tail().fees(order);
            if (told != fee) {
                found.add(Kind.FILL_LOST_OR_DOUBLED, "fees of " + order + " are " + fee + ", told " + told);
            }
        });
    }

    private void resolved(String orderId, Findings found) {
        var tail = world.tail();
        var sent = tail.sent(orderId);
        var conclusion = tail.conclusionOn(orderId);
        if (tail.timesSent(orderId) > 1) {
            found.add(Kind.DUPLICATE_ORDER, orderId + " was about to be sent " + tail.timesSent(orderId) + " times");
        }
        if (sent != null) {
            found.placements++;
        }
        if (conclusion == null) {
            found.add(Kind.NOT_RESOLVED, "order " + orderId + ", placed " + sent + ", has no conclusion");
            return;
        }
        found.conclusions.merge(conclusion.type(), 1, Integer::sum);
        if (sent != null) {
            long reachable = connectorsReadyAt.stream()
                    .filter(each -> each <= conclusion.atMillis())
                    .mapToLong(each -> each)
                    .max()
                    .orElse(0);
            long since = Math.max(
                    Math.max(sent.writtenAtMillis(), reachable),
                    conclusion.type().equals("ABSENT") ? sent.deadlineMillis() : 0);
            long took = conclusion.atMillis() - since;
            found.slowestResolutionMillis = Math.max(found.slowestResolutionMillis, took);
            if (took > Roles.READ_LAG.plus(RESOLUTION).toMillis()) {
                found.add(Kind.NOT_RESOLVED, orderId + " took " + took + " ms to be " + conclusion.type());
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Child child : all) {
            child.close();
        }
        world.close();
    }
}

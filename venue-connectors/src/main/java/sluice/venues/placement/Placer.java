package sluice.venues.placement;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import sluice.domain.AccountId;
import sluice.domain.OrderId;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.fault.CrashPoint;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OrderRef;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.api.VenueClient;
import sluice.venues.placement.PlacementCore.Step;

/**
 * Takes the steps of {@link PlacementCore} in the world: writes, looks, calls, reports.
 *
 * <p>Venues are called by an executor, so that a slow answer holds up its own order alone; what concerns one order
 * happens in the order in which it was asked. Everything else happens in {@link #work}: what is to be written for all
 * orders at hand is written in one commit.
 *
 * <p>Everything but the executor's tasks belongs to one thread. An exception from the log means that this process is
 * not the owner any more or cannot write: then nothing further may be sent, and what was being placed is in doubt until
 * its next owner has looked.
 */
public final class Placer {
    private static final int MOST_ASKED_AGAIN = 16;

    private final PlacementCore core;
    private final PlacementLog log;
    private final Function<AccountId, VenueClient> venues;
    private final LastLook lastLook;
    private final Consumer<VenueReport> reports;
    private final InstantSource clock;
    private final int epoch;
    private final Executor io;
    /** What remains to be done, by order. */
    private final Map<OrderId, Deque<Step>> tracks = new LinkedHashMap<>();

    private final Set<OrderId> asking = new HashSet<>();
    private final Map<OrderId, Deque<OrderCommand>> waiting = new HashMap<>();
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();

    /**
     * @param core with everything restored that is on record
     * @param venues the venue as an account reaches it; throws IllegalArgumentException for one that cannot
     * @param reports where reports go; what it is given must be delivered before the command counts as done
     * @param epoch which owner of the partition this is
     * @param io runs what waits for the venue
     */
    public Placer(
            PlacementCore core,
            PlacementLog log,
            Function<AccountId, VenueClient> venues,
            LastLook lastLook,
            Consumer<VenueReport> reports,
            InstantSource clock,
            int epoch,
            Executor io) {
        this.core = core;
        this.log = log;
        this.venues = venues;
        this.lastLook = lastLook;
        this.reports = reports;
        this.clock = clock;
        this.epoch = epoch;
        this.io = io;
    }

    /** Takes on a command; {@link #work} begins it. */
    public void accept(OrderCommand command) {
        var before = waiting.get(command.orderId());
        if (before != null) {
            before.add(command);
        } else if (isBusy(command.orderId())) {
            waiting.computeIfAbsent(command.orderId(), id -> new ArrayDeque<>()).add(command);
        } else {
            begin(command);
        }
    }

    /** Takes on news that the venue told of its own accord. */
    public void accept(VenueReport news) {
        add(news.orderId(), core.heard(news));
    }

    /**
     * Takes on what is due: to look again for what is in doubt, to cancel again what is still open. So many at a time
     * that first calls find room, and that a venue is not asked more the more it refuses.
     */
    public void askAgain() {
        int room = MOST_ASKED_AGAIN - asking.size();
        for (var question : core.due(clock.millis())) {
            var order = question.order().orderId();
            if (room > 0 && !isBusy(order)) {
                add(order, List.of(question));
                room--;
            }
        }
    }

    /** Does everything that can be done without waiting for the venue. */
    public void work() {
        while (true) {
            for (var answer = answers.poll(); answer != null; answer = answers.poll()) {
                answer.run();
            }
            if (tracks.isEmpty()) {
                return;
            }
            var now = List.copyOf(tracks.keySet());
            write();
            tracks.forEach(this::takeUntilWrite);
            tracks.values().removeIf(Deque::isEmpty);
            now.forEach(this::goOn);
        }
    }

    /** Whether anything of this order is under way. */
    public boolean isBusy(OrderId order) {
        return asking.contains(order) || waiting.containsKey(order) || tracks.containsKey(order);
    }

    /** Whether nothing at all is under way. */
    public boolean isIdle() {
        return tracks.isEmpty() && asking.isEmpty() && waiting.isEmpty() && answers.isEmpty();
    }

    // ------------------------------------------------------------------ commands

    private void begin(OrderCommand command) {
        switch (command.type()) {
            case PLACE -> place(command);
            case CANCEL -> add(command.orderId(), core.cancelAsked(command, clock.millis()));
        }
    }

    private void place(OrderCommand command) {
        var again = core.askedAgain(command.orderId(), clock.millis());
        if (again.isPresent()) {
            add(command.orderId(), again.get());
            return;
        }
        PreparedOrder prepared;
        try {
            prepared = venues.apply(command.account()).prepare(command);
        } catch (IllegalArgumentException e) {
            // It cannot be said in the venue's terms, so that nothing of it can have left.
            reports.accept(new VenueReport(
                    command.orderId(),
                    command.account(),
                    command.mode(),
                    command.market().id(),
                    VenueReport.Type.NOT_SENT,
                    null,
                    null,
                    "not_expressible",
                    String.valueOf(e.getMessage()),
                    clock.millis()));
            return;
        }
        CrashPoint.PREPARED.pass();
        add(command.orderId(), core.asked(prepared, epoch, clock.millis()));
    }

    // ------------------------------------------------------------------ steps

    private void add(OrderId order, List<Step> steps) {
        if (!steps.isEmpty()) {
            tracks.computeIfAbsent(order, id -> new ArrayDeque<>()).addAll(steps);
        }
    }

    private void write() {
        var placements = new ArrayList<Placement>();
        for (var steps : tracks.values()) {
            while (steps.peekFirst() instanceof Step.Write write) {
                placements.add(write.placement());
                steps.removeFirst();
            }
        }
        if (placements.isEmpty()) {
            return;
        }
        boolean anySent = placements.stream().anyMatch(each -> each.stage() == Placement.Stage.SENT);
        (anySent ? CrashPoint.SENT_BEFORE_WRITE : CrashPoint.OUTCOME_BEFORE_WRITE).pass();
        log.write(placements);
        (anySent ? CrashPoint.SENT_COMMITTED : CrashPoint.OUTCOME_COMMITTED).pass();
    }

    private void takeUntilWrite(OrderId id, Deque<Step> steps) {
        while (!steps.isEmpty() && !(steps.peekFirst() instanceof Step.Write)) {
            var next =
                    switch (steps.removeFirst()) {
                        case Step.Write write -> throw new IllegalStateException("not written: " + write);
                        case Step.Look look -> {
                            CrashPoint.LAST_LOOK_BEFORE.pass();
                            var whyNot = lastLook.whyNot(look.command(), epoch);
                            CrashPoint.LAST_LOOK_TAKEN.pass();
                            yield core.lookedLast(id, whyNot, clock.millis());
                        }
                        case Step.Call call -> {
                            ask(id, () -> submit(call.order()), (SubmitOutcome answer) -> {
                                CrashPoint.ANSWER_TAKEN.pass();
                                add(id, core.answered(id, answer, clock.millis()));
                            });
                            yield List.<Step>of();
                        }
                        case Step.LookUp lookUp -> {
                            ask(
                                    id,
                                    () -> lookUp(lookUp.order()),
                                    (Looked looked) -> add(
                                            id,
                                            core.lookedUp(id, looked.answer, looked.askedAtMillis, clock.millis())));
                            yield List.<Step>of();
                        }
                        case Step.Cancel cancel -> {
                            ask(
                                    id,
                                    () -> cancel(cancel.order()),
                                    (CancelOutcome answer) -> add(id, core.cancelAnswered(id, answer, clock.millis())));
                            yield List.<Step>of();
                        }
                        case Step.Report report -> {
                            CrashPoint.REPORT_BEFORE_SEND.pass();
                            reports.accept(report.report());
                            CrashPoint.REPORT_SENT.pass();
                            yield List.<Step>of();
                        }
                    };
            for (int i = next.size() - 1; i >= 0; i--) {
                steps.addFirst(next.get(i));
            }
        }
    }

    /**
     * By an executor that may have been slow to begin, or a process that slept: deadline and halts are looked at once
     * more.
     */
    private SubmitOutcome submit(PreparedOrder order) {
        var command = order.command();
        long late = clock.millis() - command.deadlineMillis();
        if (late > 0) {
            return new SubmitOutcome.NotSent(late + " ms after its deadline when its turn came");
        }
        var whyNot = lastLook.whyNot(command, epoch);
        if (whyNot.isPresent()) {
            return new SubmitOutcome.NotSent("when its turn came: " + whyNot.get());
        }
        return at(
                command.account(),
                venue -> {
                    CrashPoint.CALL_BEFORE.pass();
                    var answer = venue.submit(order);
                    CrashPoint.ANSWER_READ.pass();
                    return answer;
                },
                SubmitOutcome.NotSent::new);
    }

    private CancelOutcome cancel(OrderRef order) {
        return at(
                order.account(),
                venue -> {
                    CrashPoint.CANCEL_BEFORE_CALL.pass();
                    var answer = venue.cancel(order);
                    CrashPoint.CANCEL_ANSWERED.pass();
                    return answer;
                },
                CancelOutcome.NotSent::new);
    }

    private record Looked(LookupOutcome answer, long askedAtMillis) {}

    private Looked lookUp(OrderRef order) {
        long askedAt = clock.millis();
        return at(
                order.account(),
                venue -> {
                    CrashPoint.LOOK_UP_BEFORE.pass();
                    var answer = venue.lookUp(order);
                    CrashPoint.LOOK_UP_ANSWERED.pass();
                    return new Looked(answer, askedAt);
                },
                why -> new Looked(new LookupOutcome.Unknown(why), askedAt));
    }

    /** An account may have lost its access to the venue while orders of it are open. */
    private <T> T at(AccountId account, Function<VenueClient, T> question, Function<String, T> unreachable) {
        VenueClient venue;
        try {
            venue = venues.apply(account);
        } catch (IllegalArgumentException e) {
            return unreachable.apply(String.valueOf(e.getMessage()));
        }
        return question.apply(venue);
    }

    private <T> void ask(OrderId order, Supplier<T> question, Consumer<T> answered) {
        if (!asking.add(order)) {
            // A look that was due while another was under way: its answer serves both.
            return;
        }
        io.execute(() -> {
            T answer;
            try {
                answer = question.get();
            } catch (RuntimeException e) {
                // A venue answers, or says that it did not; after this nobody knows what was done.
                answers.add(() -> {
                    throw new IllegalStateException("asking the venue about order " + order + " failed", e);
                });
                return;
            }
            answers.add(() -> {
                asking.remove(order);
                answered.accept(answer);
                goOn(order);
            });
        });
    }

    private void goOn(OrderId order) {
        // One that leads to nothing lets the next begin.
        for (var commands = waiting.get(order);
                commands != null && !asking.contains(order) && !tracks.containsKey(order);
                commands = waiting.get(order)) {
            var next = commands.removeFirst();
            if (commands.isEmpty()) {
                waiting.remove(order);
            }
            begin(next);
        }
    }
}

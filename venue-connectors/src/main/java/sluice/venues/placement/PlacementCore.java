package sluice.venues.placement;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;
import sluice.domain.OrderId;
import sluice.domain.Quantity;
import sluice.domain.order.OrderCommand;
import sluice.domain.order.VenueReport;
import sluice.venues.api.CancelOutcome;
import sluice.venues.api.LookupOutcome;
import sluice.venues.api.OrderRef;
import sluice.venues.api.PreparedOrder;
import sluice.venues.api.SubmitOutcome;

/**
 * The placement protocol, without the world: each event returns the steps to take next, in order.
 *
 * <pre>
 *   asked -> SENT written -> last look -> call -> ACCEPTED | REFUSED | NOT_SENT
 *               |                |          \--> in doubt --(lookup)--> ACCEPTED | REFUSED | ABSENT
 *               |                \--> NOT_SENT
 *               \--(restart)--> in doubt
 * </pre>
 *
 * <p>Two things hold whatever comes, and however often: an order is called at most once in its life, by any process;
 * and what is in doubt stays in doubt until the venue has shown what happened. An intent with any SENT on record is
 * never called again.
 *
 * <p>Times are UTC milliseconds and come in. Not safe for several threads.
 */
public final class PlacementCore {
    /** What to do next. */
    public sealed interface Step {
        /** Write this and wait for its commit before the next step. */
        record Write(Placement placement) implements Step {}

        /** Take the last look, and tell {@link #lookedLast}. */
        record Look(OrderCommand command) implements Step {}

        /** Call the venue, once, and tell {@link #answered}. */
        record Call(PreparedOrder order) implements Step {}

        /** What may be asked of the venue again and again. */
        sealed interface Question extends Step {
            OrderRef order();
        }

        /** Ask the venue for the order, and tell {@link #lookedUp}. */
        record LookUp(OrderRef order) implements Question {}

        /** Ask the venue to cancel the order, and tell {@link #cancelAnswered}. */
        record Cancel(OrderRef order) implements Question {}

        /** Pass this on. */
        record Report(VenueReport report) implements Step {}
    }

    /** A read that found an order open no more, with so much of it filled. */
    private record Gone(long askedAtMillis, Quantity filled) {}

    private sealed interface State {
        Placement sent();

        /** SENT is written by us and not called yet. */
        record Sending(Placement sent, PreparedOrder order) implements State {}

        /**
         * It may or may not be at the venue.
         *
         * @param absentSince time of the first read that did not find it and would have, had it been open; null before
         * @param nextLookMillis when to look next
         * @param told whether the doubt was reported
         */
        record InDoubt(Placement sent, @Nullable Long absentSince, long nextLookMillis, boolean told)
                implements State {}

        /**
         * It is certain what became of the call.
         *
         * @param nextLookMillis when to ask how the order stands; null while there is no doubt about that
         * @param gone the first of the reads in a row that found it open no more; null if the last one did not
         * @param working how much was filled when a read last found it open; null if none did
         */
        record Ended(
                Placement sent,
                Outcome outcome,
                @Nullable Long nextLookMillis,
                @Nullable Gone gone,
                @Nullable Quantity working)
                implements State {
            Ended(Placement sent, Outcome outcome) {
                this(sent, outcome, null, null, null);
            }

            Ended lookedAtAgain(@Nullable Long atMillis, @Nullable Gone found) {
                return new Ended(sent, outcome, atMillis, found, working);
            }

            Ended foundWorking(Quantity filled) {
                return new Ended(sent, outcome, null, null, filled);
            }

            boolean mayLive() {
                return outcome.kind() == Outcome.Kind.ACCEPTED;
            }
        }
    }

    /**
     * A cancel that was asked for, until its order is at an end.
     *
     * @param tries how often it was tried in vain
     * @param toldAtMillis when that was told; long ago if it was not
     */
    private record Cancelling(String reason, int tries, long nextTryMillis, long toldAtMillis) {}

    /** The longest pause between two tries to cancel an order. */
    private static final Duration CANCEL_AGAIN_WITHIN = Duration.ofSeconds(5);

    /** That a cancel does not succeed is told when it has failed twice, and then as often as this. */
    private static final Duration CANCEL_TOLD_EVERY = Duration.ofMinutes(1);

    /** Long ago, and yet near enough to be subtracted from. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Mode mode;
    private final Duration readLag;
    private final Duration lookEvery;
    private final Map<OrderId, State> placements = new TreeMap<>();
    private final TreeMap<OrderId, State.InDoubt> inDoubt = new TreeMap<>();
    private final TreeMap<OrderId, State.Ended> mayLive = new TreeMap<>();
    private final TreeMap<OrderId, State.Ended> questioned = new TreeMap<>();
    private final TreeMap<OrderId, Cancelling> cancelling = new TreeMap<>();
    private final Map<String, OrderId> byVenueOrderId = new HashMap<>();
    private final Map<String, OrderId> byClientOrderId = new HashMap<>();

    /**
     * @param mode the only mode whose orders may leave
     * @param readLag how far the venue's reads lag behind
     * @param lookEvery how long to wait between two looks for the same order
     */
    public PlacementCore(Mode mode, Duration readLag, Duration lookEvery) {
        this.mode = mode;
        this.readLag = readLag;
        this.lookEvery = lookEvery;
    }

    /** Takes what was on record before this process; all of it, before anything else. */
    public void restore(Placement placement) {
        var outcome = placement.outcome();
        if (outcome == null) {
            put(new State.InDoubt(placement, null, Long.MIN_VALUE, false));
        } else {
            put(new State.Ended(placement, outcome));
        }
    }

    /** Our order behind a name that the venue uses: its own id, or the one we gave. */
    public Optional<OrderId> orderNamed(@Nullable String venueOrderId, @Nullable String clientOrderId) {
        var order = venueOrderId == null ? null : byVenueOrderId.get(venueOrderId);
        return order != null || clientOrderId == null
                ? Optional.ofNullable(order)
                : Optional.ofNullable(byClientOrderId.get(clientOrderId));
    }

    /** Orders that the venue accepted and of which nothing says that they are at an end. */
    public List<OrderRef> mayLive() {
        return mayLive.values().stream().map(ended -> ended.sent.ref()).toList();
    }

    /** The names of an order on record. */
    public Optional<OrderRef> refOf(OrderId order) {
        return Optional.ofNullable(placements.get(order))
                .map(state -> state.sent().ref());
    }

    /** How many orders may or may not be at the venue. */
    public int inDoubt() {
        return inDoubt.size();
    }

    /**
     * Asks how orders stand that may live, at the next {@link #due}: after a start, and whenever news may have been
     * lost.
     */
    public void question(OrderId id, long nowMillis) {
        if (placements.get(id) instanceof State.Ended ended && ended.mayLive()) {
            // A read that found it open no more stays evidence, however often is asked.
            put(ended.lookedAtAgain(nowMillis, ended.gone));
        }
    }

    /**
     * What follows when an order on record is to be placed: it is not placed again, what is known of it is told again.
     * Empty for one that is not on record.
     */
    public Optional<List<Step>> askedAgain(OrderId id, long nowMillis) {
        return Optional.ofNullable(placements.get(id)).map(known -> switch (known) {
            case State.Ended ended -> List.of(new Step.Report(report(ended.sent, ended.outcome, nowMillis)));
            case State.InDoubt doubt -> List.of(new Step.LookUp(doubt.sent.ref()));
            case State.Sending sending ->
                throw new IllegalStateException("order " + id + " was asked for between its SENT and its call");
        });
    }

    /** An order is to be placed, for the first time or {@link #askedAgain}. */
    public List<Step> asked(PreparedOrder order, int epoch, long nowMillis) {
        var command = order.command();
        var again = askedAgain(command.orderId(), nowMillis);
        if (again.isPresent()) {
            return again.get();
        }
        var sent = new Placement(
                command.orderId(),
                command.account(),
                command.mode(),
                command.market().id(),
                Placement.Stage.SENT,
                order.venueOrderId(),
                order.clientOrderId(),
                order.request(),
                epoch,
                command.deadlineMillis(),
                nowMillis,
                null);
        put(new State.Sending(sent, order));
        return List.of(new Step.Write(sent), new Step.Look(command));
    }

    /**
     * SENT is committed and the last look was taken.
     *
     * @param whyNot why the order may not leave, if it may not
     */
    public List<Step> lookedLast(OrderId id, Optional<String> whyNot, long nowMillis) {
        if (!(placements.get(id) instanceof State.Sending sending)) {
            throw new IllegalStateException("order " + id + " is not between its SENT and its call");
        }
        var command = sending.order.command();
        if (command.mode() != mode) {
            return end(
                    sending,
                    new Outcome(
                            Outcome.Kind.NOT_SENT,
                            "wrong_mode",
                            "this connector sends " + mode + " orders, not " + command.mode()),
                    nowMillis);
        }
        if (nowMillis > command.deadlineMillis()) {
            long late = nowMillis - command.deadlineMillis();
            return end(
                    sending,
                    new Outcome(Outcome.Kind.NOT_SENT, "deadline_passed", late + " ms after its deadline"),
                    nowMillis);
        }
        if (whyNot.isPresent()) {
            return end(sending, new Outcome(Outcome.Kind.NOT_SENT, "stopped", whyNot.get()), nowMillis);
        }
        // From here on a crash leaves the doubt that it is.
        put(new State.InDoubt(sending.sent, null, Long.MIN_VALUE, false));
        return List.of(new Step.Call(sending.order));
    }

    /** The venue answered the call, or did not. */
    public List<Step> answered(OrderId id, SubmitOutcome answer, long nowMillis) {
        if (placements.get(id) instanceof State.Ended) {
            // The venue's stream was faster than its answer.
            return List.of();
        }
        var doubt = doubtOf(id);
        return switch (answer) {
            case SubmitOutcome.Accepted accepted ->
                end(doubt, accepted.venueOrderId(), new Outcome(Outcome.Kind.ACCEPTED, "", ""), accepted.atMillis());
            case SubmitOutcome.Refused refused ->
                end(doubt, new Outcome(Outcome.Kind.REFUSED, refused.code(), refused.detail()), refused.atMillis());
            case SubmitOutcome.NotSent notSent ->
                end(doubt, new Outcome(Outcome.Kind.NOT_SENT, "not_sent", notSent.why()), nowMillis);
            case SubmitOutcome.Unknown unknown -> {
                put(new State.InDoubt(doubt.sent, null, nowMillis, true));
                yield List.of(uncertain(doubt.sent, unknown.why(), nowMillis), new Step.LookUp(doubt.sent.ref()));
            }
        };
    }

    /**
     * The venue was asked for an order.
     *
     * @param askedAtMillis before the question left
     */
    public List<Step> lookedUp(OrderId id, LookupOutcome answer, long askedAtMillis, long nowMillis) {
        if (placements.get(id) instanceof State.Ended ended) {
            return stands(ended, answer, askedAtMillis, nowMillis);
        }
        var doubt = doubtOf(id);
        return switch (answer) {
            case LookupOutcome.Found found -> found(doubt, found);
            case LookupOutcome.Absent absent -> {
                if (!showsWhatArrived(doubt.sent, askedAtMillis)) {
                    yield stillInDoubt(doubt, null, "not found so soon after its deadline", nowMillis);
                }
                var since = doubt.absentSince;
                if (since != null && askedAtMillis - since >= readLag.toMillis()) {
                    yield end(
                            doubt,
                            new Outcome(
                                    Outcome.Kind.ABSENT,
                                    "",
                                    "not found twice after its deadline, " + (askedAtMillis - since) + " ms apart"),
                            nowMillis);
                }
                yield stillInDoubt(
                        doubt,
                        since == null ? (Long) askedAtMillis : since,
                        "not found once after its deadline",
                        nowMillis);
            }
            case LookupOutcome.Unknown unknown -> stillInDoubt(doubt, doubt.absentSince, unknown.why(), nowMillis);
        };
    }

    /**
     * Whether a read shows an order that arrived by its deadline, as far as it is open. One that misses it then proves
     * that nothing of it is open; how much was filled until then, only a read that comes later by the lag shows for
     * certain. Hence two.
     */
    private boolean showsWhatArrived(Placement sent, long askedAtMillis) {
        return askedAtMillis - readLag.toMillis() > sent.deadlineMillis();
    }

    /** An answer for an order whose placement is certain: how it stands. */
    private List<Step> stands(State.Ended ended, LookupOutcome answer, long askedAtMillis, long nowMillis) {
        var gone =
                switch (answer) {
                    case LookupOutcome.Absent absent -> Quantity.ZERO;
                    case LookupOutcome.Found found when found.status() == LookupOutcome.Status.GONE -> found.filled();
                    case LookupOutcome.Found found -> null;
                    case LookupOutcome.Unknown unknown -> null;
                };
        if (gone != null) {
            return gone(ended, gone, askedAtMillis, nowMillis);
        }
        if (!(answer instanceof LookupOutcome.Found found)) {
            if (ended.nextLookMillis != null) {
                put(ended.lookedAtAgain(nowMillis + pause(), ended.gone));
            }
            return List.of();
        }
        // One that was accepted and is not remembered as that has been taken back.
        var type = found.status() == LookupOutcome.Status.REFUSED ? VenueReport.Type.CANCELLED : typeOf(found.status());
        if (type == null) {
            put(ended.lookedAtAgain(nowMillis + lookEvery.toMillis(), null));
            return List.of();
        }
        if (type == VenueReport.Type.WORKING) {
            put(ended.foundWorking(found.filled()));
            if (found.filled().equals(ended.working)) {
                return List.of();
            }
        }
        return heard(
                report(ended.sent, type, found.venueOrderId(), found.filled(), "", found.detail(), found.atMillis()));
    }

    /**
     * It was accepted, so that one read that misses it may be late. Two that agree are evidence: some venues forget an
     * order as soon as it is cancelled, and the news of that may have died with the process that asked for it.
     */
    private List<Step> gone(State.Ended ended, Quantity filled, long askedAtMillis, long nowMillis) {
        if (ended.nextLookMillis == null) {
            return List.of();
        }
        var first = ended.gone;
        boolean agree = first != null && first.filled.equals(filled);
        if (first == null || !agree || askedAtMillis - first.askedAtMillis < readLag.toMillis()) {
            var from = agree ? first : new Gone(askedAtMillis, filled);
            put(ended.lookedAtAgain(nowMillis + pause(), showsWhatArrived(ended.sent, askedAtMillis) ? from : null));
            return List.of();
        }
        return heard(report(
                ended.sent,
                VenueReport.Type.CANCELLED,
                ended.sent.venueOrderId(),
                filled,
                "",
                "accepted, and twice found open no more, " + (askedAtMillis - first.askedAtMillis) + " ms apart",
                nowMillis));
    }

    /** Until an order is asked for again whose last read said nothing new. */
    private long pause() {
        return Math.max(readLag.toMillis(), lookEvery.toMillis());
    }

    /**
     * The venue told of an order on its own account, or was asked. It passes the news on; news of an order that was in
     * doubt is the evidence that ends the doubt, and the end of one is put on record.
     */
    public List<Step> heard(VenueReport news) {
        var known = placements.get(news.orderId());
        var steps = new ArrayList<Step>();
        if (known instanceof State.InDoubt doubt && provesAcceptance(news.type())) {
            steps.addAll(end(
                    doubt,
                    news.venueOrderId() == null ? doubt.sent.venueOrderId() : news.venueOrderId(),
                    new Outcome(Outcome.Kind.ACCEPTED, "", "the venue told of it"),
                    news.atMillis()));
            known = placements.get(news.orderId());
        }
        if (known instanceof State.Ended ended && ended.mayLive() && isEnd(news.type())) {
            var over = recorded(
                    ended.sent,
                    ended.sent.venueOrderId(),
                    new Outcome(Outcome.Kind.ENDED, "", news.type().name()),
                    news.atMillis());
            put(new State.Ended(over, over.outcome() == null ? ended.outcome : over.outcome()));
            // Told first: if a crash comes between the two, the order is asked for again and its end told again. The
            // other way round nobody would ask any more, and its reservation would stay for ever.
            steps.add(new Step.Report(news));
            steps.add(new Step.Write(over));
            return steps;
        }
        if (known instanceof State.Ended ended && ended.gone != null && provesAcceptance(news.type())) {
            // A sign of life: what missed it before proves nothing any more.
            put(ended.lookedAtAgain(ended.nextLookMillis, null));
        }
        steps.add(new Step.Report(news));
        return steps;
    }

    /**
     * An order is to be cancelled. Unlike an order, a cancel is repeated, after growing pauses of at most
     * {@link #CANCEL_AGAIN_WITHIN}, until its order is at an end: it does no harm twice, and one that got lost would
     * leave the order open. Nothing is said of an order at its end, which was told.
     */
    public List<Step> cancelAsked(OrderCommand command, long nowMillis) {
        var id = command.orderId();
        var known = placements.get(id);
        if (known == null) {
            return List.of(new Step.Report(new VenueReport(
                    id,
                    command.account(),
                    command.mode(),
                    command.market().id(),
                    VenueReport.Type.CANCEL_REFUSED,
                    null,
                    null,
                    "not_placed",
                    "it was never placed from here",
                    nowMillis)));
        }
        if (!mayLive(known)) {
            return List.of();
        }
        cancelling.put(id, new Cancelling(command.reason(), 0, nowMillis, NEVER));
        return List.of(new Step.Cancel(known.sent().ref()));
    }

    /** The venue answered a cancel, or did not. */
    public List<Step> cancelAnswered(OrderId id, CancelOutcome answer, long nowMillis) {
        var known = placements.get(id);
        var asked = cancelling.get(id);
        if (known == null || asked == null) {
            // The venue's stream was faster than its answer.
            return List.of();
        }
        var sent = known.sent();
        return switch (answer) {
            case CancelOutcome.Cancelled done ->
                heard(report(
                        sent,
                        VenueReport.Type.CANCELLED,
                        sent.venueOrderId(),
                        done.filled(),
                        "cancelled_by_user",
                        asked.reason,
                        nowMillis));
            case CancelOutcome.Refused refused -> {
                // It may have ended without our hearing of it.
                question(id, nowMillis);
                yield cancelAgain(asked, sent, refused.code(), refused.detail(), nowMillis);
            }
            case CancelOutcome.NotSent notSent -> cancelAgain(asked, sent, "not_sent", notSent.why(), nowMillis);
            case CancelOutcome.Unknown unknown -> {
                question(id, nowMillis);
                yield cancelAgain(asked, sent, "cancel_unknown", unknown.why(), nowMillis);
            }
        };
    }

    private List<Step> cancelAgain(Cancelling asked, Placement sent, String code, String detail, long nowMillis) {
        long pause = Math.min(lookEvery.toMillis() << Math.min(asked.tries, 20), CANCEL_AGAIN_WITHIN.toMillis());
        int tries = asked.tries + 1;
        boolean tell = tries > 1 && nowMillis - asked.toldAtMillis >= CANCEL_TOLD_EVERY.toMillis();
        cancelling.put(
                sent.orderId(),
                new Cancelling(asked.reason, tries, nowMillis + pause, tell ? nowMillis : asked.toldAtMillis));
        return tell
                ? List.of(new Step.Report(report(
                        sent,
                        VenueReport.Type.CANCEL_REFUSED,
                        sent.venueOrderId(),
                        null,
                        code,
                        detail + "; tried " + tries + " times, and is tried again",
                        nowMillis)))
                : List.of();
    }

    private static boolean mayLive(State state) {
        return switch (state) {
            case State.Sending sending -> true;
            case State.InDoubt doubt -> true;
            case State.Ended ended -> ended.mayLive();
        };
    }

    private static boolean provesAcceptance(VenueReport.Type type) {
        return type == VenueReport.Type.ACCEPTED || type == VenueReport.Type.WORKING || isEnd(type);
    }

    private static boolean isEnd(VenueReport.Type type) {
        return type == VenueReport.Type.FILLED
                || type == VenueReport.Type.CANCELLED
                || type == VenueReport.Type.EXPIRED;
    }

    /** Time has passed: looks and cancels that are due. */
    public List<Step.Question> due(long nowMillis) {
        var steps = new ArrayList<Step.Question>();
        cancelling.forEach((id, cancel) -> {
            var known = placements.get(id);
            if (known != null && cancel.nextTryMillis <= nowMillis) {
                steps.add(new Step.Cancel(known.sent().ref()));
            }
        });
        for (var ended : questioned.values()) {
            if (ended.nextLookMillis == null || ended.nextLookMillis <= nowMillis) {
                steps.add(new Step.LookUp(ended.sent.ref()));
            }
        }
        for (var doubt : inDoubt.values()) {
            if (doubt.nextLookMillis <= nowMillis) {
                steps.add(new Step.LookUp(doubt.sent.ref()));
            }
        }
        return steps;
    }

    private List<Step> found(State.InDoubt doubt, LookupOutcome.Found found) {
        if (found.status() == LookupOutcome.Status.REFUSED) {
            return end(doubt, new Outcome(Outcome.Kind.REFUSED, "refused", found.detail()), found.atMillis());
        }
        var steps = new ArrayList<>(end(
                doubt,
                found.venueOrderId(),
                new Outcome(Outcome.Kind.ACCEPTED, "", "found by lookup"),
                found.atMillis()));
        var type = typeOf(found.status());
        if (type != null) {
            steps.addAll(heard(report(
                    doubt.sent, type, found.venueOrderId(), found.filled(), "", found.detail(), found.atMillis())));
        }
        if (found.status() == LookupOutcome.Status.GONE) {
            question(doubt.sent.orderId(), found.atMillis());
        }
        return steps;
    }

    private static VenueReport.@Nullable Type typeOf(LookupOutcome.Status status) {
        return switch (status) {
            case ACCEPTED, REFUSED, GONE -> null;
            case WORKING -> VenueReport.Type.WORKING;
            case FILLED -> VenueReport.Type.FILLED;
            case CANCELLED -> VenueReport.Type.CANCELLED;
            case EXPIRED -> VenueReport.Type.EXPIRED;
        };
    }

    private List<Step> stillInDoubt(State.InDoubt doubt, @Nullable Long absentSince, String why, long nowMillis) {
        put(new State.InDoubt(doubt.sent, absentSince, nowMillis + lookEvery.toMillis(), true));
        return doubt.told ? List.of() : List.of(uncertain(doubt.sent, why, nowMillis));
    }

    private List<Step> end(State state, Outcome outcome, long atMillis) {
        return end(state, state.sent().venueOrderId(), outcome, atMillis);
    }

    private List<Step> end(State state, @Nullable String venueOrderId, Outcome outcome, long atMillis) {
        var known = recorded(state.sent(), venueOrderId, outcome, atMillis);
        put(new State.Ended(known, outcome));
        return List.of(new Step.Write(known), new Step.Report(report(known, outcome, atMillis)));
    }

    private static Placement recorded(Placement sent, @Nullable String venueOrderId, Outcome outcome, long atMillis) {
        return new Placement(
                sent.orderId(),
                sent.account(),
                sent.mode(),
                sent.market(),
                Placement.Stage.OUTCOME,
                venueOrderId,
                sent.clientOrderId(),
                ByteBuffer.allocate(0),
                sent.epoch(),
                sent.deadlineMillis(),
                atMillis,
                outcome);
    }

    /** Whether nobody knows yet what became of the order, or a cancel of it has not ended it yet. */
    public boolean isUnsettled(OrderId id) {
        return inDoubt.containsKey(id) || cancelling.containsKey(id);
    }

    private State.InDoubt doubtOf(OrderId id) {
        if (placements.get(id) instanceof State.InDoubt doubt) {
            return doubt;
        }
        throw new IllegalStateException("order " + id + " is not in doubt; the answer to it belongs to no question");
    }

    private void put(State state) {
        var sent = state.sent();
        var id = sent.orderId();
        placements.put(id, state);
        byClientOrderId.put(sent.clientOrderId(), id);
        if (sent.venueOrderId() != null) {
            byVenueOrderId.put(sent.venueOrderId(), id);
        }
        if (state instanceof State.Ended ended && ended.mayLive()) {
            mayLive.put(id, ended);
        } else {
            mayLive.remove(id);
        }
        if (state instanceof State.Ended ended && ended.nextLookMillis != null) {
            questioned.put(id, ended);
        } else {
            questioned.remove(id);
        }
        if (state instanceof State.InDoubt doubt) {
            inDoubt.put(id, doubt);
        } else {
            inDoubt.remove(id);
        }
        if (!mayLive(state)) {
            cancelling.remove(id);
        }
    }

    private static Step uncertain(Placement sent, String why, long nowMillis) {
        return new Step.Report(report(sent, VenueReport.Type.UNCERTAIN, sent.venueOrderId(), null, "", why, nowMillis));
    }

    private static VenueReport report(Placement placement, Outcome outcome, long atMillis) {
        var type =
                switch (outcome.kind()) {
                    // Of one that has ended since, the end was told too.
                    case ACCEPTED, ENDED -> VenueReport.Type.ACCEPTED;
                    case REFUSED -> VenueReport.Type.REFUSED;
                    case NOT_SENT -> VenueReport.Type.NOT_SENT;
                    case ABSENT -> VenueReport.Type.ABSENT;
                };
        return report(placement, type, placement.venueOrderId(), null, outcome.code(), outcome.detail(), atMillis);
    }

    private static VenueReport report(
            Placement placement,
            VenueReport.Type type,
            @Nullable String venueOrderId,
            @Nullable Quantity filled,
            String code,
            String detail,
            long atMillis) {
        return new VenueReport(
                placement.orderId(),
                placement.account(),
                placement.mode(),
                placement.market(),
                type,
                venueOrderId,
                filled,
                code,
                detail,
                atMillis);
    }
}

package sluice.risk.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.risk.Arming;
import sluice.domain.risk.Halt;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Subject;

/**
 * What operators have set for every account, or for one: limits by scope, what is halted, and what may trade live.
 * Immutable.
 *
 * @param tradingDay days since 1970-01-01; null before the first day roll. Kept with {@link AccountId#ALL} only
 * @param timeMillis time of the last tick, UTC milliseconds; kept with {@link AccountId#ALL} only
 * @param limits newest limits of each scope, ordered by scope
 * @param halts what is halted, ordered by scope
 * @param armings what is armed for live trading, ordered by scope; those that have ended among them
 */
public record ControlBook(
        @Nullable Integer tradingDay,
        long timeMillis,
        List<RiskLimits> limits,
        List<Halt> halts,
        List<Arming> armings) {
    public static final ControlBook EMPTY = new ControlBook(null, 0, List.of(), List.of(), List.of());

    public ControlBook {
        limits = List.copyOf(limits);
        halts = List.copyOf(halts);
        armings = List.copyOf(armings);
    }

    ControlBook onDay(int day) {
        return new ControlBook(day, timeMillis, limits, halts, armings);
    }

    ControlBook at(long millis) {
        return new ControlBook(tradingDay, millis, limits, halts, armings);
    }

    /** With {@code set} in the place of its scope's older version; unchanged if there is one that is not older. */
    ControlBook with(RiskLimits set) {
        List<RiskLimits> next = new ArrayList<>();
        for (RiskLimits known : limits) {
            if (!known.scope().equals(set.scope())) {
                next.add(known);
            } else if (known.version() >= set.version()) {
                return this;
            }
        }
        next.add(set);
        next.sort(Comparator.comparing(RiskLimits::scope));
        return new ControlBook(tradingDay, timeMillis, next, halts, armings);
    }

    /** The first of the halts that this order is under; null if there is none. */
    @Nullable
    Halt firstHalt(Subject subject) {
        for (Halt halt : halts) {
            if (subject.isIn(halt.scope())) {
                return halt;
            }
        }
        return null;
    }

    Optional<Halt> haltOf(Scope scope) {
        return halts.stream().filter(halt -> halt.scope().equals(scope)).findFirst();
    }

    ControlBook with(Halt halt) {
        List<Halt> next = new ArrayList<>(halts);
        next.add(halt);
        next.sort(Comparator.comparing(Halt::scope));
        return new ControlBook(tradingDay, timeMillis, limits, next, armings);
    }

    ControlBook withoutHalt(Scope scope) {
        return new ControlBook(
                tradingDay,
                timeMillis,
                limits,
                halts.stream().filter(halt -> !halt.scope().equals(scope)).toList(),
                armings);
    }

    /** Whether live orders of the subject may leave at a time. */
    boolean isArmed(Subject subject, long atMillis) {
        for (Arming arming : armings) {
            if (atMillis < arming.untilMillis() && subject.isIn(arming.scope())) {
                return true;
            }
        }
        return false;
    }

    /** With this arming in the place of its scope's older one. */
    ControlBook with(Arming arming) {
        List<Arming> next = new ArrayList<>(disarmed(arming.scope()).armings);
        next.add(arming);
        next.sort(Comparator.comparing(Arming::scope));
        return new ControlBook(tradingDay, timeMillis, limits, halts, next);
    }

    ControlBook disarmed(Scope scope) {
        return new ControlBook(
                tradingDay,
                timeMillis,
                limits,
                halts,
                armings.stream().filter(arming -> !arming.scope().equals(scope)).toList());
    }
}

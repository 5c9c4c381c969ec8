package sluice.risk.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.domain.AccountId;
import sluice.domain.risk.Halt;
import sluice.domain.risk.RiskLimits;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Subject;

/**
 * What operators have set for every account, or for one: limits by scope, and what is halted. Immutable.
 *
 * @param tradingDay days since 1970-01-01; null before the first day roll. Kept with {@link AccountId#ALL} only
 * @param timeMillis time of the last tick, UTC milliseconds; kept with {@link AccountId#ALL} only
 * @param limits newest limits of each scope, ordered by scope
 * @param halts what is halted, ordered by scope
 */
public record ControlBook(@Nullable Integer tradingDay, long timeMillis, List<RiskLimits> limits, List<Halt> halts) {
    public static final ControlBook EMPTY = new ControlBook(null, 0, List.of(), List.of());

    public ControlBook {
        limits = List.copyOf(limits);
        halts = List.copyOf(halts);
    }

    ControlBook onDay(int day) {
        return new ControlBook(day, timeMillis, limits, halts);
    }

    ControlBook at(long millis) {
        return new ControlBook(tradingDay, millis, limits, halts);
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
        return new ControlBook(tradingDay, timeMillis, next, halts);
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
        return new ControlBook(tradingDay, timeMillis, limits, next);
    }

    ControlBook withoutHalt(Scope scope) {
        return new ControlBook(
                tradingDay,
                timeMillis,
                limits,
                halts.stream().filter(halt -> !halt.scope().equals(scope)).toList());
    }
}

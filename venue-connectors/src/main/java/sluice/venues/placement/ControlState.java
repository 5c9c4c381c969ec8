package sluice.venues.placement;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.domain.AccountId;
import sluice.domain.EventId;
import sluice.domain.Mode;
import sluice.domain.order.OrderCommand;
import sluice.domain.risk.ControlCommand;
import sluice.domain.risk.Halt;
import sluice.domain.risk.Scope;
import sluice.domain.risk.Subject;

/**
 * What the control topic has said so far: what is halted, and which live trading is armed. The same words as in the
 * gate have the same effect here, so that a halt holds even where the gate's decision was made before it.
 *
 * <p>Times are UTC milliseconds and come in. Not safe for several threads.
 */
public final class ControlState {
    private record Place(AccountId account, Scope scope) {
        boolean holds(Subject subject) {
            return (account.equals(AccountId.ALL) || account.equals(subject.account())) && subject.isIn(scope);
        }
    }

    /** Live orders of a scope in an account, or in all, that may leave until a time. */
    public record Arming(AccountId account, Scope scope, long untilMillis, String by, String reason) {
        /** In words for people. */
        @Override
        public String toString() {
            return scope + " of account " + account + " until " + Instant.ofEpochMilli(untilMillis);
        }
    }

    private final Map<Place, Halt> halts = new HashMap<>();
    private final Map<Place, Arming> armed = new HashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();

    /**
     * Takes a command; one that was seen before, or had expired when it was written, has no effect.
     *
     * @param atMillis when the broker took it
     */
    public void apply(ControlCommand command, long atMillis) {
        if (!seen.add(List.of(command.commandId(), command.type(), command.scope(), command.account()))) {
            return;
        }
        Long expires = command.expiresAtMillis();
        if (expires != null && atMillis > expires) {
            return;
        }
        Place place = new Place(command.account(), command.scope());
        switch (command.type()) {
            case HALT ->
                halts.putIfAbsent(place, new Halt(command.scope(), command.reason(), command.operator(), atMillis));
            case RESUME -> halts.remove(place);
            case ARM -> {
                // One that would never expire is no arming: it would outlive whoever gave it.
                if (expires != null) {
                    armed.put(
                            place,
                            new Arming(
                                    command.account(), command.scope(), expires, command.operator(), command.reason()));
                }
            }
            case DISARM -> armed.remove(place);
            case CANCEL_ALL, FLATTEN, CANCEL_ORDER, ACK -> {}
        }
    }

    /**
     * Takes a record that is no command that we know. It may have been a halt: so it is one, of everything, until an
     * operator resumes everything.
     */
    public void applyUnreadable(String where, long atMillis) {
        halts.put(
                new Place(AccountId.ALL, Scope.ALL),
                new Halt(
                        Scope.ALL,
                        "the command at " + where + " cannot be read; ./sluice resume --scope all after looking at it",
                        "the connector",
                        atMillis));
    }

    /** What is armed at a time, in a fixed order. */
    public List<Arming> armed(long nowMillis) {
        return armed.values().stream()
                .filter(arming -> nowMillis < arming.untilMillis)
                .sorted(Comparator.comparing(Arming::toString))
                .toList();
    }

    /** Why an order may not leave now; empty if nothing that was commanded is against it. */
    public Optional<String> whyNot(OrderCommand order, long nowMillis) {
        Subject subject = new Subject(
                order.account(),
                order.strategy(),
                order.market().id(),
                // As the gate names the event of a market that is in none.
                order.market().event() == null
                        ? EventId.of(order.market().id().toString())
                        : order.market().event(),
                order.market().category());
        for (Map.Entry<Place, Halt> halt : halts.entrySet()) {
            if (halt.getKey().holds(subject)) {
                return Optional.of(halt.getValue().scope() + " is halted by "
                        + halt.getValue().by() + ": " + halt.getValue().reason());
            }
        }
        if (order.mode() == Mode.LIVE
                && armed.entrySet().stream()
                        .noneMatch(arm -> arm.getKey().holds(subject) && nowMillis < arm.getValue().untilMillis)) {
            return Optional.of("live trading is not armed for account " + order.account()
                    + "; arm it for a time with ./sluice arm");
        }
        return Optional.empty();
    }
}

package sluice.venues.simulator;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A venue's HTTP service with faults F1, F2, F3, F6, F15 and F18 around it. Without a {@code where}, the first three
 * strike only what changes something.
 */
final class FaultyService implements Http.Service {
    private final Faults faults;
    private final Http.Service service;
    private final BiFunction<Fault, Http.Request, Http.@Nullable Answer> restricted;
    private final Arrivals arrivals;

    /**
     * @param restricted the venue's words for F15; null lets the request pass
     * @param arrivals told of every request before anything strikes
     */
    FaultyService(
            Faults faults,
            Http.Service service,
            BiFunction<Fault, Http.Request, Http.@Nullable Answer> restricted,
            Arrivals arrivals) {
        this.faults = faults;
        this.service = service;
        this.restricted = restricted;
        this.arrivals = arrivals;
    }

    @Override
    public Http.Reply serve(Http.Request request) {
        arrivals.arrived(request);
        if (strike("F2", request) != null) {
            return new Http.Drop(true);
        }
        Fault restriction = faults.strike("F15", request.place());
        if (restriction != null) {
            Http.Answer refusal = restricted.apply(restriction, request);
            if (refusal != null) {
                return refusal;
            }
        }
        Http.Reply reply = service.serve(request);
        if (!(reply instanceof Http.Answer answer) || answer.status() >= 300) {
            return reply;
        }
        Fault late = faults.strike("F6", "answer", "swap", request.place());
        if (late != null) {
            sleep(late.number("millis", 500));
        }
        Fault lost = strike("F1", request);
        if (lost != null) {
            if (lost.mode().equals("hang")) {
                sleep(lost.number("millis", 15_000));
            }
            return new Http.Drop(false);
        }
        Fault failed = strike("F3", request);
        if (failed != null) {
            return Http.Answer.text(
                    (int) failed.number("status", 500),
                    "application/json",
                    failed.text("body", "{\"error\":\"internal\"}"));
        }
        Fault odd = strike("F18", request);
        return odd == null
                ? answer
                : new Http.Answer(
                        answer.status(), answer.contentType(), OddBody.of(odd, answer.body()), answer.headers());
    }

    private @Nullable Fault strike(String id, Http.Request request) {
        if (request.method().equals("GET")) {
            Fault standing = faults.standing(id, request.place());
            if (standing == null || standing.where().isEmpty()) {
                return null;
            }
        }
        return faults.strike(id, request.place());
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

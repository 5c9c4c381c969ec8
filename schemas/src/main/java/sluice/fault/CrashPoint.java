package sluice.fault;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Named places at which a process can be told to die, by the environment variable {@code SLUICE_CRASH=NAME} or
 * {@code SLUICE_CRASH=NAME:n} for the n-th pass. It halts like one killed with signal 9: nothing is flushed, closed or
 * handed over.
 *
 * <p>These stand in production code because the claim they serve is about production code: that it can be killed
 * between any two steps. A kill from outside hits the few microseconds between a commit and a call once in thousands of
 * tries; and a build with the points woven in would be another program than the one that trades. Without the variable,
 * a pass is one test of a constant against null, which the compiler removes; nothing at run time can arm one.
 *
 * <p>Never from a pure core: there a crash leaves nothing behind.
 */
public enum CrashPoint {
    // Connector: taking a command.
    PARTITIONS_ASSIGNED,
    FENCED,
    RESTORING,
    RESTORED,
    COMMAND_READ,
    PREPARED,

    // Connector: placing an order.
    SENT_BEFORE_WRITE,
    TRANSACTION_OPEN,
    SENT_COMMITTED,
    LAST_LOOK_BEFORE,
    LAST_LOOK_TAKEN,
    CALL_BEFORE,
    REQUEST_WRITTEN,
    ANSWER_READ,
    ANSWER_TAKEN,
    OUTCOME_BEFORE_WRITE,
    OUTCOME_COMMITTED,

    // Connector: cancelling, and looking up what is in doubt.
    CANCEL_BEFORE_CALL,
    CANCEL_ANSWERED,
    LOOK_UP_BEFORE,
    LOOK_UP_ANSWERED,

    // Connector: telling what happened.
    REPORT_BEFORE_SEND,
    REPORT_SENT,
    FILLS_READ,
    FILL_BEFORE_SEND,
    FILL_SENT,
    CURSOR_MOVED,
    OUTBOX_BEFORE_FLUSH,
    OUTBOX_FLUSHED,
    OFFSETS_BEFORE_COMMIT,
    OFFSETS_COMMITTED,

    // Ingress.
    INGRESS_READ,
    INGRESS_APPENDED,
    INGRESS_ACKNOWLEDGED,
    INGRESS_COMMITTED,

    // Account task.
    TASK_OPENED,
    TASK_RECORD_READ,
    TASK_APPLIED,
    TASK_FORWARDED,
    TASK_DECIDED,
    FILL_BOOKED;

    /** Names the point to die at. */
    public static final String VARIABLE = "SLUICE_CRASH";

    /** As a shell shows the end of a process that was killed with signal 9. */
    public static final int EXIT_CODE = 137;

    private static final @Nullable Armed ARMED =
            Armed.parse(System.getenv(VARIABLE)).orElse(null);

    /** Dies here, if this is the armed point and its time has come. Safe for use by several threads. */
    public void pass() {
        if (ARMED != null) {
            ARMED.passed(this);
        }
    }

    /** What the environment asked for. */
    static final class Armed {
        private final CrashPoint point;
        private final AtomicLong left;

        private Armed(CrashPoint point, long pass) {
            this.point = point;
            this.left = new AtomicLong(pass);
        }

        /** @throws IllegalArgumentException for what names no point: a test that arms nothing must not look passed */
        static Optional<Armed> parse(@Nullable String text) {
            if (text == null || text.isEmpty()) {
                return Optional.empty();
            }
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon);
            String count = colon < 0 ? "1" : text.substring(colon + 1);
            return Optional.of(new Armed(
                    Arrays.stream(values())
                            .filter(point -> point.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> unreadable(text)),
                    Optional.of(count)
                            .filter(it -> it.matches("[1-9][0-9]{0,8}"))
                            .map(Long::parseLong)
                            .orElseThrow(() -> unreadable(text))));
        }

        private static IllegalArgumentException unreadable(String text) {
            return new IllegalArgumentException(VARIABLE + " is \"" + text + "\"; write NAME or NAME:n, with one of "
                    + Arrays.toString(values()) + ", or unset it");
        }

        /** Whether this pass is the one to die at. */
        boolean isDue(CrashPoint passed) {
            return passed == point && left.decrementAndGet() == 0;
        }

        private void passed(CrashPoint passed) {
            if (isDue(passed)) {
                System.err.println("sluice: halts at " + passed + ", as " + VARIABLE + " says");
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
    }
}

package sluice.venues.http;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of one request. It was tried once, and nothing here tries it again. */
public sealed interface HttpOutcome {
    /**
     * A whole answer, whatever it says.
     *
     * @param headers by lower-case name; of a repeated one the last
     * @param body as UTF-8
     * @param sentAtMillis local time before the request left
     * @param receivedAtMillis local time when the answer was complete
     */
    record Answer(int status, Map<String, String> headers, String body, long sentAtMillis, long receivedAtMillis)
            implements HttpOutcome {
        public Answer {
            headers = Map.copyOf(headers);
        }

        public @Nullable String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }
    }

    /** Proved that not one byte of the request was written: no name, no connection, no TLS. */
    record NotSent(String why) implements HttpOutcome {}

    /** It may have arrived, whole or in part; nothing that can be used came back. */
    record NoAnswer(String why) implements HttpOutcome {}
}

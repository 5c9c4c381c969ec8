package sluice.venues.recording;

import java.util.Locale;

/** How a recording is written. */
public enum RecordingFormat {
    /** Our own, JSONL or CSV; see FORMAT.md beside the shipped recording. */
    NEUTRAL,
    /** Top of book of Polymarket US, polled, as CSV. */
    POLYMARKET_US,
    /** Kalshi's market websocket, one NDJSON file per message type. */
    KALSHI_CAPTURE,
    /** Journal of an account that traded at Kalshi: signals, orders, fills, results. */
    KALSHI_JOURNAL;

    /** The name on a command line: lower case with hyphens. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

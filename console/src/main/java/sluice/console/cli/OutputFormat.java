package sluice.console.cli;

/** How rows are written. */
enum OutputFormat {
    /** Aligned columns for people. */
    TABLE,
    /** One array of whole objects. */
    JSON,
    /** One whole object on each line. */
    NDJSON,
    /** The table's columns, as RFC 4180 has it. */
    CSV
}

package sluice.console.cli;

/**
 * A column of a table or a CSV file.
 *
 * @param title heading
 * @param path where the value stands in a row, dotted
 */
record Column(String title, String path) {
    /** A column whose heading is its path. */
    static Column of(String path) {
        return new Column(path, path);
    }
}

package sluice.console.cli;

/** A bar on stderr while something long goes on; nothing where nobody watches. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000L;

    private final Host host;
    private final String what;
    private long drawn = System.nanoTime() - REDRAW_NANOS;
    private boolean visible;

    /** @param what what is counted, as in {@code signals} */
    Progress(Host host, String what) {
        this.host = host;
        this.what = what;
    }

    /** Tells how far it is; {@code total} 0 where that is not known. */
    void at(long done, long total, long count) {
        if (!host.errIsTerminal() || System.nanoTime() - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = System.nanoTime();
        visible = true;
        String bar = "";
        if (total > 0) {
            // What is read runs ahead of what is done, so the end is never shown before it is there.
            long percent = Math.min(99, done * 100 / total);
            int filled = Math.toIntExact(percent * WIDTH / 100);
            bar = "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + percent + " % ";
        }
        host.err().print("\r" + bar + count + " " + what + " ");
        host.err().flush();
    }

    @Override
    public void close() {
        if (visible) {
            host.err().print("\r" + " ".repeat(WIDTH + what.length() + 30) + "\r");
            host.err().flush();
        }
    }
}

package sluice.console.config;

/** What a config record throws when one of its own values is wrong; the reader adds the file and the line. */
final class InvalidSetting extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final boolean refused;

    private InvalidSetting(String key, String problem, boolean refused) {
        super(problem);
        this.key = key;
        this.refused = refused;
    }

    /** The value of {@code key} makes no sense. */
    static InvalidSetting of(String key, String problem) {
        return new InvalidSetting(key, problem, false);
    }

    /** The value of {@code key} makes sense and is refused. */
    static InvalidSetting refused(String key, String problem) {
        return new InvalidSetting(key, problem, true);
    }

    /** Name within the record. */
    String key() {
        return key;
    }

    boolean isRefused() {
        return refused;
    }
}

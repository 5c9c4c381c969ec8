package sluice.console.config;

/** A configuration that Sluice does not start with. The message is for a person and names the file and the line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why it is not accepted. */
    public enum Kind {
        /** It cannot be understood; correct the text. */
        INVALID,
        /** It is understood and refused, because what it asks for must not happen. */
        REFUSED
    }

    private final Kind kind;

    private ConfigException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    static ConfigException invalid(String message) {
        return new ConfigException(Kind.INVALID, message);
    }

    static ConfigException refused(String message) {
        return new ConfigException(Kind.REFUSED, message);
    }

    public Kind kind() {
        return kind;
    }
}

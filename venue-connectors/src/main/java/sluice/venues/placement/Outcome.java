package sluice.venues.placement;

/**
 * How a placement ended, for certain.
 *
 * @param code the venue's code for a refusal; without spaces, empty where there is none
 * @param detail in words
 */
public record Outcome(Kind kind, String code, String detail) {
    /** What is certain. */
    public enum Kind {
        /** The venue has or had the order. */
        ACCEPTED,
        /** The venue had it, and nothing of it lives any more. */
        ENDED,
        /** The venue refused it. */
        REFUSED,
        /** It never left us. */
        NOT_SENT,
        /** It was sent, or may have been, and is proven not to be at the venue. */
        ABSENT
    }

    private static final String NO_CODE = "-";

    /** One line: kind, code and words. */
    public String text() {
        return kind + " " + (code.isEmpty() ? NO_CODE : code.replace(' ', '_')) + " " + detail;
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Outcome parse(String text) {
        int first = text.indexOf(' ');
        int second = text.indexOf(' ', first + 1);
        if (first < 0 || second < 0) {
            throw new IllegalArgumentException("placement outcome \"" + text + "\" is not a kind, a code and words");
        }
        var code = text.substring(first + 1, second);
        return new Outcome(
                Kind.valueOf(text.substring(0, first)), code.equals(NO_CODE) ? "" : code, text.substring(second + 1));
    }
}

package sluice.domain;

/** What may be the name of an account, a strategy, an order, an event or a market. */
final class Names {
    /** Longer names are refused: a name becomes part of store keys and record keys. */
    static final int LONGEST = 200;

    private Names() {}

    static void require(String what, String value) {
        if (value.isEmpty() || value.length() > LONGEST) {
            throw new IllegalArgumentException(
                    what + " has " + value.length() + " characters; from 1 to " + LONGEST + " are allowed");
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isAllowed(value.charAt(i))) {
                throw new IllegalArgumentException(what + " \"" + value
                        + "\" has a space, a control character or a | at " + i + "; none of them is allowed");
            }
        }
    }

    private static boolean isAllowed(char c) {
        return c > ' ' && c != '|' && c != 0x7f;
    }

    /** The nearest name that is allowed. */
    static String madeOf(String text) {
        var name = new StringBuilder(text.substring(0, Math.min(text.length(), LONGEST)));
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                name.setCharAt(i, '_');
            }
        }
        return name.toString();
    }
}

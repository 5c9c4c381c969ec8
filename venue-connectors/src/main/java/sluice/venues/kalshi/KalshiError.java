package sluice.venues.kalshi;

import java.util.Optional;
import sluice.venues.kalshi.KalshiJson.Unreadable;

/**
 * A refusal in the venue's words.
 *
 * @param code the venue's code, or ours in capitals where it gives none
 * @param detail what it says beyond the code; empty where it only says the code once more
 */
record KalshiError(String code, String detail) {
    KalshiError {
        if (detail.replace(' ', '_').equals(code)) {
            detail = "";
        }
    }

    /**
     * Reads a body in any of the shapes that the venue uses: nested, flat, {@code msg}, and the text of a rate limit.
     * Empty if it is none of them, as from a proxy in between: then nobody knows who answered.
     */
    static Optional<KalshiError> parse(String body) {
        KalshiJson json;
        try {
            json = KalshiJson.parse(body);
        } catch (Unreadable e) {
            return Optional.empty();
        }
        var error = json.node().get("error");
        if (error != null && error.isTextual()) {
            return Optional.of(new KalshiError(error.textValue().replace(' ', '_'), error.textValue()));
        }
        if (error != null && error.isObject()) {
            return coded(new KalshiJson(error));
        }
        var message = json.optionalText("msg");
        return message == null ? coded(json) : Optional.of(new KalshiError("invalid_parameter", message));
    }

    private static Optional<KalshiError> coded(KalshiJson json) {
        var code = json.optionalText("code");
        if (code == null || code.isEmpty()) {
            return Optional.empty();
        }
        var message = json.optionalText("message");
        var details = json.optionalText("details");
        var detail = message == null || message.equals(code) ? "" : message;
        if (details != null && !details.isEmpty()) {
            detail = detail.isEmpty() ? details : detail + ": " + details;
        }
        return Optional.of(new KalshiError(code, detail));
    }

    /** Whether the code is this one, with or without a suffix such as {@code :_<uuid>}. */
    boolean is(String name) {
        return code.equals(name) || code.startsWith(name + ":");
    }
}

package sluice.venues.polymarket;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.venues.api.SubmitOutcome;
import sluice.venues.http.HttpOutcome;
import sluice.venues.polymarket.Words.Unreadable;

/** What an answer to a placement proves. Pure; whatever is not listed here is Unknown. */
final class Submission {
    /**
     * A refusal that the venue documents: a fragment of its words, and our code for it. "Duplicated" is left out on
     * purpose: the venue knows the order then, and it may well live.
     */
    private record Refusal(String fragment, String code) {}

    private static final List<Refusal> REFUSALS = List.of(
            new Refusal("invalid order payload", "invalid_payload"),
            new Refusal("invalid signature", "invalid_signature"),
            new Refusal("order_version_mismatch", "order_version_mismatch"),
            new Refusal("the order owner has to be the owner of the api key", "wrong_owner"),
            new Refusal("the order signer address has to be the address of the api key", "wrong_signer"),
            new Refusal("maker address not allowed", "wallet_not_allowed"),
            new Refusal("address banned", "banned"),
            new Refusal("address in closed only mode", "closed_only"),
            new Refusal("breaks minimum tick size rule", "off_grid"),
            new Refusal("lower than the minimum", "below_minimum"),
            new Refusal("invalid post-only order", "post_only_would_cross"),
            new Refusal("crosses the book", "post_only_would_cross"),
            new Refusal("not enough balance", "insufficient_funds"),
            new Refusal("invalid expiration", "invalid_expiration"),
            new Refusal("invalid amounts", "invalid_amounts"),
            new Refusal("invalid amount for a marketable buy", "below_minimum"),
            new Refusal("fok orders are fully filled or killed", "fok_not_filled"),
            new Refusal("no orders found to match with fak order", "fak_not_filled"),
            new Refusal("not yet ready to process new orders", "market_not_ready"),
            new Refusal("too many orders in payload", "batch_too_large"),
            new Refusal("invalid nonce", "invalid_nonce"),
            new Refusal("order canceled in the ctf exchange contract", "cancelled_on_chain"));

    private static final List<Refusal> AUTH = List.of(
            new Refusal("invalid api key", "unauthorized"),
            new Refusal("unauthorized", "unauthorized"),
            new Refusal("invalid l1 request headers", "unauthorized"));

    private static final List<Refusal> RESTRICTED = List.of(
            new Refusal("post-only mode", "post_only_mode"),
            new Refusal("cancel-only", "cancel_only"),
            new Refusal("trading is currently disabled", "trading_disabled"));

    private static final List<Refusal> GEOBLOCK =
            List.of(new Refusal("trading restricted in your region", "geoblocked"));

    private Submission() {}

    /** What the answer to {@code POST /order} says of the order with this hash. */
    static SubmitOutcome outcome(HttpOutcome outcome, String hash) {
        return switch (outcome) {
            case HttpOutcome.NotSent notSent -> new SubmitOutcome.NotSent(notSent.why());
            case HttpOutcome.NoAnswer noAnswer -> new SubmitOutcome.Unknown(noAnswer.why());
            case HttpOutcome.Answer answer
            when answer.status() == 200 -> {
                try {
                    yield accepted(Words.parse(answer.body()), hash, answer.receivedAtMillis());
                } catch (Unreadable e) {
                    yield new SubmitOutcome.Unknown("status 200, and " + e.why());
                }
            }
            case HttpOutcome.Answer answer -> refused(answer);
        };
    }

    /** What one element of a batch's answer, or a single answer, says. */
    static SubmitOutcome accepted(JsonNode answer, String hash, long atMillis) {
        var error = Words.textOr(answer, "errorMsg", "");
        var id = Words.textOr(answer, "orderID", "");
        if (!error.isEmpty()) {
            // With an id, or with words that we do not know, it may live all the same.
            var code = id.isEmpty() ? code(error, REFUSALS, RESTRICTED) : null;
            return code == null
                    ? new SubmitOutcome.Unknown("status 200 with the error " + Words.shown(error))
                    : new SubmitOutcome.Refused(code, error, atMillis);
        }
        if (!answer.path("success").asBoolean(false) || !id.equalsIgnoreCase(hash)) {
            return new SubmitOutcome.Unknown(
                    "status 200, and not our order " + hash + " but " + Words.shown(answer.toString()));
        }
        var status = Words.textOr(answer, "status", "");
        return switch (status.toLowerCase(Locale.ROOT)) {
            case "live", "matched", "delayed", "unmatched" -> new SubmitOutcome.Accepted(hash, atMillis);
            default ->
                new SubmitOutcome.Unknown("order " + hash + " has the status " + Words.shown(status)
                        + "; live, matched, delayed and unmatched are known");
        };
    }

    /** Why a whole request was refused; Unknown where its status and words prove nothing. */
    static SubmitOutcome refused(HttpOutcome.Answer answer) {
        var told = ClobRequests.told(answer);
        var error = error(answer.body());
        if (answer.status() == 429) {
            // Admission comes before the order is looked at, whatever the body looks like.
            return new SubmitOutcome.Refused("rate_limited", told, answer.receivedAtMillis());
        }
        var code = error == null
                ? null
                : switch (answer.status()) {
                    case 400 -> code(error, REFUSALS);
                    case 401 -> code(error, AUTH);
                    case 403 -> code(error, GEOBLOCK);
                    case 503 -> code(error, RESTRICTED);
                    default -> null;
                };
        return code == null
                ? new SubmitOutcome.Unknown(told)
                : new SubmitOutcome.Refused(code, told, answer.receivedAtMillis());
    }

    /** The venue's error text; null if the body is not in the shape that it uses. */
    private static @Nullable String error(String body) {
        try {
            var json = Words.parse(body);
            return json.isObject() ? json.path("error").textValue() : json.isTextual() ? json.textValue() : null;
        } catch (Unreadable e) {
            // The geoblock may say its sentence bare.
            return body.strip().startsWith("Trading restricted") ? body.strip() : null;
        }
    }

    @SafeVarargs
    private static @Nullable String code(String error, List<Refusal>... known) {
        var words = error.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
        for (var list : known) {
            for (var refusal : list) {
                if (words.contains(refusal.fragment)) {
                    return refusal.code;
                }
            }
        }
        return null;
    }
}

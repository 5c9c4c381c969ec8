package sluice.risk.ingress.core;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import sluice.domain.Mode;
import sluice.domain.Money;
import sluice.domain.OrderId;
import sluice.domain.order.Signal;

/**
 * What makes two signals the same intent, and what makes them the same order.
 *
 * <p>Both are digests over fields that each carry their length, so that no two different lists of fields have the same
 * encoding. The encodings are part of the journal: a changed one would turn every repeat into a conflict, so a change
 * needs a new tag.
 */
final class Intent {
    private static final String ID_TAG = "sluice.intent.1";
    private static final String PAYLOAD_TAG = "sluice.payload.1";
    private static final int ID_DIGITS = 32;

    private Intent() {}

    /**
     * Identity of the intent: the first 128 bits, in hex, of the SHA-256 of mode, account, strategy and idempotency
     * key.
     */
    static OrderId id(Mode mode, Signal signal) {
        var fields = new Fields(ID_TAG);
        fields.text(mode.name());
        fields.text(signal.account().value());
        fields.text(signal.strategy().value());
        fields.text(signal.idempotencyKey());
        return new OrderId(fields.sha256().substring(0, ID_DIGITS));
    }

    /**
     * SHA-256, in hex, of everything that would make it a different order: market, token, side, action, limit price,
     * size, bound on the cost, life and place in a group.
     *
     * <p>What only tells of the signal is left out: request id, creation time, the model's ids, words, edge and
     * probability, and unknown fields. A re-send with a new request id and a later clock is a repeat; a re-send at
     * another price is a conflict.
     */
    static String payloadHash(Signal signal) {
        var fields = new Fields(PAYLOAD_TAG);
        fields.text(signal.market().venue().name());
        fields.text(signal.market().id());
        fields.text(signal.tokenId());
        fields.text(signal.side().name());
        fields.text(signal.action().name());
        fields.number(signal.limitPrice().micros());
        fields.number(signal.size().micros());
        Money maxCost = signal.maxCost();
        fields.number(maxCost == null ? null : maxCost.micros());
        fields.text(signal.timeInForce().name());
        fields.number(signal.postOnly() ? 1L : 0L);
        fields.number(signal.expiresAtMillis());
        fields.text(signal.groupId());
        fields.number(signal.legIndex() == null ? null : Long.valueOf(signal.legIndex()));
        fields.number(signal.legCount() == null ? null : Long.valueOf(signal.legCount()));
        return fields.sha256();
    }

    /** Fields, each as its length in bytes (-1 for an absent one) and its bytes. */
    private static final class Fields {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

        Fields(String tag) {
            text(tag);
        }

        void text(@Nullable String value) {
            write(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
        }

        void number(@Nullable Long value) {
            write(
                    value == null
                            ? null
                            : ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        }

        private void write(byte @Nullable [] value) {
            int length = value == null ? -1 : value.length;
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
            if (value != null) {
                bytes.writeBytes(value);
            }
        }

        String sha256() {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}

package sluice.risk.replay;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import sluice.avro.Decision;
import sluice.wire.AvroBytes;

/**
 * One SHA-256 over all decisions of a run: account by account and mode by mode in the order of their names, each in the
 * order of its sequence numbers, over the Avro encoding of every decision. How the partitions interleaved does not
 * show.
 */
public final class DecisionDigest {
    private final Map<String, MessageDigest> byBook = new TreeMap<>();
    private long count;

    /** Adds the next decision of its account. */
    public void add(Decision decision) {
        byBook.computeIfAbsent(decision.getAccount() + "|" + decision.getMode(), book -> sha256())
                .update(AvroBytes.encode(decision));
        count++;
    }

    /** Decisions added so far. */
    public long count() {
        return count;
    }

    /** The digest in lower-case hex; nothing may be added afterwards. */
    public String hex() {
        MessageDigest all = sha256();
        byBook.values().forEach(digest -> all.update(digest.digest()));
        return HexFormat.of().formatHex(all.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}

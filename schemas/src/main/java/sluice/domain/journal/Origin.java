package sluice.domain.journal;

/** Where a record came from: topic without prefix, partition and offset. */
public record Origin(String topic, int partition, long offset) {
    @Override
    public String toString() {
        return topic + "/" + partition + "@" + offset;
    }
}

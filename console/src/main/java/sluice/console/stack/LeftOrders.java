package sluice.console.stack;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import sluice.avro.AccountState;
import sluice.console.config.SluiceConfig;
import sluice.domain.AccountId;
import sluice.domain.Mode;
import sluice.topics.TopicSettings;
import sluice.topics.Topics;
import sluice.venues.placement.TopicReader;
import sluice.wire.AvroSerde;
import sluice.wire.SchemaRegistryClient;
import sluice.wire.VocabularyCodec;

/**
 * Live orders that nobody would follow any more: of accounts that were LIVE and are not LIVE now. Their fills would not
 * be read and their cancels not be sent, while they rest at a venue.
 */
final class LeftOrders {
    private LeftOrders() {}

    /** @throws StackException if an account has live orders and is not in mode LIVE */
    static void require(
            SluiceConfig config, Map<String, Object> kafka, TopicSettings topics, SchemaRegistryClient registry) {
        var newest = new HashMap<String, AccountState>();
        var serde = new AvroSerde<>(AccountState.class, registry);
        try (var reader = new TopicReader(kafka)) {
            var partitions = reader.partitionsOf(topics.nameOf(Topics.ACCOUNTS));
            var beginnings = reader.beginnings(partitions);
            var ends = reader.ends(partitions);
            for (var partition : partitions) {
                reader.read(
                        partition,
                        beginnings.getOrDefault(partition, 0L),
                        ends.getOrDefault(partition, 0L),
                        record -> newest.put(record.key(), TopicReader.valueOf(record, serde)));
            }
        }
        require(config, newest.values());
    }

    static void require(SluiceConfig config, Collection<AccountState> books) {
        for (AccountState book : books) {
            var account = new AccountId(book.getAccount());
            boolean followed = config.accounts().stream()
                    .anyMatch(each -> each.name().equals(account) && config.modeOf(each) == Mode.LIVE);
            boolean live = VocabularyCodec.fromAvro("AccountState.mode", book.getMode()) == Mode.LIVE;
            if (live && book.getOpenOrders() > 0 && !followed) {
                throw new StackException("account " + account + " has " + book.getOpenOrders()
                        + " live orders that are not at an end, and is not in mode LIVE: nobody would read their fills"
                        + " or cancel them. Start it in mode LIVE once more, let them end (./sluice halt --scope account:"
                        + account + " --reason ... cancels them; ./sluice orders list --open shows them), then change"
                        + " its mode; or take another --name");
            }
        }
    }
}

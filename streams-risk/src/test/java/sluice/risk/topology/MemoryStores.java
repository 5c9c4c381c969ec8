package sluice.risk.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The stores of one task in memory, without changelogs; they outlive the state that is kept in them. */
public final class MemoryStores implements StoreState.OpenStores {
    private final Map<String, KeyValueStore<Bytes, byte[]>> byName = new HashMap<>();

    public MemoryStores(Stores stores) {
        var context = new MockProcessorContext<@Nullable Void, @Nullable Void>(new Properties());
        for (Stored<?, ?> stored : stores.all()) {
            var store = org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(stored.name())
                    .get();
            store.init(context.getStateStoreContext(), store);
            byName.put(stored.name(), store);
        }
    }

    @Override
    public KeyValueStore<Bytes, byte[]> named(String name) {
        var store = byName.get(name);
        if (store == null) {
            throw new IllegalArgumentException("no store " + name);
        }
        return store;
    }
}

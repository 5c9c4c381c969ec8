package sluice.risk.topology;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import sluice.risk.core.Table;

/**
 * A table over a store: every put is written to the store before it returns, and the value stays at hand so that
 * reading it again decodes nothing.
 */
final class StoreTable<K, V> implements Table<K, V> {
    private final Stored<K, V> stored;
    private final KeyValueStore<Bytes, byte[]> store;
    private final Map<K, V> atHand;

    private StoreTable(Stored<K, V> stored, KeyValueStore<Bytes, byte[]> store, Map<K, V> atHand) {
        this.stored = stored;
        this.store = store;
        this.atHand = atHand;
    }

    /** Keeps every value at hand that was read or put: for a table that holds no more than what lives. */
    static <K, V> StoreTable<K, V> whole(Stored<K, V> stored, KeyValueStore<Bytes, byte[]> store) {
        return new StoreTable<>(stored, store, new HashMap<>());
    }

    /** Keeps the {@code most} values at hand that were used last. */
    static <K, V> StoreTable<K, V> recent(Stored<K, V> stored, KeyValueStore<Bytes, byte[]> store, int most) {
        return new StoreTable<>(stored, store, new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        });
    }

    /** Reads every value of the store into {@code atHand}, and gives out those very objects ever after. */
    static <K, V> StoreTable<K, V> loaded(Stored<K, V> stored, KeyValueStore<Bytes, byte[]> store, Map<K, V> atHand) {
        try (var entries = store.all()) {
            entries.forEachRemaining(entry -> atHand.put(stored.readKey(entry.key.get()), stored.read(entry.value)));
        }
        return new StoreTable<>(stored, store, atHand);
    }

    @Override
    public @Nullable V get(K key) {
        V known = atHand.get(key);
        if (known != null) {
            return known;
        }
        byte[] bytes = store.get(Bytes.wrap(stored.writeKey(key)));
        if (bytes == null) {
            return null;
        }
        V read = stored.read(bytes);
        atHand.put(key, read);
        return read;
    }

    @Override
    public void put(K key, V value) {
        store.put(Bytes.wrap(stored.writeKey(key)), stored.write(value));
        atHand.put(key, value);
    }

    @Override
    public void delete(K key) {
        store.delete(Bytes.wrap(stored.writeKey(key)));
        atHand.remove(key);
    }
}

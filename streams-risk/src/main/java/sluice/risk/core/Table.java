package sluice.risk.core;

import org.jspecify.annotations.Nullable;

/** One kind of state by key. Live it is a changelogged Kafka store, in tests and replay a map. */
public interface Table<K, V> {
    @Nullable
    V get(K key);

    void put(K key, V value);

    void delete(K key);
}

package sluice.risk.topology;

/**
 * How the keys of a store are written. Different keys have different bytes, and {@link #read} gives back what
 * {@link #write} was given.
 */
interface KeyCodec<K> {
    byte[] write(K key);

    K read(byte[] bytes);
}

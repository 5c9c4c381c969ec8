package sluice.console.cli;

import java.util.Map;
import java.util.Optional;

/**
 * Where a Sluice is.
 *
 * @param bootstrapServers host:port, comma-separated
 * @param registryUrl its schema registry; empty where none was named
 * @param prefix what the name of every topic begins with
 * @param properties further client settings
 */
record Connection(
        String bootstrapServers, Optional<String> registryUrl, String prefix, Map<String, String> properties) {}

package sluice.console.config;

import java.nio.file.Path;

/** What of the configuration says where the brokers, the registry and running stacks are. */
public record ConnectionConfig(Path dataDirectory, SluiceConfig.Kafka kafka, SluiceConfig.Registry registry) {}

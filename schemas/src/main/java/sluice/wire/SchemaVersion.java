package sluice.wire;

import org.apache.avro.Schema;

/**
 * A schema under its subject.
 *
 * @param version counts within the subject, from 1
 * @param id the same for the same schema under every subject; what records carry
 */
public record SchemaVersion(String subject, int version, int id, Schema schema) {}

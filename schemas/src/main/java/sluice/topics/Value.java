package sluice.topics;

import org.apache.avro.Schema;

/** What the values of a topic are. */
public sealed interface Value {
    /** Avro records of one schema, in the Confluent wire format. */
    record Avro(Schema schema) implements Value {
        @Override
        public String toString() {
            return schema.getName();
        }
    }

    /** JSON text in UTF-8. */
    record Json() implements Value {
        @Override
        public String toString() {
            return "JSON";
        }
    }
}

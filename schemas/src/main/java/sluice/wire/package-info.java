/**
 * Bytes to values and back: the wire format of records, the schema registry behind it, and the rules by which a schema
 * may change.
 */
@NullMarked
package sluice.wire;

import org.jspecify.annotations.NullMarked;

package sluice.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * Which earlier versions of a schema a new one must get along with, named and meant as in the Confluent registry.
 *
 * <p>Every level but NONE also refuses what stock Avro accepts and then misreads: a decimal whose scale or precision
 * changed (a price of 0.65 read as 65), and any other change of a logical type, like seconds that become milliseconds.
 */
public enum Compatibility {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private static final Set<Schema.Type> NAMED = EnumSet.of(Schema.Type.RECORD, Schema.Type.ENUM, Schema.Type.FIXED);
    private static final Set<Schema.Type> NUMBERS =
            EnumSet.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);
    private static final Set<Schema.Type> TEXTS = EnumSet.of(Schema.Type.STRING, Schema.Type.BYTES);

    private final boolean newReadsOld;
    private final boolean oldReadsNew;
    private final boolean allVersions;

    Compatibility(boolean newReadsOld, boolean oldReadsNew, boolean allVersions) {
        this.newReadsOld = newReadsOld;
        this.oldReadsNew = oldReadsNew;
        this.allVersions = allVersions;
    }

    /**
     * Why {@code proposed} cannot follow {@code earlier}; empty if it can.
     *
     * @param earlier the versions so far, by their number
     */
    public List<String> problems(Schema proposed, SortedMap<Integer, Schema> earlier) {
        if (this == NONE || earlier.isEmpty()) {
            return List.of();
        }
        var problems = new ArrayList<String>();
        for (var entry : (allVersions ? earlier : earlier.tailMap(earlier.lastKey())).entrySet()) {
            Schema old = entry.getValue();
            String version = "version " + entry.getKey();
            if (newReadsOld) {
                problems.addAll(reading("the new schema", proposed, version, old));
            }
            if (oldReadsNew) {
                problems.addAll(reading(version, old, "the new schema", proposed));
            }
            changedMeanings(proposed, old).forEach(change -> problems.add(change + " in " + version));
        }
        return List.copyOf(problems);
    }

    /**
     * Where both schemas have a value and the logical type differs, as path and both types. Empty if numbers written
     * with one schema mean the same when they are read with the other.
     */
    public static List<String> changedMeanings(Schema one, Schema other) {
        var changes = new LinkedHashSet<String>();
        compare(one, other, one.getType() == Schema.Type.UNION ? "" : one.getName(), new HashSet<>(), changes);
        return List.copyOf(changes);
    }

    private static List<String> reading(String reader, Schema readerSchema, String writer, Schema writerSchema) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(readerSchema, writerSchema);
        if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return List.of();
        }
        return result.getResult().getIncompatibilities().stream()
                .map(problem -> reader + " cannot read what " + writer + " wrote: " + problem.getType() + " at "
                        + problem.getLocation() + ": " + problem.getMessage())
                .toList();
    }

    /** A pair of named types; comparing it twice would never end where a schema contains itself. */
    private record Pair(String one, String other) {}

    private static void compare(Schema one, Schema other, String path, Set<Pair> seen, Set<String> changes) {
        if (one.getType() == Schema.Type.UNION || other.getType() == Schema.Type.UNION) {
            compareBranches(one, other, path, seen, changes);
            return;
        }
        if (!meaning(one).equals(meaning(other))) {
            changes.add(path + " is " + meaning(one) + " but " + meaning(other));
            return;
        }
        if (one.getType() != other.getType()) {
            // Without a logical type a change of type is for Avro's own rules to judge.
            return;
        }
        switch (one.getType()) {
            case RECORD -> {
                if (seen.add(new Pair(one.getFullName(), other.getFullName()))) {
                    for (var field : one.getFields()) {
                        var same = other.getField(field.name());
                        if (same != null) {
                            compare(field.schema(), same.schema(), path + "." + field.name(), seen, changes);
                        }
                    }
                }
            }
            case ARRAY -> compare(one.getElementType(), other.getElementType(), path + "[]", seen, changes);
            case MAP -> compare(one.getValueType(), other.getValueType(), path + "{}", seen, changes);
            case ENUM, UNION, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
        }
    }

    /** A branch is read as the branch of the same kind or, where there is none, as one that Avro promotes it to. */
    private static void compareBranches(Schema one, Schema other, String path, Set<Pair> seen, Set<String> changes) {
        for (Schema branch : branches(one)) {
            for (Schema partner : partners(branch, branches(other))) {
                compare(branch, partner, path, seen, changes);
            }
        }
        for (Schema branch : branches(other)) {
            for (Schema partner : partners(branch, branches(one))) {
                compare(partner, branch, path, seen, changes);
            }
        }
    }

    private static List<Schema> partners(Schema branch, List<Schema> candidates) {
        var same = candidates.stream()
                .filter(it -> it.getType() == branch.getType())
                .filter(it -> !NAMED.contains(it.getType()) || it.getName().equals(branch.getName()))
                .toList();
        return same.isEmpty()
                ? candidates.stream().filter(it -> promotes(branch, it)).toList()
                : same;
    }

    private static boolean promotes(Schema one, Schema other) {
        var types = EnumSet.of(one.getType(), other.getType());
        return NUMBERS.containsAll(types) || TEXTS.containsAll(types);
    }

    private static List<Schema> branches(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
    }

    /** What a value stands for beyond its bytes. */
    private static String meaning(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + ", " + decimal.getScale() + ")";
        }
        String logicalType = schema.getProp("logicalType");
        return logicalType == null ? "no logical type" : logicalType;
    }
}

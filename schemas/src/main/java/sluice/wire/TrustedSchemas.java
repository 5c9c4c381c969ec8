package sluice.wire;

import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that our generated classes may be loaded. Avro refuses every class that nobody vouches for, because a
 * schema from outside may name any class at all.
 */
public final class TrustedSchemas {
    private static final String PACKAGE = "sluice.avro";

    static {
        var others = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                others,
                type -> type.getPackageName().equals(PACKAGE)
                        || type.getPackageName().startsWith(PACKAGE + ".")));
    }

    private TrustedSchemas() {}

    /**
     * Returns once Avro trusts the generated classes; repeats do nothing. Call it before using them with Avro directly.
     */
    public static void trust() {
        // The work is done once, when this class is first touched.
    }
}

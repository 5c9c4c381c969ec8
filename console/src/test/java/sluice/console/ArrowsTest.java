package sluice.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrows between packages point one way: app, topology, core, domain. */
class ArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter(
                    List.of(new ImportOption.DoNotIncludeTests(), location -> !location.contains("-tests.jar")))
            .importPackages("sluice");

    @Test
    void decisionsKnowNeitherKafkaNorTheClock() {
        noClasses()
                .that()
                .resideInAnyPackage("sluice.domain..", "sluice..core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.kafka..",
                        "org.slf4j..",
                        "ch.qos..",
                        "java.net..",
                        "java.net.http..",
                        "java.sql..",
                        "java.nio.file..")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callConstructor(java.util.Random.class)
                .because("a replay must give the same answers as the live run")
                .check(CLASSES);
    }

    @Test
    void moneyIsNeverFloatingPoint() {
        noClasses()
                .that()
                .resideInAnyPackage("sluice.domain..", "sluice.risk.core..", "sluice.router.core..", "sluice.wire..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Double.class, Float.class)
                .because("money is integers at one millionth")
                .check(CLASSES);
    }

    @Test
    void theDomainKnowsOnlyItself() {
        noClasses()
                .that()
                .resideInAPackage("sluice.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "sluice.avro..",
                        "sluice.wire..",
                        "sluice.topics..",
                        "sluice.risk..",
                        "sluice.router..",
                        "sluice.venues..",
                        "sluice.reconciler..",
                        "sluice.console..")
                .check(CLASSES);
    }

    @Test
    void coresKnowNoShell() {
        noClasses()
                .that()
                .resideInAPackage("sluice..core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "sluice..topology..", "sluice..app..", "sluice.console..", "sluice.avro..", "sluice.wire..")
                .check(CLASSES);
    }

    @Test
    void onlyShellsCanBeMadeToCrash() {
        noClasses()
                .that()
                .resideInAnyPackage("sluice.domain..", "sluice..core..")
                .or()
                .haveSimpleName("PlacementCore")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("sluice.fault..")
                .because("a decision leaves nothing behind that a crash could cut short")
                .check(CLASSES);
    }

    @Test
    void onlyTheConsoleKnowsEveryModule() {
        noClasses()
                .that()
                .resideInAPackage("sluice.risk..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sluice.router..", "sluice.venues..", "sluice.reconciler..", "sluice.console..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("sluice.router..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sluice.venues..", "sluice.reconciler..", "sluice.console..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("sluice.venues..", "sluice.reconciler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sluice.risk..", "sluice.router..", "sluice.console..")
                .check(CLASSES);
    }
}

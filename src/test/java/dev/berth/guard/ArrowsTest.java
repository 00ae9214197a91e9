package dev.berth.guard;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.berth.operation.ui.OperationGrid;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The arrows between packages, as the design draws them in its section 4. */
class ArrowsTest {
    private static final String[] JDK = {"java..", "javax.crypto..", "javax.net.ssl..", "org.jspecify.."};
    private static final String[] FEATURES = {
        "dev.berth.access..",
        "dev.berth.project..",
        "dev.berth.quota..",
        "dev.berth.node..",
        "dev.berth.image..",
        "dev.berth.network..",
        "dev.berth.storage..",
        "dev.berth.instance..",
        "dev.berth.console..",
        "dev.berth.metrics.."
    };
    private static final String[] FRAMEWORKS = {
        "io.quarkus..",
        "jakarta.persistence..",
        "org.hibernate..",
        "com.vaadin..",
        "jakarta.ws.rs..",
        "jakarta.inject.."
    };
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.berth");

    @TestFactory
    Stream<DynamicTest> arrows() {
        return Stream.of(
                        kernelStandsAlone(),
                        spiNeedsKernelOnly(),
                        driversKnowNoPanel(),
                        driversKnowNoOtherDriver(),
                        jnaStaysInItsCage(),
                        wireCarriesTheSpiOnly(),
                        agentHasNoFramework(),
                        coreKnowsNoFeature(),
                        rootsKnowNoView(),
                        viewsAreInternal(),
                        viewsShareThroughUi(),
                        resourcesAreInternal(),
                        onlyNodeKnowsTheWire(),
                        nobodySeesApp(),
                        featuresHaveNoCycle())
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(CLASSES)));
    }

    private static DescribedPredicate<JavaClass> in(String[] first, String... more) {
        return resideInAnyPackage(
                Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new));
    }

    private static ArchRule kernelStandsAlone() {
        return classes()
                .that()
                .resideInAPackage("dev.berth.kernel..")
                .should()
                .onlyDependOnClassesThat(in(JDK, "dev.berth.kernel.."))
                .because("value types are shared by controller, agent and drivers; put what needs a library elsewhere");
    }

    private static ArchRule spiNeedsKernelOnly() {
        return classes()
                .that()
                .resideInAPackage("dev.berth.driver")
                .should()
                .onlyDependOnClassesThat(in(JDK, "dev.berth.kernel..", "dev.berth.driver"))
                .because(
                        "the SPI's records are wire messages and fixtures too; put helpers into the driver that needs them");
    }

    private static ArchRule driversKnowNoPanel() {
        return noClasses()
                .that()
                .resideInAnyPackage("dev.berth.driver..", "dev.berth.ffi..")
                .should()
                .dependOnClassesThat(in(FEATURES, "dev.berth.operation..", "dev.berth.event..", "dev.berth.wire.."))
                .orShould()
                .dependOnClassesThat(in(FRAMEWORKS))
                .because(
                        "drivers run in the agent, which has no database and no web; return data and let a feature act on it");
    }

    private static ArchRule driversKnowNoOtherDriver() {
        return slices().matching("dev.berth.driver.(*)..")
                .should()
                .notDependOnEachOther()
                // The packet filter is one for all kinds of instances.
                .ignoreDependency(
                        resideInAnyPackage("dev.berth.driver.libvirt", "dev.berth.driver.lxc"),
                        resideInAPackage("dev.berth.driver.nft"))
                .because("a driver reads by itself; what two of them share belongs into the SPI");
    }

    private static ArchRule jnaStaysInItsCage() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("dev.berth.ffi..")
                .should()
                .dependOnClassesThat(resideInAPackage("com.sun.jna..").or(resideInAPackage("org.libvirt..")))
                .because("native handles are closed in one place; add a closeable wrapper to dev.berth.ffi");
    }

    private static ArchRule wireCarriesTheSpiOnly() {
        return noClasses()
                .that()
                .resideInAPackage("dev.berth.wire..")
                .should()
                .dependOnClassesThat(in(FEATURES, "dev.berth.operation..", "dev.berth.event..", "dev.berth.agent.."))
                .because("the transport serves both sides; it knows the SPI and nothing of who calls it");
    }

    private static ArchRule agentHasNoFramework() {
        return noClasses()
                .that()
                .resideInAPackage("dev.berth.agent..")
                .should()
                .dependOnClassesThat(in(FRAMEWORKS))
                .orShould()
                .dependOnClassesThat(in(FEATURES, "dev.berth.operation..", "dev.berth.event..", "dev.berth.sql.."))
                .because("the agent is a plain main: quick to start, small, without database");
    }

    private static ArchRule coreKnowsNoFeature() {
        return noClasses()
                .that()
                .resideInAnyPackage("dev.berth.operation", "dev.berth.event", "dev.berth.sql..", "dev.berth.filter..")
                .should()
                .dependOnClassesThat(in(FEATURES, "dev.berth.rest..", "dev.berth.ui.."))
                .because(
                        "features stand on the engine and the outbox; turn the call around with an interface that they implement");
    }

    private static ArchRule rootsKnowNoView() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        Stream.of(FEATURES).map(name -> name.replace("..", "")).toArray(String[]::new))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.berth.ui..", "dev.berth.*.ui..", "dev.berth.*.rest.."))
                .orShould()
                .dependOnClassesThat(resideInAPackage("com.vaadin.."))
                .because("services are called from API and UI alike; they return data");
    }

    private static ArchRule viewsAreInternal() {
        return noClasses()
                .that(not(resideInAnyPackage("dev.berth.*.ui..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.berth.*.ui.."))
                .because("views are internal to their feature; share a component through dev.berth.ui");
    }

    private static ArchRule viewsShareThroughUi() {
        return slices().matching("dev.berth.(*).ui..")
                .should()
                .notDependOnEachOther()
                // The list of operations belongs to operation, and an instance's page shows the part that concerns it.
                .ignoreDependency(alwaysTrue(), belongToAnyOf(OperationGrid.class))
                .because("views are internal to their feature; share a component through dev.berth.ui");
    }

    private static ArchRule resourcesAreInternal() {
        return slices().matching("dev.berth.(*).rest..")
                .should()
                .notDependOnEachOther()
                .because("resources are internal to their feature; share a convention through dev.berth.rest");
    }

    private static ArchRule onlyNodeKnowsTheWire() {
        return noClasses()
                .that()
                .resideOutsideOfPackages("dev.berth.wire..", "dev.berth.node..", "dev.berth.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.berth.wire..")
                .because("node is the only feature that knows that nodes are remote; ask it for a NodeDrivers");
    }

    private static ArchRule nobodySeesApp() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("dev.berth.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.berth.app..")
                .because("app assembles the parts; inject what it makes");
    }

    private static ArchRule featuresHaveNoCycle() {
        return slices().matching(
                        "dev.berth.(access|project|quota|node|image|network|storage|instance|console|metrics|operation|event)")
                .should()
                .beFreeOfCycles()
                .because("features build on each other in one direction; use an event or a listener for the way back");
    }
}

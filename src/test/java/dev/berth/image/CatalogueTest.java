package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.driver.ImageSource;
import dev.berth.kernel.ResourceName;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The catalogue that ships: an entry with a mistake would be found by a user only. */
class CatalogueTest {
    private final List<Catalogue.Entry> entries = new Catalogue().entries();

    private List<Catalogue.Entry> downloads() {
        return entries.stream().filter(entry -> entry.url() != null).toList();
    }

    @Test
    void eachEntryHasANameATitleAndOneSource() {
        assertThat(entries).extracting(Catalogue.Entry::name).doesNotHaveDuplicates();
        assertThat(entries).allSatisfy(entry -> {
            assertThat(new ResourceName(entry.name()).value()).isEqualTo(entry.name());
            assertThat(entry.title()).isNotBlank().hasSizeLessThan(100);
            assertThat(entry.recipe() == null).as(entry.name()).isNotEqualTo(entry.url() == null);
        });
    }

    @Test
    void recipesAreThoseOfImageBuild() {
        assertThat(entries)
                .extracting(Catalogue.Entry::recipe)
                .filteredOn(Objects::nonNull)
                .containsExactly("tiny", "debian-12", "busybox", "debian-12-system");
    }

    @Test
    void downloadsAreSecureAndHaveChecksumsOfTheSameVendor() {
        assertThat(downloads()).hasSizeGreaterThanOrEqualTo(5).allSatisfy(entry -> {
            ImageSource.Url source = new ImageSource.Url(Objects.requireNonNull(entry.url()), false, entry.checksums());
            URI image = URI.create(source.url());
            URI checksums = URI.create(Objects.requireNonNull(entry.checksums()));
            assertThat(image).hasScheme("https").hasNoPort().hasNoQuery().hasNoFragment();
            assertThat(checksums).hasScheme("https").hasHost(image.getHost());
            assertThat(image.getPath())
                    .matches(".*/[A-Za-z0-9._-]+\\.(qcow2|img)")
                    .contains("64");
        });
        assertThat(downloads()).extracting(Catalogue.Entry::url).doesNotHaveDuplicates();
    }
}

package dev.berth.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.driver.DiskSpec;
import dev.berth.driver.ImageFormat;
import dev.berth.driver.ImageRef;
import dev.berth.driver.ImageSource;
import dev.berth.driver.InstanceDefinition;
import dev.berth.driver.NetworkSpec;
import dev.berth.driver.NicSpec;
import dev.berth.driver.VmSpec;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.Cidr;
import dev.berth.kernel.CpuCount;
import dev.berth.kernel.DataSize;
import dev.berth.kernel.Ipv4;
import dev.berth.kernel.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BerthJsonTest {
    private final ObjectMapper json = BerthJson.mapper();

    @Test
    void definitionsSurviveTheRoundTrip() throws JsonProcessingException {
        InstanceDefinition definition = new InstanceDefinition(
                UUID.randomUUID(),
                "web1",
                "default",
                new CpuCount(1),
                new CpuCount(2),
                DataSize.ofMebibytes(256),
                DataSize.ofMebibytes(512),
                List.of(new DiskSpec(
                        UUID.randomUUID(),
                        "root",
                        DiskSpec.Device.DISK,
                        DataSize.ofGibibytes(2),
                        new ImageRef(UUID.randomUUID(), ImageFormat.QCOW2),
                        DiskSpec.CloneMode.LINKED,
                        DiskSpec.Bus.VIRTIO)),
                List.of(new NicSpec(
                        UUID.randomUUID(), "berth0", MacAddress.random(), new Ipv4("10.66.0.2"), NicSpec.Model.VIRTIO)),
                List.of(),
                VmSpec.defaults());
        String text = json.writeValueAsString(definition);
        assertThat(json.readValue(text, InstanceDefinition.class)).isEqualTo(definition);
        assertThat(json.readTree(text).path("memory").isIntegralNumber()).isTrue();
        assertThat(json.readTree(text).path("spec").path("kind").asText()).isEqualTo("vm");
    }

    @Test
    void networksAndSourcesSurviveToo() throws JsonProcessingException {
        NetworkSpec network = new NetworkSpec(
                UUID.randomUUID(), "berth0", Cidr.parse("10.66.0.0/24"), new Ipv4("10.66.0.1"), "berth.internal");
        assertThat(json.readValue(json.writeValueAsString(network), NetworkSpec.class))
                .isEqualTo(network);
        ImageSource source = new ImageSource.Recipe("tiny");
        assertThat(json.readValue(json.writeValueAsString(source), ImageSource.class))
                .isEqualTo(source);
    }

    @Test
    void unknownFieldsAreRefused() {
        assertThatThrownBy(() -> json.readValue("{\"id\":null,\"format\":\"RAW\",\"surprise\":1}", ImageRef.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aMergePatchTellsNullFromNothing() throws JsonProcessingException {
        record Part(@Nullable String inner) {}
        record Patch(
                @Kept @Nullable String name,
                @Nullable String text,
                @Nullable Part part,
                Set<String> cleared) implements MergePatch {}

        Patch read = json.readValue("{\"text\":null,\"part\":{\"inner\":null}}", Patch.class);
        assertThat(read.cleared()).containsExactlyInAnyOrder("/text", "/part/inner");
        assertThat(read.clears("/text")).isTrue();
        assertThat(read.clears("/text/below")).isTrue();
        assertThat(read.clears("/part")).isFalse();
        assertThat(read.clears("/name")).isFalse();
        assertThat(json.readValue("{}", Patch.class).cleared()).isEmpty();
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("text", null);
        assertThat(BerthJson.convert(fields, Patch.class).cleared()).containsExactly("/text");
        assertThatThrownBy(() -> json.readValue("{\"name\":null}", Patch.class))
                .isInstanceOfSatisfying(BerthException.class, refusal -> assertThat(refusal.details())
                        .containsEntry("pointer", "/name"));
    }

    @Test
    void whatATypeRefusesIsToldAtItsField() {
        record Wanted(String name, List<CpuCount> cpus) {}

        assertThatThrownBy(() -> BerthJson.convert(Map.of("name", "web1", "cpus", List.of(1, 0)), Wanted.class))
                .isInstanceOfSatisfying(BerthException.class, refusal -> {
                    assertThat(refusal.message()).isEqualTo("A CPU count is a whole number from 1 to 512, not 0.");
                    assertThat(refusal.details()).containsEntry("pointer", "/cpus/1");
                });
        assertThat(BerthJson.convert(Map.of("name", "web1", "cpus", List.of(2)), Wanted.class))
                .isEqualTo(new Wanted("web1", List.of(new CpuCount(2))));
    }
}

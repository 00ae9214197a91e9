package dev.berth.driver.libvirt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.driver.InstanceDefinition;
import dev.berth.json.BerthJson;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.io.IOException;
import java.util.UUID;

/** The definition of an instance as JSON within its domain, in an element of Berth's own namespace. */
final class DomainMetadata {
    static final String NAMESPACE = "https://berth.dev/xmlns/definition/1";
    static final String NAME_PREFIX = "berth-";

    /** ASCII only, so that nothing in it can be a character that XML does not allow. */
    private static final ObjectWriter WRITER =
            BerthJson.mapper().writerFor(InstanceDefinition.class).with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private static final ObjectReader READER = BerthJson.mapper().readerFor(InstanceDefinition.class);

    private DomainMetadata() {}

    static String domainName(UUID id) {
        return NAME_PREFIX + id;
    }

    static boolean isOurs(String name, UUID id) {
        return name.equals(domainName(id));
    }

    static void write(Xml xml, InstanceDefinition definition) {
        try {
            xml.open("metadata")
                    .text("berth:definition", WRITER.writeValueAsString(definition), "xmlns:berth", NAMESPACE)
                    .close();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a definition is always JSON", e);
        }
    }

    /** Reads the element that libvirt returned. */
    static InstanceDefinition read(String element) {
        try {
            ObjectNode definition = READER.readTree(XmlElement.parse(element).text()) instanceof ObjectNode object
                    ? object
                    : JsonNodeFactory.instance.objectNode();
            // Domains that were defined before ports could be published run on, and say nothing of any.
            if (!definition.has("publications")) {
                definition.putArray("publications");
            }
            return READER.readValue(definition);
        } catch (IOException e) {
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED,
                    "The definition stored with the domain cannot be read; define the instance anew.",
                    e);
        }
    }
}

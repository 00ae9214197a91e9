package dev.berth.driver.libvirt;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of XML that libvirt wrote, read without document types, entities or anything from outside. Names are as they are
 * written, prefix included, and declarations of namespaces are attributes.
 *
 * <p>It is read by StAX, because an agent keeps all the classes that it ever loaded, and those of DOM take a megabyte.
 *
 * @param attributes in their order
 * @param text what stands in the element itself, not below it
 */
record XmlElement(String name, Map<String, String> attributes, List<XmlElement> children, String text) {
    XmlElement {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        children = List.copyOf(children);
    }

    private record Open(String name, Map<String, String> attributes, List<XmlElement> children, StringBuilder text) {
        XmlElement close() {
            return new XmlElement(name, attributes, children, text.toString());
        }
    }

    /** @throws IllegalArgumentException when it is not one element, or has a document type */
    static XmlElement parse(String xml) {
        try {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            // JDK 24 took texts of more than 100,000 characters for such an attack; there are no entities without a
            // document type.
            factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", 0);
            factory.setProperty("jdk.xml.totalEntitySizeLimit", 0);
            return read(factory.createXMLStreamReader(new StringReader(xml)));
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException("not the XML that was expected", e);
        }
    }

    private static XmlElement read(XMLStreamReader reader) throws XMLStreamException {
        Deque<Open> open = new ArrayDeque<>();
        open.push(new Open("", Map.of(), new ArrayList<>(), new StringBuilder()));
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD -> throw new XMLStreamException("a document type");
                case XMLStreamConstants.START_ELEMENT -> open.push(start(reader));
                case XMLStreamConstants.END_ELEMENT -> {
                    XmlElement ended = open.pop().close();
                    open.element().children().add(ended);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                    open.element().text().append(reader.getText());
                default -> {}
            }
        }
        return open.element().children().getFirst();
    }

    private static Open start(XMLStreamReader reader) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            String prefix = reader.getNamespacePrefix(i);
            attributes.put(prefix == null ? "xmlns" : "xmlns:" + prefix, reader.getNamespaceURI(i));
        }
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(
                    name(reader.getAttributePrefix(i), reader.getAttributeLocalName(i)), reader.getAttributeValue(i));
        }
        return new Open(
                name(reader.getPrefix(), reader.getLocalName()), attributes, new ArrayList<>(), new StringBuilder());
    }

    private static String name(String prefix, String local) {
        return prefix.isEmpty() ? local : prefix + ":" + local;
    }

    /** All elements of a name below this one, at any depth, in their order. */
    List<XmlElement> all(String wanted) {
        return below().filter(element -> element.name().equals(wanted)).toList();
    }

    private Stream<XmlElement> below() {
        return children.stream().flatMap(child -> Stream.concat(Stream.of(child), child.below()));
    }

    /** Empty when there is none. */
    String attribute(String wanted) {
        return attributes.getOrDefault(wanted, "");
    }

    /** An attribute of the first element of a name below this one; empty when there is none. */
    String attribute(String element, String wanted) {
        return below().filter(one -> one.name().equals(element))
                .findFirst()
                .map(one -> one.attribute(wanted))
                .orElse("");
    }

    /** The same element with others below it, and their text if it has any. */
    XmlElement with(List<XmlElement> others) {
        return new XmlElement(name, attributes, others, text);
    }

    /** Appends it; of an element with others below it the text, which is white space, is left out. */
    void write(Xml xml) {
        String[] pairs = attributes.entrySet().stream()
                .flatMap(attribute -> Stream.of(attribute.getKey(), attribute.getValue()))
                .toArray(String[]::new);
        if (children.isEmpty()) {
            xml.text(name, text, pairs);
        } else {
            xml.open(name, pairs);
            children.forEach(child -> child.write(xml));
            xml.close();
        }
    }
}

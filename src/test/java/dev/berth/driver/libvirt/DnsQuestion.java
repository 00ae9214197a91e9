package dev.berth.driver.libvirt;

import dev.berth.kernel.Ipv4;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A question for the IPv4 address of a name (RFC 1035). */
final class DnsQuestion {
    private DnsQuestion() {}

    /** The last address of the answer; empty when the server says that there is none. */
    static Optional<Ipv4> ask(Ipv4 server, String name) throws IOException {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        question.writeBytes(new byte[] {0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            question.write(label.length());
            question.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        question.writeBytes(new byte[] {0, 0, 1, 0, 1});
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5000);
            socket.connect(InetAddress.getByName(server.value()), 53);
            socket.send(new DatagramPacket(question.toByteArray(), question.size()));
            DatagramPacket answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            ByteBuffer bytes = ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
            return bytes.getShort(6) == 0
                    ? Optional.empty()
                    : Optional.of(Ipv4.ofBits(bytes.getInt(answer.getLength() - 4) & 0xFFFFFFFFL));
        }
    }
}

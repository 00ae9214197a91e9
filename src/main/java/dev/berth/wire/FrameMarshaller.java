package dev.berth.wire;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A frame as bytes: kind (1), length of JSON (4), JSON, number of attachments (2), then length (4) and bytes of each. */
final class FrameMarshaller implements MethodDescriptor.Marshaller<Frame> {
    private static final int MOST_ATTACHMENTS = 16;

    @Override
    public InputStream stream(Frame frame) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(frame.json().length + 64);
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeByte(frame.kind().ordinal());
            out.writeInt(frame.json().length);
            out.write(frame.json());
            out.writeShort(frame.attachments().size());
            for (byte[] attachment : frame.attachments()) {
                out.writeInt(attachment.length);
                out.write(attachment);
            }
            return new ByteArrayInputStream(bytes.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Frame parse(InputStream stream) {
        try (DataInputStream in = new DataInputStream(stream)) {
            int kind = in.readUnsignedByte();
            if (kind >= Frame.Kind.values().length) {
                throw new IOException("unknown kind " + kind);
            }
            byte[] json = exactly(in, in.readInt());
            int count = in.readUnsignedShort();
            if (count > MOST_ATTACHMENTS) {
                throw new IOException(count + " attachments");
            }
            List<byte[]> attachments = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                attachments.add(exactly(in, in.readInt()));
            }
            return new Frame(Frame.Kind.values()[kind], json, attachments);
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("malformed frame")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static byte[] exactly(DataInputStream in, int length) throws IOException {
        if (length < 0) {
            throw new IOException("negative length");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length != length) {
            throw new IOException("truncated");
        }
        return bytes;
    }
}

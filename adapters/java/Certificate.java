import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Certificates in DER, signed by nobody, for libraries that take keys from certificates only. */
final class Certificate {
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int NULL = 0x05;
    private static final int OID = 0x06;
    private static final int TEXT = 0x0c;
    private static final int TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    /** A certificate with a serial number, in hexadecimal, around a public key. */
    static byte[] of(String serial, byte[] publicKey) {
        byte[] sha256WithRsa = new BigInteger("2a864886f70d01010b", 16).toByteArray();
        byte[] algorithm = der(SEQUENCE, der(OID, sha256WithRsa), der(NULL));
        byte[] commonName = der(SEQUENCE, der(OID, new byte[] {0x55, 4, 3}), der(TEXT, ascii("adapter")));
        byte[] name = der(SEQUENCE, der(SET, commonName));
        byte[] validity = der(SEQUENCE, der(TIME, ascii("200101000000Z")), der(TIME, ascii("491231235959Z")));
        byte[] content = der(SEQUENCE, der(INTEGER, new BigInteger(serial, 16).toByteArray()), algorithm, name, validity,
                name, publicKey);
        return der(SEQUENCE, content, algorithm, der(BITS, new byte[1]));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.write(part, 0, part.length);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length >= 256) {
            whole.write(0x82);
            whole.write(length >> 8);
        } else if (length >= 128) {
            whole.write(0x81);
        }
        whole.write(length);
        whole.write(content.toByteArray(), 0, length);
        return whole.toByteArray();
    }
}

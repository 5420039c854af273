import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONArray;
import com.alibaba.fastjson.JSONObject;
import com.alibaba.fastjson.serializer.SerializerFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The adapter protocol, version 1, for adapters in Java. JSON is read by fastjson, which the library brings.
 *
 * <p>An adapter consists of one function for each operation that its library offers, and a table of them made by
 * {@link #within} and {@link #offer}. A function gets the request and returns what {@link #value} or {@link #verdict} make, or lets the
 * library's refusal through; any other exception is reported as one. docs/adapter-protocol.md says what a request has
 * and what its answer needs.
 */
final class Protocol {
    /** The question is beyond the library, though an offer covers it. */
    static final class Unsupported extends Exception {
        Unsupported(String why) {
            super(why);
        }
    }

    /** A function of the library. */
    interface Operation {
        JSONObject answer(Request request) throws Exception;
    }

    /** A question. */
    static final class Request {
        private final JSONObject fields;

        private Request(JSONObject fields) {
            this.fields = fields;
        }

        /** A field of text; null where it is absent. */
        String text(String name) {
            return fields.getString(name);
        }

        /** The bytes of a field in base64. */
        byte[] bytes(String name) {
            return Base64.getDecoder().decode(text(name));
        }

        /** The charset of the case. */
        Charset charset() {
            return Charset.forName(text("charset"));
        }

        /** The text of a field in base64. */
        String decoded(String name) {
            return new String(bytes(name), charset());
        }

        /** The parameters: with {@code "duplicates": false} no name stands there twice. */
        Map<String, String> params() {
            Map<String, String> params = new LinkedHashMap<>();
            for (Object pair : fields.getJSONArray("params")) {
                params.put(((JSONArray) pair).getString(0), ((JSONArray) pair).getString(1));
            }
            return params;
        }

        /** A form of the key; null where it is absent. */
        String key(String form) {
            JSONObject key = fields.getJSONObject("key");
            return key == null ? null : key.getString(form);
        }

        /** A key as most Alipay libraries take it: the base64 of a PEM file, on one line. */
        String bareKey(String form) {
            return key(form).replaceAll("-----[^-]*-----|\\s", "");
        }

        /** A header of an HTTP message, whatever the case of its name; null where it is absent. */
        String header(String name) {
            for (Object pair : fields.getJSONArray("headers")) {
                if (((JSONArray) pair).getString(0).equalsIgnoreCase(name)) {
                    return ((JSONArray) pair).getString(1);
                }
            }
            return null;
        }

        /** The keys of the other side in a form, by the ids by which messages name them. */
        Map<String, String> keys(String form) {
            Map<String, String> keys = new LinkedHashMap<>();
            for (Object key : fields.getJSONArray("keys")) {
                keys.put(((JSONObject) key).getString("id"), ((JSONObject) key).getString(form));
            }
            return keys;
        }
    }

    private final Class<? extends Exception> refusal;
    private final List<JSONObject> supports = new ArrayList<>();
    private final Map<String, Operation> operations = new TreeMap<>();
    private String protocol;
    private String bounds;

    /** {@code refusal} is the exception by which the library says no, also as the cause of another. */
    Protocol(Class<? extends Exception> refusal) {
        this.refusal = refusal;
    }

    /** What follows is of this protocol; {@code bounds} is JSON, such as {@code {"sign_types": ["RSA2"]}}. */
    Protocol within(String protocol, String bounds) {
        this.protocol = protocol;
        this.bounds = bounds;
        return this;
    }

    /** Adds an operation. */
    Protocol offer(String op, Operation operation) {
        supports.add(JSON.parseObject(bounds).fluentPut("op", op).fluentPut("protocol", protocol));
        operations.put(op + " " + protocol, operation);
        return this;
    }

    /** The library gave a value. */
    static JSONObject value(String field, Object value) {
        return new JSONObject().fluentPut("outcome", "value").fluentPut(field, value);
    }

    /** The library says yes, or no without a reason. */
    static JSONObject verdict(boolean yes) {
        return new JSONObject().fluentPut("outcome", yes ? "accept" : "reject");
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Answers requests until the end, for an artifact of Maven's central repository. */
    void serve(String adapter, String group, String artifact, String version) throws IOException {
        JSONObject subject = new JSONObject().fluentPut("name", group + ":" + artifact).fluentPut("version", version)
                .fluentPut("language", "java")
                .fluentPut("source", "https://central.sonatype.com/artifact/" + group + "/" + artifact);
        // stdout is the protocol. What a library prints there goes to stderr from now on.
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JSONObject request = JSON.parseObject(line);
            JSONObject answer;
            switch (request.getString("t")) {
                case "bye":
                    return;
                case "hello":
                    answer = new JSONObject().fluentPut("t", "hello_ok").fluentPut("protocol", 1)
                            .fluentPut("adapter", JSON.parse("{\"name\": \"" + adapter + "\", \"version\": \"1\"}"))
                            .fluentPut("subject", subject).fluentPut("supports", supports);
                    break;
                case "echo":
                    byte[] data = new Request(request).bytes("data_b64");
                    answer = new JSONObject().fluentPut("t", "echo_ok").fluentPut("data_b64", base64(data));
                    break;
                default:
                    answer = result(new Request(request)).fluentPut("t", "result");
            }
            answer.put("id", request.get("id"));
            // BrowserCompatible writes ASCII.
            String text = JSON.toJSONString(answer, SerializerFeature.BrowserCompatible,
                    SerializerFeature.DisableCircularReferenceDetect);
            answers.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
            answers.flush();
        }
    }

    private JSONObject result(Request request) {
        Operation operation = operations.get(request.text("op") + " " + request.text("protocol"));
        try {
            if (operation == null) {
                throw new Unsupported("not known here");
            }
            return operation.answer(request);
        } catch (Unsupported error) {
            return new JSONObject().fluentPut("outcome", "unsupported").fluentPut("why", error.getMessage());
        } catch (Exception | StackOverflowError error) {
            if (refusal.isInstance(error) || refusal.isInstance(error.getCause())) {
                return verdict(false).fluentPut("detail", error.getMessage());
            }
            JSONObject thrown = new JSONObject().fluentPut("type", error.getClass().getName())
                    .fluentPut("message", String.valueOf(error.getMessage()));
            return new JSONObject().fluentPut("outcome", "threw").fluentPut("error", thrown);
        }
    }
}

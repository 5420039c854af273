import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONException;
import com.alibaba.fastjson.JSONObject;
import com.alipay.api.AbstractAlipayClient;
import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayConstants;
import com.alipay.api.AlipayRequest;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.FileItem;
import com.alipay.api.Signer;
import com.alipay.api.internal.util.AbstractHttpClient;
import com.alipay.api.internal.util.AlipayEncrypt;
import com.alipay.api.internal.util.AlipayHashMap;
import com.alipay.api.internal.util.AlipayLogger;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.internal.util.AntCertificationUtil;
import com.alipay.api.internal.util.RequestParametersHolder;
import com.alipay.api.internal.util.WebUtils;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the official {@code com.alipay.sdk:alipay-sdk-java} under test.
 *
 * <p>The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
 * see README.md.
 */
final class Adapter {
    /** What the library writes into a request's address as "must" and as "optional"; the rest belongs to the API. */
    private static final List<String> MUST = Arrays.asList("method", "version", "app_id", "sign_type", "terminal_type",
            "terminal_info", "notify_url", "return_url", "charset", "encrypt_type", "app_cert_sn", "alipay_root_cert_sn",
            "timestamp");
    private static final List<String> OPTIONAL = Arrays.asList("format", "auth_token", "alipay_sdk", "prod_code");

    private static JSONObject stringToSign(Protocol.Request r) {
        byte[] text = AlipaySignature.getSignContent(r.params()).getBytes(r.charset());
        return Protocol.value("string_to_sign_b64", Protocol.base64(text));
    }

    private static JSONObject sign(Protocol.Request r) throws AlipayApiException {
        String signature = AlipaySignature.sign(r.params(), r.bareKey("private_pkcs8_pem"), r.text("charset"),
                r.text("sign_type"));
        return stringToSign(r).fluentPut("signature", signature);
    }

    /** A request and what the library makes of it. */
    interface Build {
        JSONObject of(AbstractAlipayClient client, RequestParametersHolder holder) throws Exception;
    }

    /** Fills and signs a request as the library does, which itself would take the time of the clock. */
    private static Protocol.Operation build(Build build) {
        return r -> {
            Map<String, String> params = r.params();
            params.put("sign_type", r.text("sign_type"));
            AlipayHashMap must = new AlipayHashMap();
            AlipayHashMap optional = new AlipayHashMap();
            AlipayHashMap application = new AlipayHashMap();
            params.forEach((name, value) ->
                    (MUST.contains(name) ? must : OPTIONAL.contains(name) ? optional : application).put(name, value));
            RequestParametersHolder holder = new RequestParametersHolder();
            holder.setProtocalMustParams(must);
            holder.setProtocalOptParams(optional);
            holder.setApplicationParams(application);
            AbstractAlipayClient client = new DefaultAlipayClient(r.text("gateway"), params.get("app_id"),
                    r.bareKey("private_pkcs8_pem"), "json", r.text("charset"), null, r.text("sign_type"));
            String content = AlipaySignature.getSignatureContent(holder);
            must.put("sign", client.getSigner().sign(content, r.text("sign_type"), r.text("charset")));
            return build.of(client, holder);
        };
    }

    /** The library's functions that write a request down are private. */
    private static String written(String function, AbstractAlipayClient client, RequestParametersHolder holder)
            throws ReflectiveOperationException {
        Method method = AbstractAlipayClient.class.getDeclaredMethod(function, RequestParametersHolder.class);
        method.setAccessible(true);
        return (String) method.invoke(client, holder);
    }

    private static Protocol.Operation buildForm() {
        return r -> build((client, holder) -> {
            String page = WebUtils.buildForm(written("getRequestUrl", client, holder), holder.getApplicationParams());
            return Protocol.value("html_b64", Protocol.base64(page.getBytes(r.charset())));
        }).answer(r);
    }

    private static JSONObject verifyV1(Protocol.Request r) throws AlipayApiException {
        return Protocol.verdict(AlipaySignature.rsaCheckV1(r.params(), r.bareKey("public_spki_pem"), r.text("charset"),
                r.text("sign_type")));
    }

    private static JSONObject verifyV2(Protocol.Request r) throws AlipayApiException {
        return Protocol.verdict(AlipaySignature.rsaCheckV2(r.params(), r.bareKey("public_spki_pem"), r.text("charset"),
                r.text("sign_type")));
    }

    /** The network is outside of the test: whatever is asked, the answer is this text, decoded as the library does. */
    private static final class Network extends AbstractHttpClient {
        private final String answer;

        private Network(Protocol.Request r) {
            answer = new String(r.bytes("body_b64"), r.charset());
        }

        private boolean isEncrypted(String node) {
            try {
                return JSON.parseObject(answer).get(node) instanceof String;
            } catch (JSONException | NullPointerException none) {
                return false;
            }
        }

        @Override
        public String doPost(String url, Map<String, String> params, String charset, Map<String, String> headers) {
            return answer;
        }

        @Override
        public String doPost(String url, Map<String, String> params, Map<String, FileItem> files, String charset,
                Map<String, String> headers) {
            return answer;
        }
    }

    private static JSONObject verifyResponse(Protocol.Request r) throws Exception {
        AlipayConfig config = new AlipayConfig();
        config.setServerUrl("https://openapi.alipay.com/gateway.do");
        config.setAppId("2014072300007148");
        config.setAlipayPublicKey(r.bareKey("public_spki_pem"));
        config.setEncryptKey(r.key("aes"));
        config.setCharset(r.text("charset"));
        config.setSignType(r.text("sign_type"));
        Network network = new Network(r);
        if (r.key("aes") == null && network.isEncrypted(r.text("node"))) {
            throw new Protocol.Unsupported("it decrypts a reply before it verifies it, and the case has no key for that");
        }
        config.setCustomizedHttpClient(network);
        new DefaultAlipayClient(config) {
            @Override
            public Signer getSigner() {
                return (content, signType, charset) -> "of a request that is not sent";
            }
        }.execute(request(r));
        return Protocol.verdict(true);
    }

    /** The library's class for the method, such as AlipayTradeQueryRequest for alipay_trade_query_response. */
    private static AlipayRequest<?> request(Protocol.Request r) throws Exception {
        String node = r.text("node") == null ? "alipay_trade_query_response" : r.text("node");
        StringBuilder name = new StringBuilder("com.alipay.api.request.");
        for (String word : node.replaceAll("_response$", "").split("_")) {
            name.append(word.substring(0, 1).toUpperCase()).append(word.substring(1));
        }
        try {
            AlipayRequest<?> request = (AlipayRequest<?>) Class.forName(name + "Request").getConstructor().newInstance();
            if (r.key("aes") != null) {
                request.setNeedEncrypt(true);
                request.getClass().getMethod("setBizContent", String.class).invoke(request, "{}");
            }
            return request;
        } catch (ClassNotFoundException missing) {
            throw new Protocol.Unsupported("no class for " + node);
        }
    }

    private static JSONObject encrypt(Protocol.Request r) throws AlipayApiException {
        String text = new String(r.bytes("plaintext_b64"), r.charset());
        String encrypted = AlipayEncrypt.encryptContent(text, "AES", r.key("aes"), r.text("charset"));
        return Protocol.value("content", encrypted);
    }

    private static JSONObject decrypt(Protocol.Request r) throws AlipayApiException {
        String text = AlipayEncrypt.decryptContent(r.text("ciphertext"), "AES", r.key("aes"), r.text("charset"));
        return Protocol.value("content", text);
    }

    private static JSONObject certificateSn(Protocol.Request r) throws AlipayApiException {
        String sn = AntCertificationUtil.getCertSN(AntCertificationUtil.getCertFromContent(r.text("certificate")));
        return Protocol.value("sn", sn);
    }

    private static JSONObject rootCertificateSn(Protocol.Request r) {
        String sn = AntCertificationUtil.getRootCertSN(r.text("certificate"));
        return sn == null ? Protocol.verdict(false) : Protocol.value("sn", sn);
    }

    public static void main(String[] arguments) throws Exception {
        AlipayLogger.setNeedEnableLogger(false);
        String v2 = "alipay.openapi.v2";
        String checkV2 = "alipay.openapi.v2.check-v2";
        String charsets = "\"charsets\": [\"utf-8\", \"gbk\", \"gb2312\", \"gb18030\"], \"duplicates\": false";
        String signed = charsets + ", \"sign_types\": [\"RSA\", \"RSA2\"]";
        String decoded = "{" + signed + ", \"input\": \"params\"}";
        String bytes = "{" + signed.replace("\"duplicates\": false", "\"duplicates\": true") + "}";
        Map<String, String> subject = new HashMap<>();
        subject.put("name", "com.alipay.sdk:alipay-sdk-java");
        subject.put("version", AlipayConstants.SDK_VERSION.replace("alipay-sdk-java-", ""));
        subject.put("language", "java");
        subject.put("source", "https://central.sonatype.com/artifact/com.alipay.sdk/alipay-sdk-java");
        new Protocol(AlipayApiException.class)
                .offer("string_to_sign", v2, "{" + charsets + "}", Adapter::stringToSign)
                .offer("sign", v2, "{" + signed + "}", Adapter::sign)
                .offer("build_request", v2, "{" + signed + "}", build((client, holder) ->
                        Protocol.value("wire", written("getRedirectUrl", client, holder))))
                .offer("build_order_string", v2, "{" + signed + "}", build((client, holder) ->
                        Protocol.value("order_string", written("getSdkParams", client, holder))))
                .offer("build_form", v2, "{" + signed + "}", buildForm())
                .offer("verify_notify", v2, decoded, Adapter::verifyV1)
                .offer("verify_return", v2, decoded, Adapter::verifyV1)
                .offer("verify_notify", checkV2, decoded, Adapter::verifyV2)
                .offer("verify_return", checkV2, decoded, Adapter::verifyV2)
                .offer("verify_response", v2, bytes, Adapter::verifyResponse)
                .offer("encrypt", v2, "{" + charsets + "}", Adapter::encrypt)
                .offer("decrypt", v2, "{" + charsets + "}", Adapter::decrypt)
                .offer("certificate_sn", v2, "{}", Adapter::certificateSn)
                .offer("root_certificate_sn", v2, "{}", Adapter::rootCertificateSn)
                .serve("java-alipay-sdk-java", new JSONObject(new HashMap<>(subject)));
    }
}

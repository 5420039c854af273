import com.alibaba.fastjson.JSONObject;
import com.alipay.api.*;
import com.alipay.api.internal.util.*;
import java.lang.reflect.Method;
import java.util.Arrays;
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

    private static JSONObject stringToSign(Protocol.Request r) throws Protocol.Unsupported {
        if (r.params().containsKey("sign")) {
            throw new Protocol.Unsupported("the client adds sign behind this function");
        }
        byte[] text = AlipaySignature.getSignContent(r.params()).getBytes(r.charset());
        return Protocol.value("string_to_sign_b64", Protocol.base64(text));
    }

    private static JSONObject sign(Protocol.Request r) throws AlipayApiException, Protocol.Unsupported {
        String signature = AlipaySignature.sign(r.params(), r.bareKey("private_pkcs8_pem"), r.text("charset"),
                r.text("sign_type"));
        return stringToSign(r).fluentPut("signature", signature);
    }

    /** Fills and signs a request as the library does, which itself would take the time of the clock. */
    private static RequestParametersHolder fill(Protocol.Request r, AbstractAlipayClient client) throws Exception {
        RequestParametersHolder holder = new RequestParametersHolder();
        holder.setProtocalMustParams(new AlipayHashMap());
        holder.setProtocalOptParams(new AlipayHashMap());
        holder.setApplicationParams(new AlipayHashMap());
        r.params().forEach((name, value) -> (MUST.contains(name) ? holder.getProtocalMustParams()
                : OPTIONAL.contains(name) ? holder.getProtocalOptParams() : holder.getApplicationParams())
                .put(name, value));
        holder.getProtocalMustParams().put("sign_type", r.text("sign_type"));
        String content = AlipaySignature.getSignatureContent(holder);
        String signature = client.getSigner().sign(content, r.text("sign_type"), r.text("charset"));
        holder.getProtocalMustParams().put("sign", signature);
        return holder;
    }

    /** The library's functions that write a request down are private. */
    private static Protocol.Operation build(String field, String function) {
        return r -> {
            AbstractAlipayClient client = new DefaultAlipayClient(r.text("gateway"), r.params().get("app_id"),
                    r.bareKey("private_pkcs8_pem"), "json", r.text("charset"), null, r.text("sign_type"));
            RequestParametersHolder holder = fill(r, client);
            Method method = AbstractAlipayClient.class.getDeclaredMethod(function, RequestParametersHolder.class);
            method.setAccessible(true);
            String written = (String) method.invoke(client, holder);
            if (!field.equals("html_b64")) {
                return Protocol.value(field, written);
            }
            String page = WebUtils.buildForm(written, holder.getApplicationParams());
            return Protocol.value(field, Protocol.base64(page.getBytes(r.charset())));
        };
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
    private static AbstractHttpClient network(String answer) {
        return new AbstractHttpClient() {
            @Override
            public String doPost(String url, Map<String, String> params, String charset, Map<String, String> headers) {
                return answer;
            }

            @Override
            public String doPost(String url, Map<String, String> params, Map<String, FileItem> files, String charset,
                    Map<String, String> headers) {
                return answer;
            }
        };
    }

    private static JSONObject verifyResponse(Protocol.Request r) throws Exception {
        AlipayConfig config = new AlipayConfig();
        config.setServerUrl("https://openapi.alipay.com/gateway.do");
        config.setAppId("2014072300007148");
        config.setAlipayPublicKey(r.bareKey("public_spki_pem"));
        config.setEncryptKey(r.key("aes"));
        config.setCharset(r.text("charset"));
        config.setSignType(r.text("sign_type"));
        config.setCustomizedHttpClient(network(r.decoded("body_b64")));
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
        StringBuilder name = new StringBuilder("com.alipay.api.request.");
        for (String word : r.text("node").replaceAll("_response$", "").split("_")) {
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
            throw new Protocol.Unsupported("no class for " + r.text("node"));
        }
    }

    private static JSONObject rootCertificateSn(Protocol.Request r) {
        String sn = AntCertificationUtil.getRootCertSN(r.text("certificate"));
        return sn == null ? Protocol.verdict(false) : Protocol.value("sn", sn);
    }

    public static void main(String[] arguments) throws Exception {
        AlipayLogger.setNeedEnableLogger(false);
        String charsets = "\"charsets\": [\"utf-8\", \"gbk\", \"gb2312\", \"gb18030\"]";
        String signed = charsets + ", \"sign_types\": [\"RSA\", \"RSA2\"]";
        String mapping = "{\"duplicates\": false, " + signed + "}";
        String decoded = "{\"duplicates\": false, \"input\": \"params\", " + signed + "}";
        new Protocol(AlipayApiException.class)
                .within("alipay.openapi.v2", mapping)
                .offer("string_to_sign", Adapter::stringToSign)
                .offer("sign", Adapter::sign)
                .offer("build_request", build("wire", "getRedirectUrl"))
                .offer("build_order_string", build("order_string", "getSdkParams"))
                .offer("build_form", build("html_b64", "getRequestUrl"))
                .within("alipay.openapi.v2", "{" + signed + "}")
                .offer("verify_response", Adapter::verifyResponse)
                .within("alipay.openapi.v2", "{" + charsets + "}")
                .offer("encrypt", r -> Protocol.value("content", AlipayEncrypt.encryptContent(
                        r.decoded("plaintext_b64"), "AES", r.key("aes"), r.text("charset"))))
                .offer("decrypt", r -> Protocol.value("content", AlipayEncrypt.decryptContent(
                        r.text("ciphertext"), "AES", r.key("aes"), r.text("charset"))))
                .offer("certificate_sn", r -> Protocol.value("sn", AntCertificationUtil.getCertSN(
                        AntCertificationUtil.getCertFromContent(r.text("certificate")))))
                .offer("root_certificate_sn", Adapter::rootCertificateSn)
                .within("alipay.openapi.v2", decoded)
                .offer("verify_notify", Adapter::verifyV1)
                .offer("verify_return", Adapter::verifyV1)
                .within("alipay.openapi.v2.check-v2", decoded)
                .offer("verify_notify", Adapter::verifyV2)
                .offer("verify_return", Adapter::verifyV2)
                .serve("java-alipay-sdk-java", "com.alipay.sdk", "alipay-sdk-java",
                        AlipayConstants.SDK_VERSION.replace("alipay-sdk-java-", ""));
    }
}

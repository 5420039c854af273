import com.alibaba.fastjson.JSONObject;
import com.wechat.pay.java.core.auth.WechatPay2Credential;
import com.wechat.pay.java.core.certificate.CertificateProvider;
import com.wechat.pay.java.core.certificate.InMemoryCertificateProvider;
import com.wechat.pay.java.core.cipher.AeadAesCipher;
import com.wechat.pay.java.core.cipher.RSAPrivacyDecryptor;
import com.wechat.pay.java.core.cipher.RSAPrivacyEncryptor;
import com.wechat.pay.java.core.cipher.RSASigner;
import com.wechat.pay.java.core.cipher.RSAVerifier;
import com.wechat.pay.java.core.cipher.SignatureResult;
import com.wechat.pay.java.core.cipher.Signer;
import com.wechat.pay.java.core.cipher.Verifier;
import com.wechat.pay.java.core.exception.WechatPayException;
import com.wechat.pay.java.core.http.HttpMethod;
import com.wechat.pay.java.core.http.HttpRequest;
import com.wechat.pay.java.core.notification.Constant;
import com.wechat.pay.java.core.notification.NotificationParser;
import com.wechat.pay.java.core.notification.RequestParam;
import com.wechat.pay.java.core.util.PemUtil;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Puts the official {@code com.github.wechatpay-apiv3:wechatpay-java} under test.
 *
 * <p>The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
 * see README.md.
 */
final class Adapter {
    /** Takes the steps of {@code getAuthorization}, which itself draws the nonce and reads the clock. */
    private static JSONObject signRequest(Protocol.Request r) throws Exception {
        Map<String, String> items = r.params();
        String nonce = items.getOrDefault("nonce_str", "");
        if (!nonce.matches("[^\"\n]+") || !items.getOrDefault("timestamp", "").matches("[0-9]+")) {
            throw new Protocol.Unsupported("it writes the nonce and the time itself");
        }
        if (!r.text("path").startsWith("/") || r.text("method").isEmpty()) {
            throw new Protocol.Unsupported("it is given a method and a whole address");
        }
        String body = r.decoded("body_b64");
        if (!Arrays.equals(body.getBytes(r.charset()), r.bytes("body_b64"))) {
            throw new Protocol.Unsupported("a body is text");
        }
        HttpRequest request = new HttpRequest.Builder().httpMethod(HttpMethod.valueOf(r.text("method")))
                .url("https://api.mch.weixin.qq.com" + r.text("path")).build();
        Signer signer = new RSASigner(items.get("serial_no"),
                PemUtil.loadPrivateKeyFromString(r.key("private_pkcs8_pem")));
        String message = (String) call(new WechatPay2Credential(items.get("mchid"), signer), "buildMessage", nonce,
                Long.parseLong(items.get("timestamp")), request.getUri(), request.getHttpMethod().name(), body);
        SignatureResult signed = signer.sign(message);
        return Protocol.value("signature", signed.getSign()).fluentPut("string_to_sign", message);
    }

    /** The keys of the case: by an id of its own a public key, by another serial number a certificate. */
    private static Verifier verifier(Protocol.Request r) {
        String id = null;
        PublicKey publicKey = null;
        List<X509Certificate> certificates = new ArrayList<>();
        for (Map.Entry<String, String> key : r.keys("public_spki_pem").entrySet()) {
            PublicKey each = PemUtil.loadPublicKeyFromString(key.getValue());
            if (key.getKey().startsWith("PUB_KEY_ID_")) {
                id = key.getKey();
                publicKey = each;
            } else {
                byte[] certificate = Certificate.of(key.getKey(), each.getEncoded());
                certificates.add(PemUtil.loadX509FromStream(new ByteArrayInputStream(certificate)));
            }
        }
        if (certificates.isEmpty()) {
            return new RSAVerifier(publicKey, id);
        }
        CertificateProvider provider = new InMemoryCertificateProvider(certificates);
        return id == null ? new RSAVerifier(provider) : new RSAVerifier(publicKey, id, provider);
    }

    private static NotificationParser parser(Protocol.Request r, Map<String, Verifier> verifiers) {
        AeadAesCipher cipher = new AeadAesCipher(r.key("api_v3").getBytes(StandardCharsets.UTF_8));
        return new NotificationParser(verifiers, Collections.singletonMap(Constant.AES_CIPHER_ALGORITHM, cipher));
    }

    private static JSONObject verifyNotify(Protocol.Request r) {
        RequestParam message = new RequestParam.Builder().serialNumber(r.header("Wechatpay-Serial"))
                .nonce(r.header("Wechatpay-Nonce")).timestamp(r.header("Wechatpay-Timestamp"))
                .signature(r.header("Wechatpay-Signature")).signType(r.header("Wechatpay-Signature-Type"))
                .body(r.decoded("body_b64")).build();
        parser(r, Collections.singletonMap(Constant.RSA_SIGN_TYPE, verifier(r))).parse(message, Map.class);
        return Protocol.verdict(true).fluentPut("string_to_sign", message.getMessage());
    }

    private static JSONObject encrypt(Protocol.Request r) {
        PublicKey publicKey = PemUtil.loadPublicKeyFromString(r.key("public_spki_pem"));
        return Protocol.value("content", new RSAPrivacyEncryptor(publicKey, "1").encrypt(r.decoded("plaintext_b64")));
    }

    /** Of a field, or of what a notification holds. */
    private static JSONObject decrypt(Protocol.Request r) throws Exception {
        if (r.text("nonce") == null) {
            PrivateKey privateKey = PemUtil.loadPrivateKeyFromString(r.key("private_pkcs8_pem"));
            return Protocol.value("content", new RSAPrivacyDecryptor(privateKey).decrypt(r.text("ciphertext")));
        }
        return Protocol.value("content", call(parser(r, Collections.emptyMap()), "decryptData",
                Constant.AES_CIPHER_ALGORITHM, r.text("associated_data"), r.text("nonce"), r.text("ciphertext")));
    }

    /** Calls a function of the library that is private. */
    private static Object call(Object object, String function, Object... arguments) throws Exception {
        for (Method method : object.getClass().getDeclaredMethods()) {
            if (method.getName().equals(function)) {
                method.setAccessible(true);
                try {
                    return method.invoke(object, arguments);
                } catch (InvocationTargetException error) {
                    throw (Exception) error.getCause();
                }
            }
        }
        throw new NoSuchMethodException(function);
    }

    public static void main(String[] arguments) throws Exception {
        String signed = "{\"sign_types\": [\"RSA2\"], \"duplicates\": false}";
        new Protocol(WechatPayException.class)
                .within("wechatpay.v3", signed)
                .offer("sign_request", Adapter::signRequest)
                .offer("verify_notify", Adapter::verifyNotify)
                .offer("encrypt", Adapter::encrypt)
                .offer("decrypt", Adapter::decrypt)
                .serve("java-wechatpay-java", "com.github.wechatpay-apiv3", "wechatpay-java",
                        WechatPay2Credential.class.getPackage().getImplementationVersion());
    }
}

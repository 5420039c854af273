// Puts the official Go module github.com/wechatpay-apiv3/wechatpay-go under test.
//
// The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
// see README.md.
package main

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	_ "unsafe" // for go:linkname

	. "adapters/protocol"
	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/signers"
	_ "github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth/verifiers"
	"github.com/wechatpay-apiv3/wechatpay-go/core/cipher/decryptors"
	"github.com/wechatpay-apiv3/wechatpay-go/core/cipher/encryptors"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

var ctx = context.Background()

const ownClock = Unsupported("it reads the system's clock itself")

// signRequest takes the steps of WechatPayCredentials, which itself draws the nonce and reads the clock.
func signRequest(r *Request) (Answer, error) {
	items := r.Mapping()
	nonce := items["nonce_str"]
	seconds, err := strconv.ParseInt(items["timestamp"], 10, 64)
	if err != nil || nonce == "" || strings.ContainsAny(nonce, "\"\n") {
		return nil, Unsupported("it writes the nonce and the time itself")
	}
	if !strings.HasPrefix(r.Path, "/") {
		return nil, Unsupported("it is given a whole address")
	}
	request := Try(http.NewRequest(r.Verb, consts.WechatPayAPIServer+r.Path, nil))
	message := fmt.Sprintf(consts.SignatureMessageFormat, r.Verb, request.URL.RequestURI(), seconds, nonce, r.BodyB64)
	signer := &signers.SHA256WithRSASigner{MchID: items["mchid"], CertificateSerialNo: items["serial_no"],
		PrivateKey: Try(utils.LoadPrivateKey(r.Key["private_pkcs8_pem"]))}
	signed := Try(signer.Sign(ctx, message))
	authorization := fmt.Sprintf(consts.HeaderAuthorizationFormat, "WECHATPAY2-"+signer.Algorithm(), signed.MchID, nonce,
		seconds, signed.CertificateSerialNo, signed.Signature)
	return Value("signature", signed.Signature, "string_to_sign_b64", []byte(message),
		"headers", [][2]string{{consts.Authorization, authorization}})
}

// header is the library's struct of the same fields.
type header struct {
	requestID, serial, signature, nonce string
	timestamp                           int64
}

//go:linkname getHeader github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators.getWechatPayHeader
func getHeader(context.Context, http.Header) (header, error)

//go:linkname buildMessage github.com/wechatpay-apiv3/wechatpay-go/core/auth/validators.buildMessage
func buildMessage(context.Context, header, []byte) string

// verify takes the steps of WechatPayResponseValidator, but for its look at the clock.
func verify(r *Request) (Answer, error) {
	head := Try(getHeader(ctx, r.HTTP().Header))
	if age := r.Now.Sub(time.Unix(head.timestamp, 0)).Abs().Seconds(); age >= consts.FiveMinute {
		return nil, ownClock
	}
	message := buildMessage(ctx, head, r.BodyB64)
	Check(verifier(r).Verify(ctx, head.serial, message, head.signature))
	return Answer{"outcome": "accept", "string_to_sign_b64": []byte(message)}, nil
}

// verifier has the keys of the case: by an id of its own a public key, by another serial number a certificate.
func verifier(r *Request) *verifiers.SHA256WithRSACombinedVerifier {
	certificates, id, public := map[string]*x509.Certificate{}, "", rsa.PublicKey{}
	for _, key := range r.Keys {
		if strings.HasPrefix(key["id"], "PUB_KEY_ID_") {
			id, public = key["id"], *Try(utils.LoadPublicKey(key["public_spki_pem"]))
		} else {
			certificates[key["id"]] = Try(utils.LoadCertificate(string(Certificate(key["public_spki_pem"]))))
		}
	}
	return verifiers.NewSHA256WithRSACombinedVerifier(core.NewCertificateMap(certificates), id, public)
}

func encrypt(r *Request) (Answer, error) {
	public := Try(utils.LoadPublicKey(r.Key["public_spki_pem"]))
	encryptor := encryptors.NewWechatPayPubKeyEncryptor("PUB_KEY_ID_1", *public)
	return Value("content", Try(encryptor.Encrypt(ctx, "PUB_KEY_ID_1", string(r.PlaintextB64))))
}

func decrypt(r *Request) (Answer, error) {
	if r.Nonce != nil {
		text := Try(utils.DecryptAES256GCM(r.Key["api_v3"], r.AssociatedData, *r.Nonce, r.Ciphertext))
		return Value("content_b64", []byte(text))
	}
	private := Try(utils.LoadPrivateKey(r.Key["private_pkcs8_pem"]))
	return Value("content_b64", []byte(Try(decryptors.NewWechatPayDecryptor(private).Decrypt(ctx, r.Ciphertext))))
}

func main() {
	const v3 = "wechatpay.v3"
	rsa2 := []string{"RSA2"}
	Serve("go-wechatpay-go", "github.com/wechatpay-apiv3/wechatpay-go", []Offer{
		{Op: "sign_request", Protocol: v3, SignTypes: rsa2, Answer: signRequest},
		{Op: "verify_response", Protocol: v3, SignTypes: rsa2, Duplicates: true, Answer: verify},
		{Op: "encrypt", Protocol: v3, Answer: encrypt},
		{Op: "decrypt", Protocol: v3, Answer: decrypt},
	})
}

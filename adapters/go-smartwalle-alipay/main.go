// Puts the Go module github.com/smartwalle/alipay/v3 under test.
//
// The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
// see README.md.
package main

import (
	"bytes"
	"context"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	. "adapters/protocol"
	"github.com/smartwalle/alipay/v3"
	"github.com/smartwalle/ncrypto"
	"github.com/smartwalle/nsign"
)

// client is one that only checks.
func client(production bool, network *Network, options ...alipay.OptionFunc) *alipay.Client {
	options = append(options, alipay.WithHTTPClient(&http.Client{Transport: network}))
	client, err := alipay.New("2016082000295641", AnyKey, production, options...)
	Must(err)
	return client
}

func sign(r *Request) (Answer, error) {
	client := Try(alipay.New("2016082000295641", r.Key["private_pkcs8_pem"], false))
	signature := Try(client.SignValues(r.Values()))
	return Value("signature", base64.StdEncoding.EncodeToString(signature), "string_to_sign_b64", text(r))
}

func stringToSign(r *Request) (Answer, error) {
	if r.Values().Has("sign") {
		return nil, Unsupported("the client adds sign behind this function")
	}
	return Value("string_to_sign_b64", text(r))
}

// text is formed by the encoder that the library gives its signer.
func text(r *Request) []byte {
	text, err := alipay.Encoder{}.EncodeValues(new(bytes.Buffer), r.Values(), &nsign.SignOptions{})
	Must(err)
	return text
}

// request is one that the library builds. The time is that of the clock in a zone of the caller's choice, so it gets a
// zone in which it is now the time that the case names.
func request(r *Request) (*alipay.Client, alipay.Param) {
	params := r.Mapping()
	for _, pair := range own {
		name, value := pair[0], pair[1]
		if params[name] != value {
			Check(Unsupported("it writes " + name + "=" + value + " itself"))
		}
		delete(params, name)
	}
	moment, err := time.Parse(time.DateTime, params["timestamp"])
	if err != nil {
		Check(Unsupported("it writes the time itself"))
	}
	zone := alipay.WithTimeLocation(time.FixedZone("", int(moment.Unix()-time.Now().Unix())))
	gateway := alipay.WithSandboxGateway(r.Gateway)
	client := Try(alipay.New(params["app_id"], r.Key["private_pkcs8_pem"], false, zone, gateway))
	payload := alipay.NewPayload(params["method"])
	for name, value := range params {
		if name != "app_id" && name != "method" && name != "timestamp" && name != "sign_type" {
			payload.AddParam(name, value)
		}
	}
	return client, payload
}

// own is what the library writes into every request, in this spelling; sign_type is not among what a case gives.
var own = [][2]string{{"format", "JSON"}, {"charset", "utf-8"}, {"version", "1.0"}}

// build has a request written, and again if the clock has ticked on in between.
func build(field string, write func(*alipay.Client, alipay.Param) (string, error)) func(*Request) (Answer, error) {
	return func(r *Request) (Answer, error) {
		for tries := 0; tries < 10; tries++ {
			written := Try(write(request(r)))
			if strings.Contains(written, "timestamp="+url.QueryEscape(r.Mapping()["timestamp"])) {
				return Value(field, written)
			}
		}
		return nil, Unsupported("it writes the time itself")
	}
}

func address(client *alipay.Client, param alipay.Param) (string, error) {
	return Try(client.BuildURL(param)).String(), nil
}

func verify(r *Request) (Answer, error) {
	client := client(false, nil)
	Must(client.LoadAliPayPublicKey(r.Key["public_spki_pem"]))
	message := r.HTTP()
	Check(message.ParseForm())
	Try(client.DecodeNotification(context.Background(), message.Form))
	return Accept()
}

func verifyResponse(r *Request) (Answer, error) {
	key := Try(ncrypto.DecodePublicKey([]byte(r.Key["public_spki_pem"])).PKIX().RSAPublicKey())
	method := nsign.NewRSAMethod(crypto.SHA256, nil, key)
	verifier := nsign.New(nsign.WithMethod(method), nsign.WithEncoder(alipay.Encoder{}))
	client := client(false, r.Reply(), alipay.WithVerifier(r.CertificateSN(), verifier))
	Must(client.LoadAliPayPublicKey(r.Key["public_spki_pem"]))
	Must(client.SetEncryptKey(r.Key["aes"]))
	var content json.RawMessage
	err := client.Request(context.Background(), alipay.NewPayload(r.Method()), &content)
	// A refusal by the gateway is handed on as an error of this type: the gateway's word, so the reply was accepted.
	var refusal *alipay.Error
	if err == nil || errors.As(err, &refusal) && refusal.Code != "" && refusal.IsFailure() {
		return Accept()
	}
	return nil, err
}

// decrypt watches what the library has decrypted, which it tells before it checks a reply's signature.
func decrypt(r *Request) (Answer, error) {
	body, err := json.Marshal(map[string]string{"x_response": r.Ciphertext, "sign": "AAAA"})
	Must(err)
	client := client(false, &Network{Body: body})
	Must(client.SetEncryptKey(r.Key["aes"]))
	var content []byte
	client.OnReceivedData(func(_ context.Context, _ string, data []byte) { content = append([]byte{}, data...) })
	if err := client.Request(context.Background(), alipay.NewPayload("x"), nil); content == nil {
		return nil, err
	}
	return Value("content_b64", content)
}

// serial reads a serial number where the library puts it: in a request.
func serial(name string, load func(*alipay.Client, string) error) func(*Request) (Answer, error) {
	return func(r *Request) (Answer, error) {
		client := client(false, nil)
		Check(load(client, r.Certificate))
		values := Try(client.URLValues(alipay.NewPayload("alipay.trade.query")))
		if !values.Has(name) {
			return nil, No
		}
		return Value("sn", values.Get(name))
	}
}

func notifyIDURL(r *Request) (Answer, error) {
	network := new(Network)
	client(true, network).NotifyVerify(context.Background(), r.Partner, r.NotifyID)
	return Value("wire", network.Fetched)
}

func notifyIDAnswer(r *Request) (Answer, error) {
	if client(true, &Network{Body: r.AnswerB64}).NotifyVerify(context.Background(), "1", "1") {
		return Accept()
	}
	return nil, No
}

func main() {
	const v2, mapi = "alipay.openapi.v2", "alipay.mapi"
	rsa2, utf8 := []string{"RSA2"}, []string{"utf-8"}
	app, root := (*alipay.Client).LoadAppCertPublicKey, (*alipay.Client).LoadAliPayRootCert
	Serve("go-smartwalle-alipay", "github.com/smartwalle/alipay/v3", []Offer{
		{Op: "string_to_sign", Protocol: v2, Charsets: utf8, Duplicates: true, Answer: stringToSign},
		{Op: "sign", Protocol: v2, SignTypes: rsa2, Charsets: utf8, Duplicates: true, Answer: sign},
		{Op: "build_request", Protocol: v2, SignTypes: rsa2, Charsets: utf8, Answer: build("wire", address)},
		{Op: "build_order_string", Protocol: v2, SignTypes: rsa2, Charsets: utf8,
			Answer: build("order_string", (*alipay.Client).EncodeParam)},
		{Op: "verify_notify", Protocol: v2, SignTypes: rsa2, Charsets: utf8, Duplicates: true, Answer: verify},
		{Op: "verify_return", Protocol: v2, SignTypes: rsa2, Charsets: utf8, Duplicates: true, Answer: verify},
		{Op: "verify_response", Protocol: v2, SignTypes: rsa2, Charsets: utf8, Duplicates: true, Answer: verifyResponse},
		{Op: "decrypt", Protocol: v2, Charsets: utf8, Answer: decrypt},
		{Op: "certificate_sn", Protocol: v2, Answer: serial("app_cert_sn", app)},
		{Op: "root_certificate_sn", Protocol: v2, Answer: serial("alipay_root_cert_sn", root)},
		{Op: "notify_id_url", Protocol: mapi, Transports: []string{"https"}, Answer: notifyIDURL},
		{Op: "notify_id_answer", Protocol: mapi, Answer: notifyIDAnswer},
	})
}

// Puts the Go module github.com/go-pay/gopay under test.
//
// The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
// see README.md.
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"reflect"
	"strings"

	. "adapters/protocol"
	"github.com/go-pay/crypto/xpem"
	"github.com/go-pay/gopay"
	"github.com/go-pay/gopay/alipay"
	v3 "github.com/go-pay/gopay/alipay/v3"
	"github.com/go-pay/gopay/pkg/xhttp"
)

// issuer is for the client, which wants a private key before it does anything, also where it only checks.
var issuer, _ = rsa.GenerateKey(rand.Reader, 2048)
var anyKey = base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(issuer))

func bodyMap(r *Request) gopay.BodyMap {
	params := gopay.BodyMap{}
	for name, value := range r.Mapping() {
		params.Set(name, value)
	}
	return params
}

func stringToSign(r *Request) (Answer, error) {
	return Value("string_to_sign_b64", []byte(bodyMap(r).EncodeAliPaySignParams()))
}

func sign(r *Request) (Answer, error) {
	params := bodyMap(r)
	key, err := xpem.DecodePrivateKey([]byte(r.Key["private_pkcs8_pem"]))
	if err != nil {
		return nil, err
	}
	signature, err := alipay.GetRsaSign(params, r.SignType, key)
	if err != nil {
		return nil, err
	}
	return Value("signature", signature, "string_to_sign_b64", []byte(params.EncodeAliPaySignParams()))
}

// build puts a request together by the functions that RequestParam calls, which itself takes the time of the clock.
func build(field, before string) func(*Request) (Answer, error) {
	return func(r *Request) (Answer, error) {
		r.Params = append(r.Params, [2]string{"sign_type", r.SignType})
		signed, err := sign(r)
		if err != nil {
			return nil, err
		}
		before := strings.ReplaceAll(before, "GATEWAY", r.Gateway)
		return Value(field, before+bodyMap(r).Set("sign", signed["signature"]).EncodeURLParams())
	}
}

func verify(r *Request) (Answer, error) {
	params, err := alipay.ParseNotifyToBodyMap(r.HTTP())
	if err != nil {
		return nil, err
	}
	if genuine, err := alipay.VerifySign(Bare(r.Key["public_spki_pem"]), params); !genuine {
		return nil, err
	}
	return Accept()
}

// biz has what the functions of the library want to see before they ask the gateway.
var biz = gopay.BodyMap{"out_trade_no": "1", "subject": "1", "total_amount": "1", "refund_amount": "1",
	"out_request_no": "1", "out_biz_no": "1", "trans_amount": "1", "product_code": "1", "payee_info": "1",
	"image_type": "1", "image_name": "1", "image_content": "1"}

// verifyResponse asks by the function for the method, such as TradeQuery, and has the network give the reply.
func verifyResponse(r *Request) (Answer, error) {
	client, err := alipay.NewClient("2016082000295641", anyKey, true)
	Must(err)
	client.AutoVerifySign([]byte(r.Key["public_spki_pem"]))
	client.AliPayPublicCertSN = r.CertificateSN()
	client.GetHttpClient().SetTransport(r.Reply())
	return ask(client, r.Method())
}

func verifyV3(r *Request) (Answer, error) {
	client, err := v3.NewClientV3("2016082000295641", anyKey, true)
	Must(err)
	certificate := around(r.Key["public_spki_pem"])
	Must(client.SetCert(certificate, certificate, certificate))
	client.SetHttpClient(xhttp.NewClient().SetTransport(r.Reply()))
	return ask(client, "alipay.trade.query")
}

func ask(client any, method string) (Answer, error) {
	name := strings.ReplaceAll(strings.TrimPrefix(method, "alipay."), ".", "")
	kind := reflect.TypeOf(client)
	for i := 0; i < kind.NumMethod(); i++ {
		// Functions that ask the gateway give a struct; those for a page or an app give the text of a request.
		if !strings.EqualFold(kind.Method(i).Name, name) || kind.Method(i).Type.Out(0).Kind() != reflect.Pointer {
			continue
		}
		given := gopay.BodyMap{}
		for field, value := range biz {
			given.Set(field, value)
		}
		arguments := []reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(given)}
		results := reflect.ValueOf(client).Method(i).Call(arguments)
		err, _ := results[1].Interface().(error)
		// A refusal by the gateway is handed on as an error of this type: the gateway's word, so the reply was accepted.
		if refusal, is := alipay.IsBizError(err); err == nil || is && refusal.Code != "" {
			return Accept()
		}
		return nil, err
	}
	return nil, Unsupported("no function for " + method)
}

// around is a certificate for a key: the client of v3 takes Alipay's key from one only.
func around(spki string) []byte {
	block, _ := pem.Decode([]byte(spki))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	Must(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key, issuer)
	Must(err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func serial(read func(any) (string, error)) func(*Request) (Answer, error) {
	return func(r *Request) (Answer, error) {
		sn, err := read([]byte(r.Certificate))
		if err != nil {
			return nil, err
		}
		return Value("sn", sn)
	}
}

func main() {
	const v2 = "alipay.openapi.v2"
	rsa, rsa2, utf8 := []string{"RSA", "RSA2"}, []string{"RSA2"}, []string{"utf-8"}
	Serve("go-gopay", "github.com/go-pay/gopay", []Offer{
		{Op: "string_to_sign", Protocol: v2, Charsets: utf8, Answer: stringToSign},
		{Op: "sign", Protocol: v2, SignTypes: rsa, Charsets: utf8, Answer: sign},
		{Op: "build_request", Protocol: v2, SignTypes: rsa, Charsets: utf8, Answer: build("wire", "GATEWAY?")},
		{Op: "build_order_string", Protocol: v2, SignTypes: rsa, Charsets: utf8, Answer: build("order_string", "")},
		{Op: "verify_notify", Protocol: v2, SignTypes: rsa, Charsets: utf8, Duplicates: true, Answer: verify},
		{Op: "verify_return", Protocol: v2, SignTypes: rsa, Charsets: utf8, Duplicates: true, Answer: verify},
		{Op: "verify_response", Protocol: v2, SignTypes: rsa2, Charsets: utf8, Duplicates: true, Answer: verifyResponse},
		{Op: "verify_response", Protocol: "alipay.openapi.v3", SignTypes: rsa2, Duplicates: true, Answer: verifyV3},
		{Op: "certificate_sn", Protocol: v2, Answer: serial(alipay.GetCertSN)},
		{Op: "root_certificate_sn", Protocol: v2, Answer: serial(alipay.GetRootCertSN)},
	})
}

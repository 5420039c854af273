// Puts the Go module github.com/go-pay/gopay under test.
//
// The library's own functions are called, and nothing about them is changed. What it does not offer is not declared;
// see README.md.
package main

import (
	"context"
	"reflect"
	"strings"

	. "adapters/protocol"
	"github.com/go-pay/crypto/xpem"
	"github.com/go-pay/gopay"
	"github.com/go-pay/gopay/alipay"
	v3 "github.com/go-pay/gopay/alipay/v3"
	"github.com/go-pay/gopay/pkg/xhttp"
)

func bodyMap(r *Request) gopay.BodyMap {
	params := gopay.BodyMap{}
	for name, value := range r.Mapping() {
		params.Set(name, value)
	}
	return params
}

func stringToSign(r *Request) (Answer, error) {
	if _, given := r.Mapping()["sign"]; given {
		return nil, Unsupported("the client adds sign behind this function")
	}
	return Value("string_to_sign_b64", []byte(bodyMap(r).EncodeAliPaySignParams()))
}

func sign(r *Request) (Answer, error) {
	params := bodyMap(r)
	key := Try(xpem.DecodePrivateKey([]byte(r.Key["private_pkcs8_pem"])))
	signature := Try(alipay.GetRsaSign(params, r.SignType, key))
	return Value("signature", signature, "string_to_sign_b64", []byte(params.EncodeAliPaySignParams()))
}

// build puts a request together by the functions that RequestParam calls, which itself takes the time of the clock.
func build(field, before string) func(*Request) (Answer, error) {
	return func(r *Request) (Answer, error) {
		r.Params = append(r.Params, [2]string{"sign_type", r.SignType})
		signed := Try(sign(r))
		before := strings.ReplaceAll(before, "GATEWAY", r.Gateway)
		return Value(field, before+bodyMap(r).Set("sign", signed["signature"]).EncodeURLParams())
	}
}

func verify(r *Request) (Answer, error) {
	params := Try(alipay.ParseNotifyToBodyMap(r.HTTP()))
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
	client, err := alipay.NewClient("2016082000295641", AnyKey, true)
	Must(err)
	client.AutoVerifySign([]byte(r.Key["public_spki_pem"]))
	client.AliPayPublicCertSN = r.CertificateSN()
	client.GetHttpClient().SetTransport(r.Reply())
	return ask(client, r.Method())
}

func verifyV3(r *Request) (Answer, error) {
	client, err := v3.NewClientV3("2016082000295641", AnyKey, true)
	Must(err)
	certificate := Certificate(r.Key["public_spki_pem"])
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

func serial(read func(any) (string, error)) func(*Request) (Answer, error) {
	return func(r *Request) (Answer, error) {
		return Value("sn", Try(read([]byte(r.Certificate))))
	}
}

func main() {
	const v2 = "alipay.openapi.v2"
	rsa, rsa2, utf8 := []string{"RSA", "RSA2"}, []string{"RSA2"}, []string{"utf-8"}
	Serve("go-gopay", "github.com/go-pay/gopay", append(wechatOffers(), []Offer{
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
	}...))
}

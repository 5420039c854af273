package main

import (
	"context"
	"crypto/rsa"
	"strings"

	. "adapters/protocol"
	"github.com/go-pay/crypto/xpem"
	"github.com/go-pay/gopay"
	"github.com/go-pay/gopay/pkg/xhttp"
	"github.com/go-pay/gopay/wechat"
	wechatv3 "github.com/go-pay/gopay/wechat/v3"
)

// wechatToSign is without the key, which the library appends.
func wechatToSign(params gopay.BodyMap) []byte {
	text := strings.TrimSuffix(params.EncodeWeChatSignParams(""), "key=")
	return []byte(strings.TrimSuffix(text, "&"))
}

// wechatParams is without sign: whoever calls the library's functions that sign has taken it away.
func wechatParams(r *Request) gopay.BodyMap {
	if _, given := r.Mapping()["sign"]; given {
		Check(Unsupported("it takes sign away before this function"))
	}
	return bodyMap(r)
}

func wechatStringToSign(r *Request) (Answer, error) {
	return Value("string_to_sign_b64", wechatToSign(wechatParams(r)))
}

func wechatSign(r *Request) (Answer, error) {
	params := wechatParams(r)
	signature := wechat.GetReleaseSign(r.Key["secret"], r.SignType, params)
	return Value("signature", signature, "string_to_sign_b64", wechatToSign(params))
}

// buildXML takes the last steps of the functions that ask for something, which check their own parameters first.
func buildXML(r *Request) (Answer, error) {
	signed, _ := wechatSign(r)
	signed["xml"] = wechat.GenerateXml(bodyMap(r).Set("sign", signed["signature"]))
	return signed, nil
}

// buildClientParams names what the library is given as the library signs it.
func buildClientParams(r *Request) (Answer, error) {
	p, key := r.Mapping(), r.Key["secret"]
	if r.Client == "app" {
		signature := wechat.GetAppPaySign(p["appid"], p["partnerid"], p["nonce_str"], p["prepay_id"], r.SignType,
			p["timestamp"], key)
		return Value("signature", signature, "client_params", [][2]string{{"appid", p["appid"]},
			{"partnerid", p["partnerid"]}, {"prepayid", p["prepay_id"]}, {"package", "Sign=WXPay"},
			{"noncestr", p["nonce_str"]}, {"timestamp", p["timestamp"]}, {"sign", signature}})
	}
	order := "prepay_id=" + p["prepay_id"]
	signature := wechat.GetJsapiPaySign(p["appid"], p["nonce_str"], order, r.SignType, p["timestamp"], key)
	return Value("signature", signature, "client_params", [][2]string{{"appId", p["appid"]},
		{"timeStamp", p["timestamp"]}, {"nonceStr", p["nonce_str"]}, {"package", order}, {"signType", r.SignType},
		{"paySign", signature}})
}

func wechatGenuine(r *Request, params gopay.BodyMap) (Answer, error) {
	if !Try(wechat.VerifySign(r.Key["secret"], r.SignType, params)) {
		return nil, No
	}
	return Answer{"outcome": "accept", "string_to_sign_b64": wechatToSign(params)}, nil
}

func wechatNotify(r *Request) (Answer, error) {
	return wechatGenuine(r, Try(wechat.ParseNotifyToBodyMap(r.HTTP())))
}

// wechatResponse asks for an order, and has the network give the reply.
func wechatResponse(r *Request) (Answer, error) {
	client := wechat.NewClient("wx2421b1c4370ec43b", "10000100", r.Key["secret"], true)
	client.SetHttpClient(xhttp.NewClient().SetTransport(r.Reply()))
	_, params, err := client.QueryOrder(context.Background(), gopay.BodyMap{"nonce_str": "1", "out_trade_no": "1"})
	Check(err)
	return wechatGenuine(r, params)
}

func wechatReply(r *Request) (Answer, error) {
	reply := &wechat.NotifyResponse{ReturnCode: gopay.FAIL, ReturnMsg: r.Message}
	if r.Accepted {
		reply.ReturnCode = gopay.SUCCESS
	}
	return Value("reply", Answer{"status": 200, "body": reply.ToXmlString()})
}

func wechatNotifyV3(r *Request) (Answer, error) {
	notification := Try(wechatv3.V3ParseNotify(r.HTTP()))
	keys := map[string]*rsa.PublicKey{}
	for _, key := range r.Keys {
		keys[key["id"]] = Try(xpem.DecodePublicKey([]byte(key["public_spki_pem"])))
	}
	Check(notification.VerifySignByPKMap(keys))
	Check(notification.DecryptCipherTextToStruct(r.Key["api_v3"], new(struct{})))
	return Accept()
}

// wechatResponseV3 asks for an order, or closes one where the reply is empty, and has the network give the reply.
func wechatResponseV3(r *Request) (Answer, error) {
	client := Try(wechatv3.NewClientV3("1900007291", "1", "0", r.Key["private_pkcs8_pem"]))
	for _, key := range r.Keys {
		Check(client.AutoVerifySignByPublicKey([]byte(key["public_spki_pem"]), key["id"]))
	}
	network := r.Reply()
	client.SetHttpClient(xhttp.NewClient().SetTransport(network))
	if len(r.BodyB64) == 0 {
		network.Status = 204
		Try(client.V3TransactionCloseOrder(context.Background(), "1"))
	} else {
		Try(client.V3TransactionQueryOrder(context.Background(), wechatv3.OutTradeNo, "1"))
	}
	return Accept()
}

func wechatEncrypt(r *Request) (Answer, error) {
	return Value("content", Try(wechatv3.V3EncryptText(string(r.PlaintextB64), []byte(r.Key["public_spki_pem"]))))
}

func wechatDecrypt(r *Request) (Answer, error) {
	if r.Nonce == nil {
		text := Try(wechatv3.V3DecryptText(r.Ciphertext, []byte(r.Key["private_pkcs8_pem"])))
		return Value("content_b64", []byte(text))
	}
	text := Try(wechatv3.V3DecryptNotifyCipherTextToBytes(r.Ciphertext, *r.Nonce, r.AssociatedData, r.Key["api_v3"]))
	return Value("content_b64", append([]byte{}, text...))
}

func wechatOffers() []Offer {
	const v2, v3 = "wechatpay.v2", "wechatpay.v3"
	digests, rsa2, utf8 := []string{"MD5", "HMAC-SHA256"}, []string{"RSA2"}, []string{"utf-8"}
	return []Offer{
		{Op: "string_to_sign", Protocol: v2, Charsets: utf8, Answer: wechatStringToSign},
		{Op: "sign", Protocol: v2, SignTypes: digests, Charsets: utf8, Answer: wechatSign},
		{Op: "build_xml", Protocol: v2, SignTypes: digests, Charsets: utf8, Answer: buildXML},
		{Op: "build_client_params", Protocol: v2, SignTypes: digests, Charsets: utf8, Answer: buildClientParams},
		{Op: "verify_notify", Protocol: v2, SignTypes: digests, Charsets: utf8, Duplicates: true, Answer: wechatNotify},
		{Op: "verify_response", Protocol: v2, SignTypes: digests, Charsets: utf8, Duplicates: true, Answer: wechatResponse},
		{Op: "build_reply", Protocol: v2, Charsets: utf8, Answer: wechatReply},
		{Op: "verify_notify", Protocol: v3, SignTypes: rsa2, Duplicates: true, Answer: wechatNotifyV3},
		{Op: "verify_response", Protocol: v3, SignTypes: rsa2, Duplicates: true, Answer: wechatResponseV3},
		{Op: "encrypt", Protocol: v3, Answer: wechatEncrypt},
		{Op: "decrypt", Protocol: v3, Answer: wechatDecrypt},
	}
}

// Package protocol is the adapter protocol, version 1, for adapters in Go.
//
// An adapter consists of one function for each operation that its library offers, and a table of them for Serve. A
// function gets the request and returns what Value or Accept make, or the library's error, by which it says no; a
// panic is reported as one. docs/adapter-protocol.md says what a request has and what its answer needs.
package protocol

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// Request is a question, with the fields of every operation. Bytes stand in base64 in fields named …_b64.
type Request struct {
	Op          string            `json:"op"`
	Protocol    string            `json:"protocol"`
	SignType    string            `json:"sign_type"`
	Key         map[string]string `json:"key"`
	Gateway     string            `json:"gateway"`
	Params      [][2]string       `json:"params"`
	Headers     [][2]string       `json:"headers"`
	Node        string            `json:"node"`
	BodyB64     []byte            `json:"body_b64"`
	QueryB64    []byte            `json:"query_b64"`
	ContentType string            `json:"content_type"`
	Ciphertext  string            `json:"ciphertext"`
	Certificate string            `json:"certificate"`
	Partner     string            `json:"partner"`
	NotifyID    string            `json:"notify_id"`
	AnswerB64   []byte            `json:"answer_b64"`
	// Keys are those of the other side, each with the "id" by which a message names it.
	Keys []map[string]string `json:"keys"`
	// Verb, Path and Now are of an HTTP message; Verb is its method.
	Verb           string    `json:"method"`
	Path           string    `json:"path"`
	Now            time.Time `json:"now"`
	Client         string    `json:"client"`
	PlaintextB64   []byte    `json:"plaintext_b64"`
	Nonce          *string   `json:"nonce"`
	AssociatedData string    `json:"associated_data"`
	Accepted       bool      `json:"accepted"`
	Message        string    `json:"message"`
}

// Offer is an operation that the library offers, the bounds of what it is asked, and the function that answers.
type Offer struct {
	Op         string   `json:"op"`
	Protocol   string   `json:"protocol"`
	SignTypes  []string `json:"sign_types,omitempty"`
	Charsets   []string `json:"charsets,omitempty"`
	Transports []string `json:"transports,omitempty"`
	Duplicates bool     `json:"duplicates"`

	Answer func(*Request) (Answer, error) `json:"-"`
}

// Answer is what is said to a request.
type Answer map[string]any

// Value says that the library gave a value; the fields come in pairs: "signature", signature.
func Value(fields ...any) (Answer, error) { return with(Answer{"outcome": "value"}, fields), nil }

// Accept says that the library says yes.
func Accept() (Answer, error) { return Answer{"outcome": "accept"}, nil }

// No is the error for a library that says no without one.
var No = errors.New("no more said")

// Unsupported is the error for a question that is beyond the library, though the offer covers it.
type Unsupported string

func (u Unsupported) Error() string { return string(u) }

func with(answer Answer, fields []any) Answer {
	for i := 0; i+1 < len(fields); i += 2 {
		answer[fields[i].(string)] = fields[i+1]
	}
	return answer
}

type refused struct{ error }

// Check ends the operation with no where the library gave an error.
func Check(err error) {
	if err != nil {
		panic(refused{err})
	}
}

// Try is the library's value; where it gave an error instead, the operation ends with no.
func Try[T any](value T, err error) T {
	Check(err)
	return value
}

// Must panics if what the adapter itself needs cannot be had.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Mapping is the parameters as a map, for a library that is asked with `"duplicates": false`.
func (r *Request) Mapping() map[string]string {
	mapping := make(map[string]string, len(r.Params))
	for _, pair := range r.Params {
		mapping[pair[0]] = pair[1]
	}
	return mapping
}

// Values is the parameters as the standard library's forms, in which a name may stand twice.
func (r *Request) Values() url.Values {
	values := make(url.Values, len(r.Params))
	for _, pair := range r.Params {
		values.Add(pair[0], pair[1])
	}
	return values
}

// HTTP is a notification or a return as a web server hands it over.
func (r *Request) HTTP() *http.Request {
	method := http.MethodGet
	if r.QueryB64 == nil {
		method = http.MethodPost
	}
	message, err := http.NewRequest(method, "https://merchant.example/", bytes.NewReader(r.BodyB64))
	Must(err)
	message.URL.RawQuery = string(r.QueryB64)
	message.Header.Set("Content-Type", r.ContentType)
	for _, pair := range r.Headers {
		message.Header.Add(pair[0], pair[1])
	}
	return message
}

// Method is the API method whose reply has the node: alipay.trade.query for alipay_trade_query_response, and where the
// case names no node.
func (r *Request) Method() string {
	if r.Node == "" {
		return "alipay.trade.query"
	}
	return strings.ReplaceAll(strings.TrimSuffix(r.Node, "_response"), "_", ".")
}

// CertificateSN is the serial number of the certificate that a reply names. The merchant of the case is one that has
// this certificate, with the key of the case.
func (r *Request) CertificateSN() string {
	var reply struct {
		SN string `json:"alipay_cert_sn"`
	}
	_ = json.Unmarshal(r.Reply().Body, &reply)
	return reply.SN
}

// Bare is a key as most Alipay libraries take it: the base64 of a PEM file, on one line.
func Bare(pem string) string {
	var lines []string
	for _, line := range strings.Split(pem, "\n") {
		if !strings.HasPrefix(line, "-----") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return strings.Join(lines, "")
}

var own, _ = rsa.GenerateKey(rand.Reader, 2048)

// AnyKey is a private key for a client that wants one before it does anything, also where it only checks.
var AnyKey = base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(own))

// Certificate is one around a public key, for a client that takes keys from certificates only.
func Certificate(spki string) []byte {
	block, _ := pem.Decode([]byte(spki))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	Must(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key, own)
	Must(err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// Network is outside of the test: whatever is fetched, the answer is given beforehand. No Status is 200.
type Network struct {
	Status  int
	Body    []byte
	Header  http.Header
	Fetched string
}

// Reply is a network that answers with the message of the request.
func (r *Request) Reply() *Network {
	network := &Network{Body: r.BodyB64, Header: http.Header{}}
	for _, pair := range r.Headers {
		network.Header.Add(pair[0], pair[1])
	}
	return network
}

// RoundTrip makes a network what http.Client wants.
func (n *Network) RoundTrip(request *http.Request) (*http.Response, error) {
	n.Fetched = request.URL.String()
	header := n.Header.Clone()
	return &http.Response{StatusCode: max(n.Status, 200), Header: header, Body: io.NopCloser(bytes.NewReader(n.Body))}, nil
}

// Serve answers requests until the end, for a module of Go's proxy that the adapter was built with.
func Serve(adapter, module string, offers []Offer) {
	// stdout is the protocol. What a library prints there goes to stderr from now on.
	answers := os.Stdout
	os.Stdout = os.Stderr
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var head struct {
			T    string `json:"t"`
			ID   int64  `json:"id"`
			Data []byte `json:"data_b64"`
		}
		Must(json.Unmarshal(line, &head))
		var answer Answer
		switch head.T {
		case "bye":
			return
		case "hello":
			subject := Answer{"name": module, "version": version(module), "language": "go", "source": "https://" + strings.TrimSuffix(module, "/v3")}
			answer = Answer{"t": "hello_ok", "protocol": 1, "adapter": Answer{"name": adapter, "version": "1"},
				"subject": subject, "supports": offers}
		case "echo":
			answer = Answer{"t": "echo_ok", "data_b64": head.Data}
		default:
			request := new(Request)
			Must(json.Unmarshal(line, request))
			answer = result(request, offers)
			answer["t"] = "result"
		}
		answer["id"] = head.ID
		text, err := json.Marshal(answer)
		Must(err)
		if _, err := answers.Write(append(text, '\n')); err != nil {
			return
		}
	}
}

func result(request *Request, offers []Offer) (answer Answer) {
	defer func() {
		switch caught := recover().(type) {
		case nil:
		case refused:
			answer = no(caught.error)
		default:
			error := Answer{"type": fmt.Sprintf("%T", caught), "message": fmt.Sprint(caught)}
			answer = Answer{"outcome": "threw", "error": error}
		}
	}()
	for _, offer := range offers {
		if offer.Op == request.Op && offer.Protocol == request.Protocol {
			answer, err := offer.Answer(request)
			if err != nil {
				return no(err)
			}
			return answer
		}
	}
	return no(Unsupported("not known here"))
}

func no(err error) Answer {
	if beyond := Unsupported(""); errors.As(err, &beyond) {
		return Answer{"outcome": "unsupported", "why": string(beyond)}
	}
	return Answer{"outcome": "reject", "detail": err.Error()}
}

func version(module string) string {
	if info, known := debug.ReadBuildInfo(); known {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return strings.TrimPrefix(dependency.Version, "v")
			}
		}
	}
	return "unknown"
}

package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

// Envelopes, manifests and receipts, from docs/spec/manifest.md and docs/spec/receipt.md.

type refused string

func (code refused) Error() string { return string(code) }

type key struct {
	owner, alg string
	public     []byte
}

func (k key) kid() string {
	sum := sha256.Sum256(append([]byte(k.alg+"\x00"), k.public...))
	return hex.EncodeToString(sum[:16])
}

type signature struct {
	kid string
	raw []byte
}

type manifest struct {
	members map[string]any
	digest  string
}

func (m manifest) text(name string) string  { return m.members[name].(string) }
func (m manifest) number(name string) int64 { return m.members[name].(int64) }
func (m manifest) tree() map[string]any     { return m.members["tree"].(map[string]any) }
func (m manifest) size() int                { return int(m.tree()["size"].(int64)) }
func (m manifest) root() string             { return m.tree()["root"].(string) }
func to(members map[string]any) map[string]any {
	return members["to"].([]any)[0].(map[string]any)
}

type rule func(any) bool

func pattern(expression string) rule {
	compiled := regexp.MustCompile(`\A(?:` + expression + `)\z`)
	return func(value any) bool { text, ok := value.(string); return ok && compiled.MatchString(text) }
}

func integer(low, high int64) rule {
	return func(value any) bool { number, ok := value.(int64); return ok && low <= number && number <= high }
}

func text(longest int) rule {
	return func(value any) bool {
		text, ok := value.(string)
		return ok && text != "" && utf8.RuneCountInString(text) <= longest
	}
}

func words(allowed ...string) rule {
	return func(value any) bool { text, ok := value.(string); return ok && slices.Contains(allowed, text) }
}

func orNull(inner rule) rule { return func(value any) bool { return value == nil || inner(value) } }

func fields(rules map[string]rule) rule {
	return func(value any) bool {
		object, ok := value.(map[string]any)
		if !ok || len(object) != len(rules) {
			return false
		}
		for name, inner := range rules {
			member, there := object[name]
			if !there || !inner(member) {
				return false
			}
		}
		return true
	}
}

func list(low, high int, item func(int, any) bool) rule {
	return func(value any) bool {
		items, ok := value.([]any)
		if !ok || len(items) < low || len(items) > high {
			return false
		}
		for place, inner := range items {
			if !item(place, inner) {
				return false
			}
		}
		return true
	}
}

func moment(value any) bool {
	text, ok := value.(string)
	if !ok || len(text) != 20 || text[0] == '0' {
		return false
	}
	_, err := time.Parse("2006-01-02T15:04:05Z", text)
	return err == nil
}

func when(value any) time.Time {
	parsed, _ := time.Parse("2006-01-02T15:04:05Z", value.(string))
	return parsed
}

const maxInteger = 1<<53 - 1

var (
	digest = pattern("[0-9a-f]{64}")
	kid    = pattern("[0-9a-f]{32}")
	agency = pattern("[0-9]{6}/[a-z][a-z0-9-]{1,39}")
	shared = map[string]rule{
		"v": integer(1, 1), "contract": digest, "schema": digest, "edition": pattern("[a-z0-9][a-z0-9.-]{0,127}"),
		"rev": integer(1, 9999), "seq": integer(1, maxInteger), "from": agency,
		"to":     list(1, 1, func(_ int, item any) bool { return fields(map[string]rule{"id": agency, "kid": kid})(item) }),
		"county": pattern("[0-9]{6}"), "feed": pattern("[a-z][a-z0-9-]{1,63}"),
		"period": pattern("(199[0-9]|2[01][0-9]{2})-(0[1-9]|1[0-2])"), "purpose": text(200),
		"codec": words("zstd"), "pad": words("padme16k"), "created": moment, "expires": moment,
	}
	chunkFields    = with(shared, map[string]rule{"i": integer(0, 16383), "n": integer(1, 16384)})
	manifestFields = with(shared, map[string]rule{
		"kind": words("snapshot", "increment", "event", "withdrawn"), "suite": integer(1, 65535),
		"tree": fields(map[string]rule{"alg": words("rfc9162-sha256"), "size": integer(0, 16384), "root": digest}),
		"leaf": words("sha256(chunk)"), "prev": orNull(digest), "trust": integer(0, maxInteger),
	})
	reasons       = words("E-REJECT-CONTENT", "E-REJECT-CONTRACT", "E-REJECT-KEY", "E-REJECT-PERSON", "E-REJECT-ROWS")
	receiptFields = map[string]rule{
		"v": integer(1, 1), "edition": shared["edition"], "rev": integer(1, 9999), "manifest": digest, "by": agency, "kid": kid,
		"stage": words("received", "loaded"), "result": words("accepted", "rejected"),
		"chunks": func(value any) bool { return digest(value) || list(0, 20, listed)(value) },
		"reasons": list(0, 20, func(_ int, item any) bool {
			pair, ok := item.([]any)
			return ok && len(pair) == 2 && orNull(integer(0, 16383))(pair[0]) && reasons(pair[1])
		}),
		"opened": integer(0, maxInteger), "records": integer(0, maxInteger), "refused": integer(0, maxInteger),
		"seen":  orNull(fields(map[string]rule{"origin": text(200), "size": integer(0, maxInteger), "root": digest})),
		"trust": integer(0, maxInteger), "software": text(60), "at": moment, "prev": orNull(digest),
	}
)

func listed(place int, item any) bool {
	pair, ok := item.([]any)
	return ok && len(pair) == 2 && integer(int64(place), int64(place))(pair[0]) && digest(pair[1])
}

func with(base, more map[string]rule) map[string]rule {
	all := map[string]rule{}
	for _, rules := range []map[string]rule{base, more} {
		for name, inner := range rules {
			all[name] = inner
		}
	}
	return all
}

func document(data []byte, longest int, rules map[string]rule, code refused) (map[string]any, error) {
	object, err := parseObject(data, longest)
	if err != nil || !fields(rules)(object) {
		return nil, code
	}
	return object, nil
}

func envelope(data []byte, kind string) ([]byte, []signature, error) {
	const form = refused("E-ENVELOPE-FORM")
	anyBytes := func(value any) bool { return unbase64(value) != nil }
	item := func(_ int, value any) bool { return fields(map[string]rule{"keyid": kid, "sig": anyBytes})(value) }
	rules := map[string]rule{"payload": anyBytes, "payloadType": text(200), "signatures": list(1, 64, item)}
	object, err := document(data, 1<<20, rules, form)
	if err != nil {
		return nil, nil, err
	}
	signatures := []signature{}
	for _, value := range object["signatures"].([]any) {
		member := value.(map[string]any)
		next := signature{member["keyid"].(string), unbase64(member["sig"])}
		if len(signatures) > 0 && signatures[len(signatures)-1].kid >= next.kid {
			return nil, nil, form
		}
		signatures = append(signatures, next)
	}
	if object["payloadType"] != kind {
		return nil, nil, refused("E-ENVELOPE-TYPE")
	}
	return unbase64(object["payload"]), signatures, nil
}

func unbase64(value any) []byte {
	text, ok := value.(string)
	if !ok || text == "" || strings.ContainsAny(text, "\r\n") {
		return nil
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil
	}
	return data
}

// checkSignatures verifies Ed25519. The standard library has no ML-DSA-65: that its signature is there is checked, not that it holds.
func checkSignatures(kind string, payload []byte, signatures []signature, trust []key, owner string, algorithms []string) error {
	known := map[string]key{}
	for _, candidate := range trust {
		if candidate.owner == owner {
			known[candidate.kid()] = candidate
		}
	}
	used := []string{}
	for _, signed := range signatures {
		candidate, there := known[signed.kid]
		if !there {
			return refused("E-SIGNER")
		}
		used = append(used, candidate.alg)
	}
	for _, algorithm := range algorithms {
		if !slices.Contains(used, algorithm) {
			return refused("E-SIGNATURE-MISSING")
		}
	}
	if len(used) != len(algorithms) {
		return refused("E-ENVELOPE-KEYS")
	}
	message := append([]byte(fmt.Sprintf("DSSEv1 %d %s %d ", len(kind), kind, len(payload))), payload...)
	for _, signed := range signatures {
		candidate := known[signed.kid]
		if candidate.alg == "ed25519" && !ed25519.Verify(candidate.public, message, signed.raw) {
			return refused("E-SIG")
		}
	}
	return nil
}

func checkShared(members map[string]any) error {
	county := members["county"].(string)
	if members["from"].(string)[:6] != county && to(members)["id"].(string)[:6] != county {
		return refused("E-HEADER-FIELD")
	}
	created, expires := when(members["created"]), when(members["expires"])
	if !created.Before(expires) || expires.Sub(created) > 400*24*time.Hour {
		return refused("E-HEADER-FIELD")
	}
	return nil
}

func readManifest(data []byte, trust []key, at, me string) (manifest, error) {
	const kind, form = "application/vnd.cx.manifest+json", refused("E-MANIFEST-FORM")
	payload, signatures, err := envelope(data, kind)
	if err != nil {
		return manifest{}, err
	}
	members, err := document(payload, 16384, manifestFields, form)
	if err != nil {
		return manifest{}, err
	}
	if err := checkShared(members); err != nil {
		return manifest{}, err
	}
	sum := sha256.Sum256(payload)
	found := manifest{members, hex.EncodeToString(sum[:])}
	withdrawn := found.text("kind") == "withdrawn"
	if withdrawn != (found.size() == 0) || withdrawn != (found.root() == hex.EncodeToString(rootOf(nil))) ||
		(withdrawn && found.number("rev") == 1) || (members["prev"] == nil) != (found.number("seq") == 1) {
		return manifest{}, form
	}
	err = checkSignatures(kind, payload, signatures, trust, found.text("from"), []string{"ed25519", "ml-dsa-65"})
	switch {
	case err != nil:
		return manifest{}, err
	case found.number("suite") != 1:
		return manifest{}, refused("E-SUITE")
	case when(members["created"]).After(when(at).Add(24 * time.Hour)):
		return manifest{}, refused("E-MANIFEST-FUTURE")
	case !when(at).Before(when(members["expires"])):
		return manifest{}, refused("E-MANIFEST-EXPIRED")
	case to(members)["id"] != me:
		return manifest{}, refused("E-RECIPIENT")
	}
	return found, nil
}

func checkReceipt(data []byte, over manifest, trust []key) error {
	const kind, form = "application/vnd.cx.receipt+json", refused("E-RECEIPT-FORM")
	payload, signatures, err := envelope(data, kind)
	if err != nil {
		return err
	}
	found, err := document(payload, 16384, receiptFields, form)
	if err != nil {
		return err
	}
	accepted, loaded := found["result"] == "accepted", found["stage"] == "loaded"
	because := found["reasons"].([]any)
	count := func(name string) int64 { return found[name].(int64) }
	if (loaded && !accepted) || (len(because) > 0) == accepted || !ascending(because) ||
		(count("opened") > 0 && !loaded && accepted) || (count("records") > 0 && !loaded) || (count("refused") > 0 && accepted) {
		return form
	}
	if found["manifest"] != over.digest || found["edition"] != over.members["edition"] || found["rev"] != over.members["rev"] {
		return refused("E-RECEIPT-OTHER")
	}
	if !reflect.DeepEqual(map[string]any{"id": found["by"], "kid": found["kid"]}, to(over.members)) {
		return refused("E-RECEIPT-BY")
	}
	if err := checkSignatures(kind, payload, signatures, trust, found["by"].(string), []string{"ed25519"}); err != nil {
		return err
	}
	size := int64(over.size())
	whole := found["chunks"] == over.root() && size > 20
	if chunks, isList := found["chunks"].([]any); isList {
		digests := [][]byte{}
		for _, item := range chunks {
			raw, _ := hex.DecodeString(item.([]any)[1].(string))
			digests = append(digests, raw)
		}
		whole = int64(len(digests)) == size && hex.EncodeToString(rootOf(digests)) == over.root()
	}
	for _, item := range because {
		if index, isIndex := item.([]any)[0].(int64); isIndex && index >= size {
			whole = false
		}
	}
	if !whole || (loaded && count("opened") != size) || count("opened") > size {
		return refused("E-RECEIPT-CHUNKS")
	}
	return nil
}

// ascending says whether reasons are sorted and none stands twice; one about the edition comes first.
func ascending(because []any) bool {
	keys := []string{}
	for _, item := range because {
		index, isIndex := item.([]any)[0].(int64)
		if !isIndex {
			index = -1
		}
		keys = append(keys, fmt.Sprintf("%06d %s", index+1, item.([]any)[1]))
	}
	return sort.StringsAreSorted(keys) && len(slices.Compact(slices.Clone(keys))) == len(keys)
}

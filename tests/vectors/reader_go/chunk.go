package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/hpke"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

// Chunks and packages, from docs/spec/chunk.md.

const (
	wrapLength = 1168
	segment    = 16384
	tag        = 16
	maxChunk   = 900000
	maxBucket  = 884736
)

func openChunk(data []byte, over manifest, index int, path [][]byte, seed []byte) ([]byte, error) {
	end, err := checkPrefix(data, over, index)
	if err != nil {
		return nil, err
	}
	if hex.EncodeToString(climb(data, index, over.size(), path)) != over.root() {
		return nil, refused("E-CHUNK-DIGEST")
	}
	prefix, wrap, body := data[:end], data[end:end+wrapLength], data[end+wrapLength:]
	name, _ := hex.DecodeString(to(over.members)["kid"].(string))
	private, err := hpke.MLKEM768X25519().NewPrivateKey(seed)
	if err != nil {
		return nil, err
	}
	info := bytes.Join([][]byte{[]byte("cx/wrap/v1\x00"), name, prefix}, nil)
	cek, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.AES256GCM(), info, wrap)
	if err != nil || len(cek) != 32 {
		return nil, refused("E-CHUNK-KEY")
	}
	context := bytes.Join([][]byte{[]byte("cx/body/v1\x00"), prefix, wrap}, nil)
	padded, err := decrypt(cek, context, body)
	if err != nil {
		return nil, refused("E-CHUNK-BODY")
	}
	length := uint64(binary.BigEndian.Uint32(padded))
	if length > uint64(len(padded)-4) || bucket(4+length) != uint64(len(padded)) || len(bytes.Trim(padded[4+length:], "\x00")) > 0 {
		return nil, refused("E-CHUNK-PADDING")
	}
	return padded[4 : 4+length], nil
}

func checkPrefix(data []byte, over manifest, index int) (int, error) {
	const form = refused("E-CHUNK-FORM")
	if len(data) < 12 || len(data) > maxChunk {
		return 0, refused("E-CHUNK-SIZE")
	}
	if string(data[:4]) != "CXC1" {
		return 0, form
	}
	if binary.BigEndian.Uint16(data[4:]) != 1 {
		return 0, refused("E-SUITE")
	}
	length := int(binary.BigEndian.Uint32(data[8:]))
	if binary.BigEndian.Uint16(data[6:]) != 1 || length < 2 || length > 4096 {
		return 0, form
	}
	if !isBodyLength(len(data) - 12 - length - wrapLength) {
		return 0, refused("E-CHUNK-LENGTH")
	}
	header, err := document(data[12:12+length], 4096, chunkFields, form)
	if err != nil {
		return 0, err
	}
	if header["i"].(int64) >= header["n"].(int64) {
		return 0, form
	}
	if err := checkShared(header); err != nil {
		return 0, err
	}
	return 12 + length, comparePlace(header, over, index)
}

func comparePlace(header map[string]any, over manifest, index int) error {
	for _, name := range []string{"from", "feed", "edition", "rev", "seq"} {
		if header[name] != over.members[name] {
			return refused("E-CHUNK-FOREIGN")
		}
	}
	if to(header)["id"] != to(over.members)["id"] {
		return refused("E-CHUNK-FOREIGN")
	}
	for name := range shared {
		if name != "to" && header[name] != over.members[name] {
			return refused("E-CHUNK-HEADER")
		}
	}
	if to(header)["kid"] != to(over.members)["kid"] || header["n"].(int64) != int64(over.size()) {
		return refused("E-CHUNK-HEADER")
	}
	if header["i"].(int64) != int64(index) {
		return refused("E-CHUNK-ORDER")
	}
	return nil
}

func readPackage(chunks [][]byte, over manifest, seed []byte) ([][]byte, error) {
	if len(chunks) > over.size() {
		return nil, refused("E-PACKAGE-COUNT")
	}
	digests := [][]byte{}
	for index := range over.size() {
		if index >= len(chunks) || len(chunks[index]) == 0 {
			return nil, refused("E-CHUNK-MISSING")
		}
		if _, err := checkPrefix(chunks[index], over, index); err != nil {
			return nil, err
		}
		sum := sha256.Sum256(chunks[index])
		digests = append(digests, sum[:])
	}
	if hex.EncodeToString(rootOf(digests)) != over.root() {
		if over.size() == 1 {
			return nil, refused("E-CHUNK-DIGEST")
		}
		return nil, refused("E-PACKAGE-ROOT")
	}
	payloads := [][]byte{}
	for index, data := range chunks {
		payload, err := openChunk(data, over, index, pathOf(leaves(digests), index), seed)
		if err != nil {
			return nil, err
		}
		payloads = append(payloads, payload)
	}
	return payloads, nil
}

// decrypt is C2SP chunked-encryption with SHA-512 and AEAD_AES_256_GCM: all segments, or nothing.
func decrypt(cek, context, body []byte) ([]byte, error) {
	info := bytes.Join([][]byte{[]byte("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"), body[:24], context}, nil)
	derived, err := hkdf.Expand(sha512.New, cek, string(info), 76)
	if err != nil || !hmac.Equal(derived[44:], body[24:56]) {
		return nil, refused("E-CHUNK-BODY")
	}
	block, err := aes.NewCipher(derived[:32])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	out, sealed := []byte{}, body[56:]
	for counter := uint64(0); ; counter++ {
		end := min(len(sealed), segment+tag)
		nonce := bytes.Clone(derived[32:44])
		binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^counter)
		if out, err = aead.Open(out, nonce, sealed[:end], nil); err != nil {
			return nil, err
		}
		if end < segment+tag {
			return out, nil
		}
		sealed = sealed[end:]
	}
}

func bucket(length uint64) uint64 {
	exponent := bits.Len64(length) - 1
	mask := uint64(1)<<(exponent-bits.Len(uint(exponent))) - 1
	return max(16384, (length+mask)&^mask)
}

func isBodyLength(length int) bool {
	for size := uint64(16384); size <= maxBucket; size = bucket(size + 1) {
		if int(size)+56+tag*(int(size)/segment+1) == length {
			return true
		}
	}
	return false
}

// The tree of RFC 9162 §2.1 over SHA-256 of each chunk.

func leaf(digest []byte) []byte {
	sum := sha256.Sum256(append([]byte{0}, digest...))
	return sum[:]
}

func node(left, right []byte) []byte {
	sum := sha256.Sum256(bytes.Join([][]byte{{1}, left, right}, nil))
	return sum[:]
}

func leaves(digests [][]byte) [][]byte {
	hashes := [][]byte{}
	for _, digest := range digests {
		hashes = append(hashes, leaf(digest))
	}
	return hashes
}

func half(size int) int { return 1 << (bits.Len(uint(size-1)) - 1) }

func subtree(hashes [][]byte) []byte {
	switch len(hashes) {
	case 0:
		sum := sha256.Sum256(nil)
		return sum[:]
	case 1:
		return hashes[0]
	}
	split := half(len(hashes))
	return node(subtree(hashes[:split]), subtree(hashes[split:]))
}

func rootOf(digests [][]byte) []byte { return subtree(leaves(digests)) }

func pathOf(hashes [][]byte, index int) [][]byte {
	if len(hashes) == 1 {
		return nil
	}
	split := half(len(hashes))
	if index < split {
		return append(pathOf(hashes[:split], index), subtree(hashes[split:]))
	}
	return append(pathOf(hashes[split:], index-split), subtree(hashes[:split]))
}

// climb gives the root that a chunk and its path lead to; nothing where the path has another length.
func climb(data []byte, index, size int, path [][]byte) []byte {
	lefts := []bool{}
	for size > 1 {
		split := half(size)
		lefts = append(lefts, index < split)
		if index < split {
			size = split
		} else {
			index, size = index-split, size-split
		}
	}
	if len(path) != len(lefts) {
		return nil
	}
	sum := sha256.Sum256(data)
	found := leaf(sum[:])
	for step, sibling := range path {
		if lefts[len(lefts)-1-step] {
			found = node(found, sibling)
		} else {
			found = node(sibling, found)
		}
	}
	return found
}
